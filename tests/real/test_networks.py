"""Whole street networks on the page: Xi'an with 18,999 pieces, Helsinki with its cameras."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from layers.large import MOST
from tests.real_counties import HELSINKI, XIAN, Real, RealCounty, closer_in

LARGEST = 2_000_000  # bytes of an answer, before it is compressed
SOUTH_GATE = (108.93, 34.22, 108.96, 34.25)


@pytest.fixture(scope="module")
def xian(real: Callable[[RealCounty], Real]) -> Real:
    return real(XIAN)


def layer(county: Real, name: str, **parameters: Any) -> tuple[dict[str, Any], int, int]:
    """A drawing, and how many bytes it was plain and compressed."""
    answer = county.client.get(
        f"/api/layers/{name}",
        query_string={"county": county.county.code, **parameters},
        headers={"Accept-Encoding": "gzip"},
    )
    assert answer.status_code == 200
    plain = gzip.decompress(answer.data) if answer.headers.get("Content-Encoding") == "gzip" else answer.data
    return json.loads(plain), len(plain), len(answer.data)


@pytest.mark.long
@pytest.mark.parametrize("name", ["streets", "patrol_coverage", "unseen_streets", "patrol_gaps"])
def test_every_street_layer_of_a_city_is_small_and_counts_every_piece(xian: Real, name: str) -> None:
    drawing, plain, packed = layer(xian, name)
    assert plain < LARGEST and packed < LARGEST / 5
    if name != "patrol_gaps":
        assert drawing["legend"]["n"] == 18_999 and drawing["facts"]["partial"] is True


@pytest.mark.long
def test_what_is_drawn_of_a_city_lies_where_its_streets_lie(xian: Real, file_of: Callable[..., Any]) -> None:
    drawing, _, _ = layer(xian, "streets")
    drawn = shapely.union_all(
        [shapely.from_geojson(json.dumps(f["geometry"])) for f in drawing["features"]["features"]]
    )
    streets = gpd.read_file(file_of(XIAN.takes[0].file)).to_crs(4545)
    shown = gpd.GeoSeries([drawn], crs=4326).to_crs(4545).iloc[0]
    assert shown.length == pytest.approx(shapely.union_all(streets.geometry.to_numpy()).length, rel=0.02)
    points = shapely.line_interpolate_point(streets.geometry.to_numpy(), 0.5, normalized=True)
    view = max(np.ptp(streets.total_bounds[[0, 2]]), np.ptp(streets.total_bounds[[1, 3]]))
    assert shapely.distance(points, shown).max() < 1.5 * view / 1600


@pytest.mark.long
def test_inside_a_box_every_piece_of_a_city_has_its_name(xian: Real) -> None:
    drawing, plain, _ = layer(xian, "streets", box=",".join(map(str, SOUTH_GATE)))
    names = {f["properties"]["name"] for f in drawing["features"]["features"]}
    assert 100 < len(drawing["features"]["features"]) <= MOST and plain < LARGEST
    assert "长安北路" in names and drawing["legend"]["n"] == 18_999


@pytest.mark.long
def test_a_street_of_a_city_is_found_by_its_name(xian: Real, file_of: Callable[..., Any]) -> None:
    found = xian.get("/api/search", q="雁塔")["results"]
    assert 2 < len(found) <= 12 and {one["kind"] for one in found} == {"street"}
    names = [one["name"] for one in found]
    assert len(set(names)) == len(names) and all(name.startswith("雁塔") for name in names[:2])
    streets = gpd.read_file(file_of(XIAN.takes[0].file))
    south = next(one for one in found if one["name"] == "雁塔南路")
    assert south["bounds"] == pytest.approx(streets[streets["road_name"] == "雁塔南路"].total_bounds, abs=1e-6)


def streets_with_popups(visit: Any) -> int:
    found: int = visit.tab.evaluate(
        """() => { let found = 0;
        map_main.eachLayer((layer) => {
          if (layer.feature && layer.options.pane === "drawing-streets-road" && layer.getPopup()) found += 1;
        });
        return found; }"""
    )
    return found


@pytest.mark.long
def test_the_page_of_a_city_is_painted_and_shows_details_closer_in(xian: Real, page_of: Callable[..., Any]) -> None:
    visit = page_of(xian, viewport={"width": 1440, "height": 900})
    assert "18,999" in visit.tab.locator('[data-layer="streets"] .count').inner_text()
    assert visit.tab.locator(".leaflet-drawing-streets-road-pane canvas").count() == 1
    assert visit.tab.locator(".leaflet-drawing-streets-road-pane path").count() == 0
    assert streets_with_popups(visit) == 0  # a line that stands for thousands has nothing to say of itself
    with visit.tab.expect_response(closer_in("streets")) as found:
        visit.tab.evaluate("() => { map_main.setView([34.235, 108.945], 16, { animate: false }); }")
    assert len(found.value.json()["features"]["features"]) > 50
    visit.tab.wait_for_timeout(300)
    visit.tab.mouse.move(700, 450)
    assert streets_with_popups(visit) == len(found.value.json()["features"]["features"])
    assert visit.tab.locator(".leaflet-drawing-streets-road-pane canvas").count() == 1
    assert visit.complaints == [] and visit.violations() == []


def test_the_cameras_of_a_city_are_on_the_map(real: Callable[[RealCounty], Real], page_of: Callable[..., Any]) -> None:
    helsinki = real(HELSINKI)
    drawing = helsinki.get("/api/layers/cameras")
    assert drawing["legend"]["n"] == 221
    assert sum("id" in f for f in drawing["features"]["features"]) == 221
    west, south, east, north = drawing["bounds"]
    assert 24.8 < west < east < 25.1 and 60.1 < south < north < 60.3
    visit = page_of(helsinki)
    visit.open("?view=map&layers=streets,cameras")
    assert visit.tab.locator(".leaflet-drawing-cameras-pane path").count() >= 221
    assert visit.tab.locator('[data-layer="cameras"] .count').inner_text().startswith("221")
    assert visit.complaints == [] and visit.violations() == []
