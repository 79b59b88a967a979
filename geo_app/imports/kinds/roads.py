"""Roads: lines between crossings with class, direction and layer."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import shapely

from geo_app.imports.kinds.base import Arrival, Kind, Made, begin, require_shapes
from geo_app.imports.network import connected_pieces
from geo_app.imports.values import text

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
    """Rows of ``street``: multi-part lines split, lines without length dropped and counted."""
    require_shapes(arrival, SHAPES, needed=True)
    arrival.problems.raise_if_any()
    table = begin(arrival)
    columns = arrival.columns
    table["name"] = text(arrival.column("name")) if "name" in columns else ""
    table["road_class"] = _classes(arrival, table.index)
    table["layer"] = _layers(arrival, table.index)
    one_way, backward = _directions(arrival, table)
    table["one_way"] = one_way
    table["geom"] = np.where(backward, shapely.reverse(table["geom"].to_numpy()), table["geom"])
    key = text(arrival.column("key")) if "key" in columns else pd.Series("", index=table.index)
    table["source_key"] = key
    made = Made(table, arrival.problems)
    _drop_other_lines(made, arrival)
    _split_parts(made)
    _drop_points(made)
    _settle_keys(made.table)
    _report_network(made)
    return made


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


def _directions(arrival: Arrival, table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Masks: one-way; and drawn against its direction."""
    if "one_way" not in arrival.columns:
        return np.zeros(len(table), dtype=bool), np.zeros(len(table), dtype=bool)
    words = text(arrival.column("one_way")).str.casefold()
    backward = words.isin({"-1", "reverse", "tf", "t"}).to_numpy()
    forward = words.isin({"yes", "true", "1", "是", "单行", "ft", "f"}).to_numpy()
    return forward | backward, backward


def _drop_other_lines(made: Made, arrival: Arrival) -> None:
    if "road_class" in arrival.columns:
        other = text(arrival.column("road_class")).isin(NO_STREETS).to_numpy()
        if other.any():
            made.warnings.append(f"{int(other.sum())} lines are railways and the like, no streets: left out.")
            made.dropped += int(other.sum())
            made.table = made.table.loc[~other].reset_index(drop=True)


def _split_parts(made: Made) -> None:
    """Lines of several parts become as many streets; their keys get the part's number."""
    shapes = made.table["geom"].to_numpy()
    counts = shapely.get_num_geometries(shapes)
    if (counts == 1).all():
        made.table["geom"] = shapely.get_geometry(shapes, 0)
        return
    several = int((counts > 1).sum())
    parts, parents = shapely.get_parts(shapes, return_index=True)
    table = made.table.iloc[parents].copy()
    ordinals = pd.Series(parents).groupby(parents).cumcount().to_numpy() + 1
    split = counts[parents] > 1
    key = table["source_key"].to_numpy(dtype=object)
    table["source_key"] = [f"{k}/{o}" if s and k else k for k, o, s in zip(key, ordinals, split, strict=True)]
    table["geom"] = parts
    made.table = table.reset_index(drop=True)
    made.warnings.append(f"{several} lines of several parts were split into {int(split.sum())} streets.")


def _drop_points(made: Made) -> None:
    none = shapely.length(made.table["geom"].to_numpy()) == 0
    if none.any():
        names = made.table.loc[none, "source_key"].head(5).tolist()
        said = f" ({', '.join(filter(None, names))})" if any(names) else ""
        made.warnings.append(f"{int(none.sum())} streets of no length were left out{said}.")
        made.dropped += int(none.sum())
        made.table = made.table.loc[~none].reset_index(drop=True)


def _settle_keys(table: pd.DataFrame) -> None:
    """Each street a key of its own: the source's; where that is doubled or absent, with a hash of the line."""
    keys = table["source_key"].astype(object)
    doubled = keys.duplicated(keep=False).to_numpy()
    shapes = table["geom"].to_numpy()
    hashes = {row: hashlib.sha256(shapes[row].wkb).hexdigest()[:16] for row in np.flatnonzero(doubled).tolist()}
    settled = pd.Series(
        [f"{key}#{hashes[row]}" if row in hashes else key for row, key in enumerate(keys)], dtype=object
    )
    again = settled.groupby(settled).cumcount()
    table["source_key"] = settled.where(again == 0, settled + ":" + (again + 1).astype(str))


def _report_network(made: Made) -> None:
    shapes = made.table["geom"].to_numpy()
    connected = connected_pieces(shapes)
    loops = int(shapely.is_closed(shapes).sum())
    if connected.pieces > 1:
        made.warnings.append(
            f"The network is in {connected.pieces} unconnected pieces; {len(shapes) - connected.largest} of {len(shapes)}"
            " streets do not hang together with the largest one."
        )
    if loops:
        made.warnings.append(f"{loops} streets are loops that end where they begin.")


ROADS = Kind("roads", "street", SHAPES, make, stable=True)
