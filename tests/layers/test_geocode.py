"""Addresses become points by a small gazetteer of which everything is known."""

from __future__ import annotations

import pickle

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import shapely.affinity
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import CoordinateError, FrameError
from layers.incidents.gazetteer import Gazetteer, build
from layers.incidents.geocode import geocode, reverse

EAST, NORTH = 628_000.0, 3_514_000.0  # metres


def entry(address: str, x: float, y: float, kind: str = "address", name: str = "", **more: str) -> dict[str, object]:
    return {"kind": kind, "name": name, "address": address, "x": EAST + x, "y": NORTH + y, **more}


@pytest.fixture(scope="module")
def town() -> Gazetteer:
    """和州路 runs east, ten metres a number, odd numbers on its south side; 人民路 lies in two towns."""
    along = [
        entry(f"和县历阳镇和州路{number}号", 10 * number, 10 if number % 2 == 0 else -10)
        for number in range(2, 60)
        if number != 40
    ]
    twice = [entry(f"和县{place}人民路{number}号", x + 5 * number, 0)
             for place, x in (("乌江镇", 10_000), ("西埠镇", 20_000)) for number in range(1, 40)]  # fmt: skip
    named = [
        entry("和县历阳镇和州路20号", 205, 12, "place", "历阳中心菜市场"),
        entry("", 700, 300, "alias", "老电影院"),
    ]
    return build(pd.DataFrame([*along, *twice, *named]))


def test_a_known_number_is_where_the_gazetteer_has_it(town: Gazetteer) -> None:
    answer = geocode(town, ["历阳镇和州路30号"])[0]
    assert (answer.x, answer.y) == (EAST + 300, NORTH + 10)
    assert (answer.level, answer.how, answer.score > 0.8) == ("number", "exact", True)


def test_an_unknown_number_lies_between_its_neighbours_on_its_own_side(town: Gazetteer) -> None:
    answer = geocode(town, ["历阳镇和州路40号"])[0]
    assert (answer.level, answer.how) == ("number", "interpolated")
    assert (answer.x, answer.y) == pytest.approx((EAST + 400, NORTH + 10))


def test_a_number_beyond_the_last_known_one_lies_some_way_on_and_is_less_sure(town: Gazetteer) -> None:
    known, beyond = geocode(town, ["历阳镇和州路59号", "历阳镇和州路71号"])
    assert beyond.how == "nearest" and EAST + 650 < beyond.x < EAST + 710 and beyond.y == NORTH - 10
    assert beyond.score < known.score and beyond.radius_m > known.radius_m


def test_one_name_in_two_towns_is_told_apart_by_the_town_and_doubtful_without(town: Gazetteer) -> None:
    first, second, neither = geocode(town, ["乌江镇人民路8号", "西埠镇人民路8号", "人民路8号"])
    assert (first.x, second.x) == (EAST + 10_040, EAST + 20_040)
    assert neither.level == "road" and neither.radius_m == pytest.approx(10_000)  # it may be either
    assert neither.score <= 0.5 and {round(one.x - EAST) for one in neither.candidates} == {10_040, 20_040}


def test_another_countys_address_is_said_to_be_elsewhere(town: Gazetteer) -> None:
    there, city = geocode(town, ["含山县环峰镇和州路20号", "南京市鼓楼区和州路20号"])
    assert there.elsewhere and city.elsewhere and there.level == city.level == "none"


def test_what_people_call_a_place_is_an_alias(town: Gazetteer) -> None:
    answer = geocode(town, ["老电影院"])[0]
    assert (answer.x - EAST, answer.y - NORTH, answer.how) == (700, 300, "alias")


@pytest.mark.parametrize("text", ["", "路", "🚓", "a" * 10_000, "和州路" * 3000, "号号号", "\x00", "NaN"])
def test_any_text_has_an_answer(town: Gazetteer, text: str) -> None:
    assert 0 <= geocode(town, [text])[0].score <= 1


def test_a_gazetteer_without_entries_answers_none() -> None:
    empty = build(pd.DataFrame({name: [] for name in ("kind", "name", "address", "x", "y")}))
    assert geocode(empty, ["和州路20号"])[0].level == "none"
    assert reverse(empty, np.array([[EAST, NORTH]]))[0].address == ""


def test_a_gazetteer_can_be_pickled(town: Gazetteer) -> None:
    again = pickle.loads(pickle.dumps(town))
    assert geocode(again, ["历阳镇和州路30号"]) == geocode(town, ["历阳镇和州路30号"])


def test_what_is_here_is_the_nearest_address_and_its_road(town: Gazetteer) -> None:
    here = reverse(town, np.array([[EAST + 301, NORTH + 11]]))[0]
    assert (here.address, here.road) == ("和县历阳镇和州路30号", "和州路")
    assert here.distance_m == pytest.approx(2**0.5)


def test_degrees_and_missing_columns_are_refused() -> None:
    with pytest.raises(CoordinateError):
        build(pd.DataFrame([{"kind": "address", "name": "", "address": "和州路2号", "x": 118.3, "y": 31.7}]))
    with pytest.raises(FrameError):
        build(pd.DataFrame([{"kind": "address", "address": "和州路2号"}]))


@given(st.text(max_size=40))
def test_no_text_raises_and_every_answer_is_whole(town: Gazetteer, text: str) -> None:
    answer = geocode(town, [text])[0]
    assert (answer.level == "none") == bool(np.isnan(answer.x)) == (not answer.candidates)
    assert len(answer.candidates) <= 5 and 0 <= answer.score <= 1


@given(known=st.integers(2, 59).filter(lambda number: number != 40), other=st.integers(60, 9999))
def test_numbers_never_match_by_likeness(town: Gazetteer, known: int, other: int) -> None:
    there, beyond = geocode(town, [f"和州路{known}号", f"和州路{other}号"])
    assert there.how == "exact" and there.matched.endswith(f"路{known}号")
    assert not beyond.how.startswith("exact")


@pytest.mark.parametrize(
    ("said", "east", "north"), [("东侧", 40, 0), ("以北100米", 0, 100), ("对面", 0, 0), ("附近", 0, 0)]
)
def test_a_relation_moves_the_point_and_widens_the_radius(town: Gazetteer, said: str, east: int, north: int) -> None:
    plain, related = geocode(town, ["历阳镇和州路30号", f"历阳镇和州路30号{said}"])
    assert (related.x - plain.x, related.y - plain.y) == pytest.approx((east, north))
    assert related.radius_m > plain.radius_m and related.how.endswith("relation")


def test_a_road_in_six_towns_is_shown_in_five_of_them_and_hardly_sure() -> None:
    towns = ("乌江镇", "西埠镇", "香泉镇", "功桥镇", "善厚镇", "石杨镇")
    six = build(pd.DataFrame([entry(f"和县{town}中心路{number}号", 8_000 * at + 5 * number, 0)
                              for at, town in enumerate(towns) for number in range(1, 30)]))  # fmt: skip
    answer = geocode(six, ["中心路8号"])[0]
    assert len(answer.candidates) == 5 and answer.score <= 0.25 and answer.level == "road" and answer.radius_m > 8_000
    assert geocode(six, ["善厚镇中心路8号"])[0].x == pytest.approx(EAST + 32_040)


def test_of_contradicting_entries_both_are_shown_first_the_one_beside_its_neighbours() -> None:
    rows = [entry(f"和县历阳镇和州路{number}号", 10 * number, 0) for number in range(1, 30)]
    answer = geocode(build(pd.DataFrame([*rows, entry("和县历阳镇和州路20号", 1_500, 900)])), ["和州路20号"])[0]
    assert [round(one.x - EAST) for one in answer.candidates] == [200, 1_500]
    assert answer.candidates[1].score < answer.score < 0.95


def test_a_slip_in_the_name_of_the_county_makes_it_no_other_one(town: Gazetteer) -> None:
    assert geocode(town, ["禾县历阳镇和州路30号"])[0].x == EAST + 300


def test_a_road_with_a_code_in_brackets_is_found_by_both_and_a_side_may_be_left_out() -> None:
    line = shapely.LineString([(EAST, NORTH), (EAST + 1_000, NORTH)])
    roads = gpd.GeoDataFrame(
        {"name": ["玉苇路（S201）", "南京西路"]}, geometry=[line, shapely.affinity.translate(line, 0, 900)], crs=4548
    )
    known = build(pd.DataFrame([entry("和县历阳镇和州路2号", 0, 0)]), roads)
    both = geocode(known, ["玉苇路中段", "S201"])
    assert [(one.level, one.x) for one in both] == [("road", EAST + 500)] * 2
    left_out = geocode(known, ["南京路"])[0]
    assert (left_out.matched, left_out.how, left_out.y) == ("南京西路", "centre+short", NORTH + 900)


def test_houses_of_a_hamlet_are_found_by_their_number_and_community() -> None:
    rows = [entry(f"和县历阳镇{village}毛湾{number}号", x + 15 * number, 0)
            for village, x in (("萧庄村", 0), ("高楼村", 9_000)) for number in range(1, 20) if number != 8]  # fmt: skip
    answers = geocode(build(pd.DataFrame(rows)), ["萧庄村毛湾12号", "高楼村毛湾8号"])
    assert (answers[0].x - EAST, answers[0].level, answers[0].how) == (180, "number", "exact")
    assert answers[1].x - EAST == pytest.approx(9_120) and answers[1].how == "interpolated"


def test_candidates_of_one_name_say_in_which_town_each_lies() -> None:
    rows = [entry(f"和县{town}人民路{number}号", x + 5 * number, 0)
            for town, x in (("乌江镇", 0), ("西埠镇", 10_000)) for number in range(1, 30)]  # fmt: skip
    towns = gpd.GeoDataFrame(
        {"kind": "town", "name": ["乌江镇", "西埠镇"], "parent": "和县"}, crs=4548,
        geometry=[shapely.box(EAST + x - 500, NORTH - 500, EAST + x + 4_500, NORTH + 500) for x in (0, 10_000)],
    )  # fmt: skip
    answer = geocode(build(pd.DataFrame(rows), areas=towns), ["人民路8号"])[0]
    assert {one.matched for one in answer.candidates} == {"乌江镇人民路8号", "西埠镇人民路8号"}
    assert {one.level for one in answer.candidates} == {"number"}
    assert answer.level == "road" and answer.radius_m > 9_000 > max(one.radius_m for one in answer.candidates)


def test_what_is_learned_of_hamlets_of_one_name_is_how_wide_each_is_and_not_how_far_apart_they_are() -> None:
    names = [first + last for first in "毛汤杜秦邓赵" for last in "湾圩庄咀铺郢"]
    rows = [entry(f"和县历阳镇{village}{name}{number}号", x + 15 * number, 3_000.0 * at)
            for at, name in enumerate(names) for village, x in (("萧庄村", 0), ("高楼村", 9_000)) for number in range(1, 20)]  # fmt: skip
    answer = geocode(build(pd.DataFrame(rows)), ["高楼村毛湾"])[0]
    assert answer.level == "place" and all(one.radius_m < 300 for one in answer.candidates)
