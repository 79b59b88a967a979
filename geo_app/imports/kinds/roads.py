"""Roads: lines between crossings with class, direction and layer."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import shapely

from geo_app.imports.carried import is_exported
from geo_app.imports.kinds.base import Arrival, Kind, Made, begin, require_length, require_shapes
from geo_app.imports.kinds.directions import directions_of
from geo_app.imports.positions import DIGITS
from geo_app.imports.problems import N_, Problems, Said
from geo_app.imports.systems import parse_system
from geo_app.imports.values import quoted, text
from layers.roads.defects import defects
from layers.roads.noding import Noded, node

SHAPES = ("LineString", "MultiLineString", "LinearRing")
CLASSES = {
    "高速公路": "motorway", "高速": "motorway", "快速路": "trunk", "城市快速路": "trunk", "国道": "trunk",
    "主干路": "primary", "主干道": "primary", "省道": "primary", "次干路": "secondary", "次干道": "secondary",
    "县道": "secondary", "支路": "tertiary", "乡道": "tertiary", "村道": "unclassified", "街巷": "residential",
    "小区路": "living_street", "巷": "residential", "步行街": "pedestrian", "人行道": "footway",
}  # fmt: skip
# Lines in road files that nobody patrols.
NO_STREETS = frozenset(
    [
        "rail",
        "subway",
        "tram",
        "monorail",
        "light_rail",
        "ferry",
        "runway",
        "taxiway",
        "construction",
        "proposed",
        "platform",
    ]
)
KNOWN = frozenset(
    [
        "motorway",
        "motorway_link",
        "trunk",
        "trunk_link",
        "primary",
        "primary_link",
        "secondary",
        "secondary_link",
        "tertiary",
        "tertiary_link",
        "unclassified",
        "residential",
        "living_street",
        "service",
        "pedestrian",
        "track",
        "footway",
        "path",
        "cycleway",
        "steps",
        "bridleway",
    ]
)


def make(arrival: Arrival) -> Made:
    """Rows of ``street``, several of one row of the file where its line has several parts."""
    require_shapes(arrival, SHAPES, needed=True)
    require_length(arrival)
    _refuse_what_is_no_street(arrival)
    direction = directions_of(arrival)  # the column tells as a whole
    direction = direction[~arrival.problems.bad].reset_index(drop=True)
    arrival = arrival.without_bad()
    table = begin(arrival)
    table["file_row"] = np.arange(len(table))
    columns = arrival.columns
    table["name"] = text(arrival.column("name")) if "name" in columns else ""
    table["road_class"] = _classes(arrival, table.index)
    table["layer"] = _layers(arrival, table.index)
    table["one_way"] = direction.isin({"yes", "reverse"})
    table["geom"] = np.where(direction == "reverse", shapely.reverse(table["geom"].to_numpy()), table["geom"])
    table["source_key"] = text(arrival.column("key")) if "key" in columns else ""
    table = _split_parts(table)
    notes: list[Said] = []
    if not _is_a_network(arrival):
        table = _noded(table, arrival.county.metric_srid, notes)
    _settle_keys(table)
    _report_network(table, arrival.county.metric_srid, notes)
    return Made(table, Problems(arrival.problems.file, arrival.rows), notes)


def _is_a_network(arrival: Arrival) -> bool:
    """Whether the file itself says where its streets meet: what crosses there without a node is a flyover."""
    if arrival.rows.unit == "way":
        return True
    if "from_node" not in arrival.columns or "to_node" not in arrival.columns:
        return False
    # Who drew another street into a file of ours did not say where it meets the others.
    drawn = (text(arrival.column("from_node")) == "") | (text(arrival.column("to_node")) == "")
    return not (is_exported(map(str, arrival.rows.table.columns)) and drawn.any())


def _noded(table: pd.DataFrame, metric_srid: int, notes: list[Said]) -> pd.DataFrame:
    """Streets cut where they cross on one level, ends that just miss another street joined to it."""
    metric = parse_system(f"EPSG:{metric_srid}")
    lines = shapely.transform(table["geom"].to_numpy(), metric.from_wgs84)
    noded = node(lines, table["layer"].to_numpy())
    parts = table.iloc[noded.parent].reset_index(drop=True)
    # A street that needed no cut keeps the line of its file to the bit: so a re-import knows it again.
    changed = np.array([part is not lines[line] for part, line in zip(noded.geometry, noded.parent, strict=True)], bool)
    degrees = shapely.transform(noded.geometry[changed], lambda xy: metric.to_wgs84(xy).round(DIGITS))
    shapes = table["geom"].to_numpy()[noded.parent]
    shapes[changed] = degrees
    parts["geom"] = shapes
    several = np.bincount(noded.parent)[noded.parent] > 1
    keys = parts["source_key"].to_numpy(dtype=object)
    parts["source_key"] = [
        f"{key}/{ordinal}" if key and cut else key
        for key, ordinal, cut in zip(keys, noded.ordinal, several, strict=True)
    ]
    if len(parts) > len(table):
        told = N_("%(lines)s lines were cut at crossings: %(streets)s streets.")
        notes.append(Said(told, {"lines": str(len(np.unique(noded.parent[several]))), "streets": str(len(parts))}))
    if noded.joined:
        told = N_("%(count)s ends that missed another street by less than half a metre were joined to it.")
        notes.append(Said(told, {"count": str(noded.joined)}))
    return parts[shapely.length(shapes) > 0].reset_index(drop=True)


def _refuse_what_is_no_street(arrival: Arrival) -> None:
    """Notes railways and the like."""
    problems = arrival.problems
    if "road_class" in arrival.columns:
        words = text(arrival.column("road_class"))
        problems.add(
            words.isin(NO_STREETS).to_numpy(),
            "no_street",
            N_("a line of class %(value)s is no street"),
            N_("Leave it here, or change its class if somebody can walk or drive there."),
            value=quoted(words),
        )


def _classes(arrival: Arrival, index: pd.Index) -> pd.Series:
    if "road_class" not in arrival.columns:
        return pd.Series("unclassified", index=index)
    words = text(arrival.column("road_class"))
    mapped = words.map(CLASSES)
    return mapped.where(mapped.notna(), words.where(words.isin(KNOWN), "unclassified"))


def _layers(arrival: Arrival, index: pd.Index) -> pd.Series:
    """The level: 0 on the ground. A bridge without one is 1, a tunnel −1, so that they cross nothing."""
    columns = arrival.columns
    layer = pd.Series(np.nan, index=index)
    if "layer" in columns:
        layer = pd.to_numeric(text(arrival.column("layer")), errors="coerce").clip(-9, 9)
    for name, level in (("bridge", 1), ("tunnel", -1)):
        if name in columns:
            words = text(arrival.column(name)).str.casefold()
            layer = layer.where(layer.notna() | words.isin({"", "no", "0", "false", "否"}), level)
    return layer.fillna(0).round().astype(int)


def _split_parts(table: pd.DataFrame) -> pd.DataFrame:
    """Lines of several parts become as many streets; their keys get the part's number. Parts without length go."""
    shapes = table["geom"].to_numpy()
    counts = shapely.get_num_geometries(shapes)
    parts, parents = shapely.get_parts(shapes, return_index=True)
    split = table.iloc[parents].copy()
    ordinals = pd.Series(parents).groupby(parents).cumcount().to_numpy() + 1
    several = counts[parents] > 1
    keys = split["source_key"].to_numpy(dtype=object)
    split["source_key"] = [f"{k}/{o}" if s and k else k for k, o, s in zip(keys, ordinals, several, strict=True)]
    split["geom"] = parts
    return split[shapely.length(parts) > 0].reset_index(drop=True)


def _settle_keys(table: pd.DataFrame) -> None:
    """Each street a key of its own: the source's; where that is doubled or absent, with a hash of the line."""
    keys = table["source_key"].astype(object)
    doubled = (keys.duplicated(keep=False) | (keys == "")).to_numpy()
    shapes = table["geom"].to_numpy()
    hashes = {row: hashlib.sha256(shapes[row].wkb).hexdigest()[:16] for row in np.flatnonzero(doubled).tolist()}
    settled = pd.Series(
        [f"{key}#{hashes[row]}" if row in hashes else key for row, key in enumerate(keys)], dtype=object
    )
    again = settled.groupby(settled).cumcount()
    table["source_key"] = settled.where(again == 0, settled + ":" + (again + 1).astype(str))


def _report_network(table: pd.DataFrame, metric_srid: int, notes: list[Said]) -> None:
    """Says what is amiss with the network; none of it keeps a street out."""
    shapes = table["geom"].to_numpy()
    if not len(shapes):
        return
    lines = shapely.transform(shapes, parse_system(f"EPSG:{metric_srid}").from_wgs84)
    amiss = defects(_as_drawn(lines, table["layer"].to_numpy()))
    if amiss.components > 1:
        told = N_(
            "The network is in %(pieces)s unconnected pieces; %(apart)s of %(all)s streets do not hang together with the"
            " largest one."
        )
        counts = {"pieces": amiss.components, "apart": len(amiss.unconnected), "all": len(shapes)}
        notes.append(Said(told, {name: str(count) for name, count in counts.items()}))
    for found, told in (
        (np.flatnonzero(shapely.is_closed(shapes)), N_("%(count)s streets are loops that end where they begin.")),
        (amiss.duplicates[:, 1], N_("%(count)s streets are drawn twice%(some)s.")),
        (amiss.stubs, N_("%(count)s streets are stubs shorter than 5 m%(some)s.")),
    ):
        if len(found):
            keys = ", ".join(key for key in table["source_key"].iloc[found[:5]] if key and not key.startswith("#"))
            some = {"some": f" ({keys})" if keys else ""} if "%(some)s" in told else {}
            notes.append(Said(told, {"count": str(len(found))} | some))


def _as_drawn(lines: np.ndarray, layer: np.ndarray) -> Noded:
    """Lines as a network that is not cut anywhere: they meet where their ends are the same to the millimetre."""
    ends = np.vstack([shapely.get_coordinates(shapely.get_point(lines, place)) for place in (0, -1)]).round(3)
    nodes, of_end = np.unique(ends, axis=0, return_inverse=True)
    start, end = np.split(of_end.reshape(-1), 2)
    every = np.arange(len(lines))
    return Noded(every, np.ones(len(lines), dtype=int), lines, layer, start, end, nodes, 0)


ROADS = Kind("roads", "street", SHAPES, make, stable=True, whole=True)
