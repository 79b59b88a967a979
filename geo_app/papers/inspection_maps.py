"""The maps of an inspection pack: the whole county, and each community with its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries

from geo_app.papers.grid_maps import of_grids
from geo_app.papers.inspection import Inspection
from geo_app.papers.sheet import Part, Sheet, draw
from geo_app.papers.strokes import Style

COUNTY_MM = (178.0, 205.0)
COMMUNITY_MM = (178.0, 128.0)
AROUND = 0.08  # of a community's size is shown beside it

OWN = Style(stroke="#1a4fa8", width=0.4, fill="#d6e4f8")
OUTLINE = Style(stroke="#18222f", width=0.8)
TOWNS = Style(stroke="#18222f", width=0.6)
COMMUNITIES = Style(stroke="#475569", width=0.3)
THIN = Style(stroke="#94a3b8", width=0.12, fill="#f6f8fa")
FAULT = Style(stroke="#b3261e", width=0.6, fill="#f6c9c5")
Numbers = Callable[[int, int], None]


def county_sheet(inspection: Inspection, srid: int, north: str) -> Sheet:
    """All grids with the outlines of communities and the names of towns."""
    grids = inspection.grids.to_crs(srid)
    by_town = _unions(grids, "town_name")
    parts = [
        Part(grids.geometry, THIN),
        Part(_unions(grids, "community").geometry, COMMUNITIES),
        Part(by_town.geometry, TOWNS, [str(name) or None for name in by_town.index]),
        *_faults(inspection, srid),
    ]
    return draw(parts, shapely.box(*grids.total_bounds), *COUNTY_MM, north=north)


def community_sheets(
    inspection: Inspection, streets: GeoSeries, srid: int, north: str, progress: Numbers
) -> Iterator[tuple[str, Sheet]]:
    """A map of each community that has grids, by its code. streets: lines in EPSG:4326."""
    grids, roads = inspection.grids.to_crs(srid), streets.to_crs(srid)
    near_grids, near_roads = shapely.STRtree(grids.geometry.to_numpy()), shapely.STRtree(roads.to_numpy())
    faults = _faults(inspection, srid)
    codes = [proof.code for proof in inspection.proofs if proof.grids]
    for done, code in enumerate(codes):
        progress(done, len(codes))
        own = grids[grids["community"] == code]
        extent = _with_rim(own)
        frame = extent.buffer(max(np.ptp(extent.bounds[::2]), np.ptp(extent.bounds[1::2])), join_style="mitre")
        shown = grids.iloc[np.sort(near_grids.query(frame))]
        lines = roads.iloc[np.sort(near_roads.query(frame))]
        styles = dict.fromkeys(own["code"], OWN)
        union = GeoSeries([shapely.union_all(own.geometry.to_numpy())], crs=srid)
        parts = [
            *of_grids(shown, styles, lines, {name: name[-3:] for name in own["code"]}),
            Part(union, OUTLINE),
            *faults,
        ]
        yield code, draw(parts, extent, *COMMUNITY_MM, north=north)


def _with_rim(own: GeoDataFrame) -> shapely.Geometry:
    west, south, east, top = own.total_bounds
    return shapely.box(west, south, east, top).buffer(AROUND * max(east - west, top - south), join_style="mitre")


def _unions(grids: GeoDataFrame, column: str) -> GeoSeries:
    """The grids of each value of a column as one shape, by value."""
    names = grids[column].fillna("")
    found = {name: shapely.union_all(grids.geometry[names == name].to_numpy()) for name in sorted(set(names))}
    return GeoSeries(found, crs=grids.crs)


def _faults(inspection: Inspection, srid: int) -> list[Part]:
    shapes = [fault.where for fault in inspection.placed_faults]
    return [Part(GeoSeries(shapes, crs=4326).to_crs(srid), FAULT)] if shapes else []
