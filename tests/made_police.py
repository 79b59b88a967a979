"""The made county of grids with areas of the police: two stations of two zones each, which cut across grids."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import shapely

from geo_app.services.imports import import_file
from tests.made_grids import COUNTY, SIZE, SOUTH, WEST, Governed, made_grids

EAST_STATION, WEST_STATION = "340523002000", "340523001000"
ZONES = ("340523001001", "340523001002", "340523002001", "340523002002")


def land() -> shapely.Geometry:
    return shapely.union_all(made_grids().geometry.to_numpy())


def strip(first: float, last: float) -> shapely.Geometry:
    """The county between two columns of grids, cut straight across them."""
    west, east = (WEST + column * SIZE for column in (first, last))
    return shapely.intersection(land(), shapely.box(west, SOUTH - 1, east, SOUTH + 1))


@pytest.fixture
def policed(governed: Governed, tmp_path: Path) -> Iterator[Governed]:
    """The made county with two stations of two zones each."""
    yield _policed(governed, tmp_path, zoned=True)


@pytest.fixture
def stationed(governed: Governed, tmp_path: Path) -> Iterator[Governed]:
    """The made county with two stations that have no zones."""
    yield _policed(governed, tmp_path, zoned=False)


def _policed(governed: Governed, tmp_path: Path, zoned: bool) -> Governed:
    edges = [-1, 1.6, 3.3, 5.4, 9]
    shapes = [strip(*pair) for pair in pairwise(edges)]
    rows = [
        (WEST_STATION, "城西派出所", "station", COUNTY, shapely.union_all(shapes[:2])),
        (EAST_STATION, "城东派出所", "station", COUNTY, shapely.union_all(shapes[2:])),
        *((code, f"第{code[-2:]}警务区", "zone", code[:9] + "000", shape) for code, shape in zip(ZONES, shapes, strict=True)),
    ]  # fmt: skip
    rows = rows if zoned else rows[:2]
    features = [
        {
            "type": "Feature",
            "properties": {"tree": "police", "level": level, "code": code, "name": name, "parent": parent},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for code, name, level, parent, shape in rows
    ]
    path = tmp_path / "police.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    report = import_file(governed.database, governed.county_scope(), COUNTY, "areas", path, crs="EPSG:4326")
    assert report.stored == len(rows), report
    return governed
