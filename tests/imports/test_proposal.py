"""Which kind of data a file holds: on the real files, by their headings, geometries and names."""

from __future__ import annotations

from pathlib import Path

import pytest
from libpysal.examples import get_path

from geo_app.imports.proposal import KindGuess, kinds_for
from geo_app.imports.reading import read_file

# File, the kind as which it is read here (that decides nothing about its headings), the kind that it is.
FILES = (
    ("vancouver/incidents_2020.csv", "places", "incidents"),
    ("vancouver/addresses.csv", "places", "addresses"),
    ("vancouver/neighbourhoods.geojson", "places", "areas"),
    ("lancashire/wards_epsg27700.gpkg", "places", "areas"),
    ("chicago/police_districts.kml", "places", "areas"),
    ("xian/xian_links.shp", "places", "roads"),
    ("xian/gps.csv", "places", "tracks"),
    ("xian/gps_sparse.csv", "places", "tracks"),
    ("lujiazui/pois.geojson", "roads", "places"),
    ("lujiazui/roads.geojson", "places", "roads"),
    ("lujiazui/buildings.geojson", "roads", "buildings"),
    ("odd-files/tempe_calls.csv", "places", "incidents"),
    ("odd-files/medellin_semicolon_decimal_comma.csv", "places", "incidents"),
    ("odd-files/mexico_zero_coordinates.gpkg", "places", "incidents"),
    ("shanghai-poi/shanghai_hospital.csv", "roads", "places"),
    ("shanghai-poi/shanghai_school.csv", "roads", "places"),
    ("shanghai-poi/小学.csv", "roads", "places"),
)
GEODANET = (("streets.shp", "roads"), ("crimes.shp", "incidents"), ("schools.shp", "places"))


def guesses(path: Path, read_as: str, name: str | None = None) -> tuple[KindGuess, ...]:
    rows = next(read_file(path, read_as))
    shapes = [] if rows.geometry is None else sorted({one.geom_type for one in rows.geometry if one is not None})
    return kinds_for([str(heading) for heading in rows.table.columns], shapes, name or path.name)


@pytest.mark.parametrize(("file", "read_as", "kind"), FILES, ids=[file for file, _, _ in FILES])
def test_real_files_are_what_they_are(shared_data, file, read_as, kind) -> None:
    best = guesses(shared_data(file), read_as)[0]
    assert best.kind == kind
    assert best.headings or best.named


@pytest.mark.parametrize(("file", "kind"), GEODANET)
def test_the_files_of_the_demonstration_are_what_they_are(file, kind) -> None:
    assert guesses(Path(get_path(file)), "places")[0].kind == kind


@pytest.mark.parametrize(
    "file", ["vancouver/incidents_2020.csv", "xian/xian_links.shp", "xian/gps.csv", "lujiazui/buildings.geojson"]
)
def test_headings_of_its_own_tell_a_kind_without_the_name_of_the_file(shared_data, file) -> None:
    read_as, kind = next((read_as, kind) for name, read_as, kind in FILES if name == file)
    best = guesses(shared_data(file), read_as, "导出.dat")[0]
    assert (best.kind, best.named) == (kind, None)


def test_a_guess_says_what_speaks_for_it_the_surest_first() -> None:
    guess = kinds_for(["备注", "联系电话", "事发地址", "经度", "纬度", "jjdbh"], [], "2026年警情.csv")[0]
    assert (guess.kind, guess.named) == ("incidents", "警情")
    assert set(guess.headings) == {"联系电话", "事发地址", "jjdbh"}
    assert guess.headings[-1] == "联系电话"  # grids have one, too


def test_a_kind_needs_its_geometries_and_its_columns() -> None:
    headings = ["编号", "名称", "类型"]
    assert {guess.kind for guess in kinds_for(headings, ["LineString"], "a.shp")} == {"roads", "routes", "waters"}
    in_outlines = {guess.kind for guess in kinds_for(headings, ["Polygon"], "a.shp")}
    assert {"areas", "grids", "buildings"} <= in_outlines
    assert not in_outlines & {"roads", "routes", "incidents", "tracks", "duty", "categories"}
    without_any_place = {guess.kind for guess in kinds_for(headings, [], "a.csv")}
    assert not without_any_place & {"roads", "routes", "areas", "grids", "buildings", "places", "cameras"}


def test_a_file_that_says_nothing_is_guessed_to_be_nothing() -> None:
    assert kinds_for(["a1", "b2"], ["Point"], "x.geojson") == ()
