"""Which grids lie in which police areas, on a page, over the API and as a file."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import shapely

from geo_app.services.imports import import_file
from tests.made_grids import ACROSS, COUNTY, SIZE, SOUTH, WEST, Governed, code_of


def _stations(governed: Governed, tmp_path) -> None:
    """Two jurisdictions whose common line runs through the third column of grids."""
    middle = WEST + 2.5 * SIZE
    halves = [
        ("340523510000", "城东派出所", shapely.box(WEST - SIZE, SOUTH - SIZE, middle, SOUTH + (ACROSS + 1) * SIZE)),
        ("340523520000", "城西派出所", shapely.box(middle, SOUTH - SIZE, WEST + 9 * SIZE, SOUTH + (ACROSS + 1) * SIZE)),
    ]
    features = [
        {"type": "Feature", "properties": {"tree": "police", "level": "station", "code": code, "name": name, "parent": COUNTY}, "geometry": json.loads(shapely.to_geojson(shape))}
        for code, name, shape in halves
    ]  # fmt: skip
    path = tmp_path / "stations.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    report = import_file(governed.database, governed.county_scope(), COUNTY, "areas", path, crs="EPSG:4326")
    assert report.stored == 2


def test_grids_that_a_police_line_cuts_are_told_with_land_of_both_sides(governed: Governed, tmp_path) -> None:
    reader = governed.browser("leader")
    before = reader.get("/api/grids/crosswalk", county=COUNTY).get_json()
    assert before["level"] is None and {row["area"] for row in before["rows"]} == {None}
    assert "没有辖区边界" in reader.get("/grids/crosswalk", county=COUNTY).get_data(as_text=True)
    _stations(governed, tmp_path)
    reader = governed.browser("leader")  # whose scope has the stations now
    found = reader.get("/api/grids/crosswalk", county=COUNTY).get_json()
    assert found["level"] == "station"
    cut = {row["grid"] for row in found["rows"] if row["share_of_grid"] < 0.99}
    assert cut == {code_of(2, row) for row in range(ACROSS)}
    shares = [row["share_of_grid"] for row in found["rows"] if row["grid"] == code_of(2, 0)]
    assert len(shares) == 2 and abs(sum(shares) - 1) < 1e-3
    page = reader.get("/grids/crosswalk", county=COUNTY).get_data(as_text=True)
    assert code_of(2, 0) in page and code_of(0, 0) not in page and "城东派出所" in page
    assert code_of(0, 0) in reader.get("/grids/crosswalk", county=COUNTY, all="1").get_data(as_text=True)
    text = reader.get("/api/grids/crosswalk.csv", county=COUNTY).get_data(as_text=True)
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    assert len(rows) == 1 + len(found["rows"])


def test_the_crosswalk_of_an_instant_knows_what_was_known_then(governed: Governed, tmp_path) -> None:
    before = datetime.now(UTC)
    _stations(governed, tmp_path)
    reader = governed.browser("leader")

    def told(**at: str) -> tuple[str | None, set[str]]:
        found = reader.get("/api/grids/crosswalk", county=COUNTY, **at).get_json()
        assert found["known_at"] == at.get("known_at")
        return found["level"], {row["area"] for row in found["rows"]}

    then = before.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert told() == ("station", {"340523510000", "340523520000"})
    assert told(known_at=then) == (None, {None})
    file = reader.get("/api/grids/crosswalk.csv", county=COUNTY, known_at=then)
    assert f"-known-{before:%Y%m%dT%H%M%SZ}.csv" in file.headers["Content-Disposition"]
    words = file.get_data(as_text=True)
    assert code_of(0, 0) in words and "城东派出所" not in words
    assert told(known_at="2026-01-01T00:00:00Z") == (None, set())  # no grid was known
    assert reader.get("/api/grids/crosswalk", county=COUNTY, known_at="yesterday").status_code == 422
