import json

import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas import GeoDataFrame
from hypothesis import example, given
from hypothesis import strategies as st
from pyproj import Transformer

from layers.coordinates import wgs84_to_bd09, wgs84_to_gcj02
from layers.datums import Candidate, candidates, find_datum, parse_degrees, to_wgs84
from layers.errors import CoordinateError
from layers.known_names import KnownNames

HEXIAN = 4548  # 3° zone of 117°E
OUTLINE = shapely.box(118.05, 31.55, 118.5, 31.95)  # made: about where 和县 lies
NOTHING = GeoDataFrame({"name": []}, geometry=[], crs=HEXIAN)
SHIFTS = {"WGS84": lambda lon, lat: (lon, lat), "GCJ-02": wgs84_to_gcj02, "BD-09": wgs84_to_bd09}


@pytest.fixture
def places():
    """Made: 200 places inside the outline, longitude and latitude in WGS84."""
    rng = np.random.default_rng(8)
    return rng.uniform(118.07, 118.48, 200), rng.uniform(31.57, 31.93, 200)


def in_metres(places, srid):
    return Transformer.from_crs(4326, srid, always_xy=True).transform(*places)


def systems(found):
    return [(one.system, one.swapped) for one in found]


# -- what numbers can be -------------------------------------------------------------------------------------


def test_degrees_in_china_can_be_three_datums(places):
    assert systems(candidates(*places, HEXIAN)) == [("WGS84", False), ("GCJ-02", False), ("BD-09", False)]


def test_degrees_outside_china_are_wgs84():
    assert systems(candidates(np.array([-111.83]), np.array([33.42]), 26949)) == [("WGS84", False)]


def test_degrees_with_latitude_first_are_swapped(places):
    assert systems(candidates(*places[::-1], HEXIAN)) == [("WGS84", True), ("GCJ-02", True), ("BD-09", True)]


def test_degrees_that_could_be_either_way_round_are_taken_where_the_county_is():
    urumqi, london = (np.array([87.6]), np.array([43.8])), (np.array([-0.1]), np.array([51.5]))
    for (lon, lat), srid in ((urumqi, 4538), (london, 27700)):
        assert not any(one.swapped for one in candidates(lon, lat, srid))
        assert all(one.swapped for one in candidates(lat, lon, srid))


def test_degrees_of_another_continent_are_wgs84_still():
    vancouver = np.array([-123.1]), np.array([49.2])
    assert systems(candidates(*vancouver, HEXIAN)) == [("WGS84", False)]
    assert systems(candidates(*vancouver[::-1], HEXIAN)) == [("WGS84", True)]  # 123 is no latitude
    assert systems(candidates(np.array([51.5]), np.array([-0.1]), HEXIAN)) == [("WGS84", False)]  # either could be
    assert candidates(np.array([150.0]), np.array([150.0]), HEXIAN) == ()


def test_an_easting_with_its_zone_is_that_zone_in_either_order(places):
    x, y = in_metres(places, 4527)
    assert x.min() > 39_000_000
    assert systems(candidates(x, y, HEXIAN)) == [("EPSG:4527", False)]
    assert systems(candidates(y, x, HEXIAN)) == [("EPSG:4527", True)]
    assert systems(candidates(np.array([25.5e6, 25.5e6]), np.array([4e6, 4e6]), HEXIAN)) == [("EPSG:4513", False)]
    assert systems(candidates(np.array([45.5e6]), np.array([4e6]), HEXIAN)) == [("EPSG:4533", False)]


def test_metres_without_a_zone_are_the_countys_or_a_neighbouring_one(places):
    x, y = in_metres(places, 4548)
    for srid in (4548, 4527):  # the county keeps its own data with or without
        assert systems(candidates(x, y, srid)) == [("EPSG:4548", False), ("EPSG:4547", False), ("EPSG:4549", False)]
    assert systems(candidates(y, x, HEXIAN)) == [("EPSG:4548", True), ("EPSG:4547", True), ("EPSG:4549", True)]


def test_metres_of_a_county_with_another_system_are_in_that():
    phoenix = in_metres((np.array([-111.83]), np.array([33.42])), 26949)
    assert systems(candidates(*phoenix, 26949)) == [("EPSG:26949", False)]
    lancaster = in_metres((np.array([-2.8]), np.array([54.05])), 27700)
    assert systems(candidates(*lancaster, 27700)) == [("EPSG:27700", False)]
    hefei = in_metres((np.array([117.3]), np.array([31.8])), 32650)
    assert systems(candidates(*hefei[::-1], 32650)) == [("EPSG:32650", True)]


def test_a_few_broken_numbers_change_nothing(places):
    x, y = in_metres(places, 4527)
    x[:30], y[30:60] = 0, np.nan
    y[:30] = 0
    x[60:70] = 118.3
    assert systems(candidates(x, y, HEXIAN)) == [("EPSG:4527", False)]
    assert candidates(np.array([0.0, np.nan]), np.array([0.0, 31.0]), HEXIAN) == ()


# -- the way to WGS84 ----------------------------------------------------------------------------------------


def test_the_county_town_comes_out_of_its_zone_with_and_without_prefix():
    for system, east in (("EPSG:4548", 628021.75), ("EPSG:4527", 39628021.75)):
        lon, lat = to_wgs84(np.array([east]), np.array([3514038.37]), system)
        assert (lon[0], lat[0]) == pytest.approx((118.351, 31.742), abs=1e-7)


def test_longitude_comes_first_whatever_a_systems_definition_says():
    for system in ("WGS84", "EPSG:4326", "EPSG:4490"):
        assert np.array_equal(to_wgs84(np.array([118.351]), np.array([31.742]), system), [[118.351], [31.742]])


def test_systems_of_esri_and_in_feet_are_understood():
    east, north = np.array([220_000.0]), np.array([270_000.0])
    metres = to_wgs84(east, north, "EPSG:26949")
    feet = to_wgs84(east * 3937 / 1200, north * 3937 / 1200, "ESRI:102649")
    assert np.allclose(metres, feet, rtol=0, atol=1e-7)
    assert -112.5 < metres[0][0] < -111 and 33 < metres[1][0] < 34


@pytest.mark.parametrize("system", ["EPSG:1", "Mars", "", "EPSG:4548+5773", "/etc/passwd"])
def test_what_is_no_system_is_refused_by_name(system):
    with pytest.raises(CoordinateError, match=r"no coordinate system"):
        to_wgs84(np.array([1.0]), np.array([1.0]), system)


def test_a_place_that_a_projection_cannot_hold_is_none():
    lon, lat = to_wgs84(np.array([1e30, 628021.75, np.nan]), np.array([1e30, 3514038.37, 1.0]), "EPSG:4548")
    assert np.isnan(lon).tolist() == np.isnan(lat).tolist() == [True, False, True]


# -- finding the datum ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lujiazui(shared_data):
    """Named roads of Lujiazui in metres of EPSG:4549, and schools and hospitals in their box, WGS84."""
    features = json.loads((shared_data("lujiazui") / "roads.geojson").read_text(encoding="utf-8"))["features"]
    names = [feature["properties"].get("name") for feature in features]
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in features]
    roads = GeoDataFrame({"name": names}, geometry=shapes, crs=4326)
    files = sorted(shared_data("shanghai-poi").glob("*.csv"))
    points = pd.concat([pd.read_csv(file) for file in files])
    west, south, east, north = roads.total_bounds
    points = points[points["lon"].between(west, east) & points["lat"].between(south, north)]
    assert len(files) == 3 and len(points) == 125
    return roads.to_crs(4549), points


@pytest.mark.parametrize("system", list(SHIFTS))
@pytest.mark.parametrize("swapped", [False, True])
def test_schools_and_hospitals_of_shanghai_tell_their_datum_by_the_roads_that_they_name(lujiazui, system, swapped):
    roads, points = lujiazui
    x, y = SHIFTS[system](points["lon"], points["lat"])
    x, y = (y, x) if swapped else (x, y)
    found = find_datum(x, y, points["address"], shapely.box(121.3, 31.0, 121.7, 31.4), roads, 4549)
    assert (found.system, found.swapped, found.certain, found.why) == (system, swapped, True, "named")
    metres = {one.system: one.distance_m for one in found.evidence}
    assert metres[system] < 60 < 250 < min(metres[other] for other in SHIFTS if other != system)
    for one in found.evidence:
        assert (one.inside, one.points, one.swapped) == (125, 125, swapped)
        assert 115 <= one.named <= 125


@pytest.mark.parametrize("system", list(SHIFTS))
def test_without_names_the_datums_of_china_cannot_be_told_apart(lujiazui, system):
    roads, points = lujiazui
    x, y = SHIFTS[system](points["lon"], points["lat"])
    texts = points["address"]
    for given_texts, named in ((None, roads), ([None] * 125, roads), (["[]"] * 125, roads), (texts, roads[:0])):
        found = find_datum(x, y, given_texts, None, named, 4549)
        assert (found.system, found.certain, found.why) == (None, False, "cannot_tell")
        assert [one.named for one in found.evidence] == [0, 0, 0]
        assert [one.distance_m for one in found.evidence] == [None] * 3


def test_roads_that_are_known_in_part_never_make_a_wrong_datum(lujiazui):
    """Beyond the end of what is known of a road, a wrong reading may come nearer to it than the right one."""
    roads, points = lujiazui
    rng = np.random.default_rng(3)
    names = roads["name"].dropna().unique()
    right = 0
    for _ in range(10):
        known = roads[roads["name"].isin(rng.choice(names, 80, replace=False))]
        west, south, east, north = known.total_bounds
        known = known.clip((west, south, (west + east) / 2, north))
        for system, shift in SHIFTS.items():
            found = find_datum(*shift(points["lon"], points["lat"]), points["address"], None, known, 4549)
            assert found.system in (system, None)
            right += found.system == system
    assert right


def roads_on_a_lattice(side=12):
    """Made: roads from west to east, 1 km apart, each with its own name, and no wider than 300 m."""
    north = np.arange(side**2) // side * 1000.0 + 3_500_000
    west = np.arange(side**2) % side * 1000.0 + 615_000
    ways = shapely.linestrings(np.stack([np.stack([west, north], 1), np.stack([west + 300, north], 1)], axis=1))
    names = [f"{chr(0x4E00 + number)}{chr(0x5E00 + number)}路" for number in range(side**2)]
    return GeoDataFrame({"name": names}, geometry=ways, crs=HEXIAN)


def addresses_on(roads, at, off_m=10.0):
    """Points in the middle of the roads at these positions, off_m to the north, and their addresses."""
    middles = roads.geometry.iloc[at].interpolate(0.5, normalized=True)
    places = to_wgs84(middles.x.to_numpy(), middles.y.to_numpy() + off_m, "EPSG:4548")
    return *places, [f"历阳镇{name}{number}号" for number, name in enumerate(roads["name"].iloc[at])]


@pytest.mark.parametrize("system", list(SHIFTS))
def test_ten_spots_that_agree_are_enough_and_nine_are_not(system):
    roads = roads_on_a_lattice()
    for count, why in ((9, "cannot_tell"), (10, "named")):
        lon, lat, texts = addresses_on(roads, np.arange(count) * 7)
        found = find_datum(*SHIFTS[system](lon, lat), texts, OUTLINE, roads, HEXIAN)
        assert (found.why, found.system) == (why, system if why == "named" else None)


def test_one_address_a_hundred_times_is_one_witness():
    roads = roads_on_a_lattice()
    lon, lat, texts = addresses_on(roads, np.zeros(100, dtype=int))
    found = find_datum(lon, lat, texts, OUTLINE, roads, HEXIAN)
    assert (found.system, found.why, found.evidence[0].named) == (None, "cannot_tell", 100)


def test_spots_that_disagree_decide_nothing():
    roads = roads_on_a_lattice()
    lon, lat, texts = addresses_on(roads, np.arange(60))
    lon[::2], lat[::2] = wgs84_to_gcj02(lon[::2], lat[::2])
    found = find_datum(lon, lat, texts, OUTLINE, roads, HEXIAN)
    assert (found.system, found.certain, found.why) == (None, False, "cannot_tell")


def test_a_reading_that_is_nearer_at_three_spots_of_five_is_not_clearly_nearer():
    """With 400 spots chance would hardly make that, but something else is wrong with such a file."""
    roads = roads_on_a_lattice(20)
    lon, lat, texts = addresses_on(roads, np.arange(400))
    shifted = np.arange(400) % 5 < 2
    lon[shifted], lat[shifted] = wgs84_to_gcj02(lon[shifted], lat[shifted])
    found = find_datum(lon, lat, texts, None, roads, HEXIAN)
    assert (found.system, found.why) == (None, "cannot_tell")


def test_a_road_of_that_name_in_another_town_says_nothing():
    roads = roads_on_a_lattice()
    lon, lat, texts = addresses_on(roads, np.arange(40), off_m=-5000.0)
    found = find_datum(lon, lat, texts, None, roads, HEXIAN)
    assert (found.why, [one.named for one in found.evidence]) == ("cannot_tell", [0, 0, 0])


def test_communities_that_hold_the_point_under_every_reading_say_nothing():
    roads = roads_on_a_lattice()
    lon, lat, texts = addresses_on(roads, np.arange(40))
    communities = GeoDataFrame({"name": roads["name"]}, geometry=roads.buffer(3000), crs=HEXIAN)
    found = find_datum(lon, lat, texts, OUTLINE, communities, HEXIAN)
    assert found.why == "cannot_tell"
    assert [(one.named, one.distance_m) for one in found.evidence] == [(40, 0.0)] * 3


def test_several_rows_of_one_name_are_one_road():
    roads = roads_on_a_lattice()
    lon, lat, texts = addresses_on(roads, np.arange(40))
    away = roads.assign(geometry=roads.translate(0, 80_000))
    found = find_datum(lon, lat, texts, OUTLINE, pd.concat([away, roads, away]), HEXIAN)
    assert (found.system, found.why) == ("WGS84", "named")
    assert found.evidence[0].distance_m == pytest.approx(10, abs=0.01)


def test_points_without_a_place_are_left_out_and_zeros_counted(places):
    lon, lat = places
    lon[:7], lat[:7], lon[7:10] = 0, 0, np.nan
    found = find_datum(lon, lat, None, OUTLINE, NOTHING, HEXIAN)
    assert found.zero == 7
    assert {one.points for one in found.evidence} == {190}
    nowhere = find_datum(np.zeros(3), np.zeros(3), None, OUTLINE, NOTHING, HEXIAN)
    assert (nowhere.system, nowhere.why, nowhere.zero, nowhere.evidence) == (None, "nothing_fits", 3, ())


def test_a_zone_in_the_easting_is_certain_even_without_an_outline(places):
    x, y = in_metres(places, 4527)
    for where in (OUTLINE, OUTLINE.bounds, None):
        found = find_datum(x, y, None, where, NOTHING, HEXIAN)
        assert (found.system, found.swapped, found.certain, found.why) == ("EPSG:4527", False, True, "prefix")
    assert find_datum(y, x, None, OUTLINE, NOTHING, HEXIAN).swapped


@pytest.mark.parametrize("srid", [4547, 4548, 4549])
def test_the_county_tells_a_neighbouring_zone_from_its_own(places, srid):
    found = find_datum(*in_metres(places, srid), None, OUTLINE, NOTHING, HEXIAN)
    assert (found.system, found.certain, found.why) == (f"EPSG:{srid}", True, "inside")
    assert {one.system: one.inside for one in found.evidence} == {
        system: 200 * (system == f"EPSG:{srid}") for system in ("EPSG:4547", "EPSG:4548", "EPSG:4549")
    }
    unknown = find_datum(*in_metres(places, srid), None, None, NOTHING, HEXIAN)
    assert (unknown.system, unknown.certain, unknown.why) == (None, False, "cannot_tell")


def test_a_zone_whose_places_all_lie_elsewhere_does_not_fit(places):
    x, y = in_metres(places, 4527)
    found = find_datum(x + 1_000_000, y, None, OUTLINE, NOTHING, HEXIAN)  # as if typed with the next zone
    assert (found.system, found.certain, found.why) == (None, False, "nothing_fits")
    assert systems(found.evidence) == [("EPSG:4528", False)]
    assert found.evidence[0].inside == 0


def test_a_lone_system_is_certain_only_when_the_county_confirms_it():
    lon, lat = np.full(20, -111.83) + np.arange(20) / 1000, np.full(20, 33.42)
    mesa = (-111.9, 33.3, -111.7, 33.5)
    for where, certain in ((mesa, True), (None, False)):
        found = find_datum(lon, lat, None, where, GeoDataFrame({"name": []}, geometry=[], crs=26949), 26949)
        assert (found.system, found.certain, found.why) == ("WGS84", certain, "only_one")


def test_a_file_of_which_little_lies_in_the_county_is_proposed_but_not_certain(places):
    x, y = in_metres(places, 4548)
    found = find_datum(x, np.where(np.arange(200) < 150, y + 200_000, y), None, OUTLINE, NOTHING, HEXIAN)
    assert (found.system, found.certain, found.why) == ("EPSG:4548", False, "inside")


def test_one_point_in_two_hundred_is_in_the_county_by_chance(places):
    x, y = in_metres(places, 4548)
    found = find_datum(x, np.where(np.arange(200) < 199, y + 200_000, y), None, OUTLINE, NOTHING, HEXIAN)
    assert (found.system, found.why, found.evidence[0].inside) == (None, "nothing_fits", 1)


def test_a_small_place_that_only_one_datum_hits_is_told_by_that_alone():
    rng = np.random.default_rng(2)
    quarter = (118.350, 31.740, 118.356, 31.746)  # 600 m wide
    lon, lat = rng.uniform(118.350, 118.356, 100), rng.uniform(31.740, 31.746, 100)
    found = find_datum(*wgs84_to_bd09(lon, lat), None, quarter, NOTHING, HEXIAN)
    assert (found.system, found.certain, found.why) == ("BD-09", True, "inside")
    few = find_datum(*wgs84_to_bd09(lon[:5], lat[:5]), None, quarter, NOTHING, HEXIAN)
    assert few.why == "cannot_tell"


@pytest.mark.parametrize("srid", [4326, 4549])
def test_names_in_degrees_or_another_zone_are_refused(places, srid):
    with pytest.raises(CoordinateError, match="named"):
        find_datum(*places, ["路"] * 200, OUTLINE, roads_on_a_lattice().to_crs(srid), HEXIAN)


def test_what_was_given_stays_as_it_was(places):
    roads = roads_on_a_lattice()
    before = roads.copy(), places[0].copy(), places[1].copy()
    find_datum(*places, ["一帀路"] * 200, OUTLINE, roads, HEXIAN)
    assert roads.equals(before[0])
    assert np.array_equal(places, before[1:])


# -- names in texts ------------------------------------------------------------------------------------------


def named_in(text, *names):
    known = KnownNames(GeoDataFrame({"name": list(names)}, geometry=[shapely.Point(0, 0)] * len(names), crs=HEXIAN))
    (found,) = known.named_in([text])
    return known.names[found] if found >= 0 else None


@pytest.mark.parametrize(
    "text, names, found",
    [
        ("和县历阳镇陋室西路12号", ["陋室西路", "陋室路"], "陋室西路"),
        ("浦东新区世纪大道88号", ["世纪大道"], "世纪大道"),
        ("中山东路12号", ["山东路"], None),
        ("中山东路12号", ["山东路", "中山东路"], "中山东路"),
        ("山东路12号", ["山东路"], "山东路"),
        ("上海市山东路12号", ["山东路"], "山东路"),
        ("天津路200号(山东路)", ["山东路"], "山东路"),
        ("天津路山东中路口", ["山东中路", "天津路"], "山东中路"),
        ("元方弄与天津路交叉口", ["天津路"], "天津路"),
        ("和平街道12号", ["和平街"], None),
        ("和平街12号", ["和平街"], "和平街"),
        ("乌江镇四联村", ["四联村", "联村"], "四联村"),
        ("四联村张庄", ["四联", "四联村", "张庄"], "四联村"),
        ("历阳镇路边", ["路", "镇"], None),
        ("", ["天津路"], None),
        (None, ["天津路"], None),
        (float("nan"), ["天津路"], None),
    ],
)
def test_an_address_names_the_longest_known_name_that_is_no_part_of_a_longer_road(text, names, found):
    assert named_in(text, *names) == found


@given(
    st.lists(st.text("中山路", min_size=2, max_size=4), min_size=1, max_size=12, unique=True),
    st.text("中山路号", max_size=12),
)
@example(names=["山中", "山中山", "山中中中"], text="山中山中")  # the end of the text is shorter than the longest name
def test_the_index_finds_what_a_loop_over_all_names_finds(names, text):
    roads = [name for name in names if name.endswith("路")]
    whole = [name for name in names if name in text and name not in roads]
    for name in roads:
        at = [place for place in range(len(text)) if text.startswith(name, place)]
        if any(place == 0 or text[place - 1] in "路号" for place in at):
            whole.append(name)
    found = named_in(text, *names)
    assert (found is None) == (not whole)
    if found is not None:
        assert found in whole and len(found) == max(map(len, whole))


def test_rows_without_a_name_or_a_shape_are_no_names():
    rows = {"name": [None, "天津路", "北京路", "南京路"]}
    shapes = [shapely.Point(0, 0), None, shapely.Point(), shapely.Point(0, 0)]
    assert KnownNames(GeoDataFrame(rows, geometry=shapes, crs=HEXIAN)).names == ("南京路",)


# -- degrees in words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, degrees",
    [
        ("118.351", 118.351),
        (118.351, 118.351),
        (" 118.351 ", 118.351),
        ("１１８．３５１", 118.351),
        ("-111.83", -111.83),
        ("−111.83", -111.83),
        ("118°21′3.6″E", 118.351),
        ("118°21'3.6\"", 118.351),
        ("118°21'3.6''", 118.351),
        ("118º21’3.6”", 118.351),
        ("118 21 3.6", 118.351),
        ("118° 21′ 3.6″ e", 118.351),
        ("E118.351", 118.351),
        ("e 118.351", 118.351),
        ("118.351°", 118.351),
        ("118°21.06′", 118.351),
        ("118度21分3.6秒", 118.351),
        ("118度21分3秒", 118 + 21 / 60 + 3 / 3600),
        ("东经118度21分3.6秒", 118.351),
        ("北纬31°44′31.2″", 31.742),
        ("118°", 118),
        ("111°49′48″W", -111.83),
        ("S33.5", -33.5),
        ("-0°07'30\"", -0.125),
        ("3144.52N", 31.742),
        ("N3144.52", 31.742),
        ("3144.5200,N", 31.742),
        ("11821.06E", 118.351),
        ("0030.00E", 0.5),
        ("E118 21.06", 118.351),
    ],
)
def test_angles_are_read_as_people_write_them(text, degrees):
    assert parse_degrees([text])[0] == pytest.approx(degrees, abs=1e-12)


@pytest.mark.parametrize(
    "text",
    [
        "",
        None,
        float("nan"),
        "inf",
        "无",
        "和县",
        "118°60′0″",
        "118°21′60″",
        "118 21 75",
        "3160.00N",
        "3144.52",  # not marked
        "118.351 31.742",  # a pair
        "118 31",
        "118.5°21′",
        "118°21.5′3″",
        "181",
        "N91",
        "-118.351W",  # a minus and a mark
        "N31.7E",
        "1.18E2",
        "118,351",
        "118°21′3.6″E 31°44′31.2″N",
        "314431.2N",
    ],
)
def test_what_is_no_single_angle_is_none(text):
    assert np.isnan(parse_degrees([text])[0])


@given(st.integers(0, 179), st.integers(0, 59), st.integers(0, 599_999), st.sampled_from("EW"))
def test_an_angle_that_is_written_out_is_read_back(degrees, minutes, seconds, half):
    exact = degrees + minutes / 60 + seconds / 10_000 / 3600
    for text in (
        f"{degrees}°{minutes}′{seconds / 10_000:.4f}″{half}",
        f"{half}{degrees} {minutes:02d} {seconds / 10_000:.4f}",
        f"{degrees:03d}{minutes + seconds / 600_000:010.7f}{half}" if minutes + seconds / 600_000 < 59.9999 else None,
    ):
        if text:
            assert parse_degrees([text])[0] == pytest.approx(exact if half == "E" else -exact, abs=1e-8)


@given(st.floats(-180, 180))
def test_a_decimal_number_is_read_exactly(degrees):
    assert parse_degrees([f"{degrees:.12f}"])[0] == float(f"{degrees:.12f}")


@given(st.lists(st.text("0123456789.°'\"NE -度分秒", max_size=14)))
def test_any_text_is_an_angle_or_none(texts):
    found = parse_degrees(texts)
    assert found.shape == (len(texts),)
    assert (np.isnan(found) | (np.abs(found) <= 180)).all()


def test_a_candidate_reads_swapped_axes():
    lon, lat = Candidate("WGS84", swapped=True).read(np.array([31.742]), np.array([118.351]))
    assert (lon[0], lat[0]) == (118.351, 31.742)
