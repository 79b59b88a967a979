"""Outlines of buildings, for lines that are drawn along them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely

from geo_app.services.imports import import_file
from tests.made_grids import COUNTY, Governed

WEST, SOUTH = 118.301, 31.701


@pytest.fixture
def built(governed: Governed, tmp_path: Path) -> Governed:
    """Two buildings 500 m apart."""
    shapes = [shapely.box(x, SOUTH, x + 0.0003, SOUTH + 0.0002) for x in (WEST, WEST + 0.005)]
    features = [
        {"type": "Feature", "properties": {"name": f"{n}号楼"}, "geometry": json.loads(shapely.to_geojson(shape))}
        for n, shape in enumerate(shapes, 1)
    ]
    path = tmp_path / "buildings.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    report = import_file(governed.database, governed.scope(COUNTY), COUNTY, "buildings", path, crs="EPSG:4326")
    assert report.stored == 2, report
    return governed


def test_buildings_that_meet_the_box_are_answered_as_outlines_without_names(built: Governed) -> None:
    hand = built.browser()
    box = ",".join(f"{edge:.5f}" for edge in (WEST - 0.001, SOUTH - 0.001, WEST + 0.0001, SOUTH + 0.001))
    answer = hand.client.get(f"/api/buildings?county={COUNTY}&box={box}")
    assert answer.status_code == 200 and answer.headers["ETag"], answer.get_data(as_text=True)
    [found] = answer.get_json()["features"]
    assert found["properties"] == {} and not answer.get_json()["partial"]
    assert shapely.geometry.shape(found["geometry"]).equals(shapely.box(WEST, SOUTH, WEST + 0.0003, SOUTH + 0.0002))


@pytest.mark.parametrize("box", ["", "&box=1,2,3", "&box=118.4,31,118.3,32"])
def test_a_box_that_is_none_is_bad_input(governed: Governed, box: str) -> None:
    assert governed.browser().client.get(f"/api/buildings?county={COUNTY}{box}").status_code == 400
