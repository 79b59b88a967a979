import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st

from grid_boundaries.errors import SchemaError
from grid_boundaries.schema import COLUMNS, normalise, snap

SQUARE = shapely.box(118.0, 31.0, 118.001, 31.001)


def frame(*shapes, crs=4326, **columns):
    given_columns = {"code": [f"340523001001{i:03d}" for i in range(len(shapes))]} | columns
    return GeoDataFrame(given_columns, geometry=list(shapes), crs=crs)


@settings(deadline=None)
@given(st.floats(-180, 180), st.floats(-90, 90))
def test_the_lattice_is_pythons_round_to_seven_digits(lon, lat):
    place = snap(shapely.Point(lon, lat))
    assert (place.x, place.y) == (round(lon, 7), round(lat, 7))
    assert snap(place) == place


def test_neighbours_that_differ_by_noise_share_their_vertices_afterwards():
    other = shapely.box(118.001 + 3e-9, 31.0 - 2e-9, 118.002, 31.001 + 4e-9)
    snapped = snap(GeoSeries([SQUARE, other], crs=4326))
    common = set(map(tuple, shapely.get_coordinates(snapped.iloc[0]))) & set(
        map(tuple, shapely.get_coordinates(snapped.iloc[1]))
    )
    assert common == {(118.001, 31.0), (118.001, 31.001)}


def test_grids_become_multipolygons_with_all_columns_and_the_frame_given_stays():
    given_frame = frame(SQUARE, name=[" 一网格 "], leader=[""])
    before = given_frame.copy(deep=True)
    grids = normalise(given_frame)
    assert list(grids.columns) == list(COLUMNS)
    row = grids.iloc[0]
    assert (row["code"], row["name"], row["kind"], row["leader"]) == ("340523001001000", "一网格", "basic", None)
    assert row.geometry.geom_type == "MultiPolygon"
    assert given_frame.equals(before)


def test_a_name_that_is_missing_is_the_code_and_a_code_may_come_as_a_number():
    grids = normalise(frame(SQUARE, code=[340523001001007], name=[None], kind=["dedicated"]))
    assert grids.loc[0, ["code", "name", "kind"]].tolist() == ["340523001001007", "340523001001007", "dedicated"]


def test_an_exclave_stays_a_part_of_its_owner_and_the_index_is_kept():
    both = shapely.MultiPolygon([SQUARE, shapely.box(118.01, 31.0, 118.011, 31.001)])
    grids = normalise(frame(both, SQUARE).set_index(np.array([7, 9])))
    assert shapely.get_num_geometries(grids.geometry.to_numpy()).tolist() == [2, 1]
    assert grids.index.tolist() == [7, 9]


def test_height_is_dropped():
    assert not normalise(frame(shapely.force_3d(SQUARE, 5.0))).geometry.iloc[0].has_z


def test_an_empty_frame_stays_empty_with_all_columns():
    grids = normalise(frame())
    assert len(grids) == 0
    assert list(grids.columns) == list(COLUMNS)
    assert grids.crs == 4326


def test_everything_that_is_wrong_is_said_at_once():
    bad = frame(shapely.Point(0, 0), None, code=["", "1"], kind=["basic", "micro"], crs=4490)
    with pytest.raises(SchemaError) as caught:
        normalise(bad)
    text = str(caught.value)
    assert len(caught.value.problems) == 4
    for words in ("EPSG:4326 is needed", "no code: 1 rows, first 0", "kind is not basic", "not a polygon: 2 rows"):
        assert words in text


def test_missing_codes_geometries_and_systems_are_refused():
    with pytest.raises(SchemaError, match="column code"):
        normalise(frame(SQUARE).drop(columns="code"))
    with pytest.raises(SchemaError, match="got none"):
        normalise(frame(SQUARE, crs=None))
    with pytest.raises(SchemaError, match="empty or without finite"):
        normalise(frame(shapely.Polygon()))
    with pytest.raises(SchemaError, match="GeoDataFrame"):
        normalise(frame(SQUARE).drop(columns="geometry"))
