"""Grids that go over to another community, and what becomes of communities and towns."""

from __future__ import annotations

from typing import Any

import geopandas
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from grid_boundaries.arrangement import AreaState, arranged
from grid_boundaries.codes import Numbering
from grid_boundaries.errors import EditError
from grid_boundaries.operations import run
from grid_boundaries.steps import step_of

COUNTY, EAST, WEST = "340523", "340523101", "340523100"  # a county of two towns
COMMUNITIES = {"340523100001": WEST, "340523100002": WEST, "340523101001": EAST}
NUMBERING = Numbering()


def cells() -> geopandas.GeoDataFrame:
    """Three communities side by side, each of two by two grids of a hundredth of a degree."""
    rows = []
    for nth, community in enumerate(COMMUNITIES):
        for number, (x, y) in enumerate(((0, 1), (1, 1), (0, 0), (1, 0)), 1):
            west, south = 118.3 + 0.02 * nth + 0.01 * x, 31.7 + 0.01 * y
            rows.append((f"{community}{number:03d}", f"{community[-1]}村第{number:02d}网格", "basic", community,
                         shapely.MultiPolygon([shapely.box(round(west, 7), round(south, 7), round(west + 0.01, 7), round(south + 0.01, 7))])))  # fmt: skip
    return geopandas.GeoDataFrame(rows, columns=["code", "name", "kind", "community", "geometry"], crs=4326)


def tree(grids: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    land = {code: shapely.union_all(part.geometry.to_numpy()) for code, part in grids.groupby("community")}
    rows: list[tuple[Any, ...]] = [(COUNTY, "演示县", "county", None, shapely.union_all(list(land.values())))]
    for town in (WEST, EAST):
        below = [land[code] for code, above in COMMUNITIES.items() if above == town]
        rows.append((town, f"{town[-1]}镇", "town", COUNTY, shapely.union_all(below)))
    rows += [(code, f"{code[-1]}村", "community", above, land[code]) for code, above in COMMUNITIES.items()]
    return geopandas.GeoDataFrame(rows, columns=["code", "name", "level", "parent", "geometry"], crs=4326)


def after(*operations: dict[str, Any]) -> tuple[geopandas.GeoDataFrame, dict[str, AreaState]]:
    """The grids and, by code, the areas that are other than before."""
    before = cells()
    grids, steps = before, []
    for operation in operations:
        edit = run(grids, operation, NUMBERING)
        grids = edit.grids
        steps.append({"asked": operation, **step_of(edit)})
    taken = {*tree(before)["code"], "340523100009"}
    return grids, {one.code: one for one in arranged(tree(before), before, grids, steps, taken=taken)}


def of(community: str) -> list[str]:
    return [f"{community}{number:03d}" for number in range(1, 5)]


def land_of(grids: geopandas.GeoDataFrame, community: str) -> shapely.Geometry:
    return shapely.union_all(grids.geometry.to_numpy()[(grids["community"] == community).to_numpy()])


def test_grids_keep_their_land_and_get_the_next_codes_of_the_community_that_takes_them() -> None:
    grids, _ = after({"op": "regroup", "codes": of("340523100002")[:2], "to": "340523100001"})
    new = grids[grids["code"].isin(["340523100001005", "340523100001006"])]
    assert list(new["name"]) == ["1村第05网格", "1村第06网格"]
    assert list(new["community"]) == ["340523100001"] * 2
    before = cells()
    moved = before[before["code"].isin(of("340523100002")[:2])]
    assert shapely.equals(shapely.union_all(new.geometry), shapely.union_all(moved.geometry))


def test_a_community_whose_grids_all_go_is_retired_below_the_one_that_took_them() -> None:
    grids, states = after({"op": "regroup", "codes": of("340523100002"), "to": "340523100001"})
    assert states["340523100002"].is_retired and states["340523100002"].parent == "340523100001"
    taker = states["340523100001"]
    assert not taker.is_new
    assert taker.outline is not None and shapely.equals(taker.outline, land_of(grids, "340523100001"))
    assert set(states) == {"340523100001", "340523100002"}  # the land of the town is the same


def test_two_communities_become_a_new_one_with_its_own_code_and_name() -> None:
    _, states = after(
        {
            "op": "regroup", "codes": [*of("340523100001"), *of("340523100002")], "to": "340523100003", "name": "新桥村",
        }
    )  # fmt: skip
    new = states["340523100003"]
    assert new.is_new and new.name == "新桥村" and new.parent == WEST and new.level == "community"
    assert [states[code].parent for code in ("340523100001", "340523100002")] == ["340523100003"] * 2


def test_a_grid_that_changes_town_with_its_community_changes_both_outlines() -> None:
    grids, states = after({"op": "regroup", "codes": of("340523100002")[:1], "to": "340523101001"})
    assert {code for code, one in states.items() if one.outline is not None} == {
        WEST,
        EAST,
        "340523100002",
        "340523101001",
    }
    assert shapely.equals(states[EAST].outline, land_of(grids, "340523101001"))
    assert not any(one.is_retired or one.is_new for one in states.values())


def test_a_town_without_communities_is_retired_below_the_town_that_took_them() -> None:
    grids, states = after({"op": "rehang", "areas": ["340523101001"], "to": WEST})
    assert states[EAST].is_retired and states[EAST].parent == WEST
    assert states["340523101001"].parent == WEST and states["340523101001"].outline is None
    assert shapely.equals(states[WEST].outline, shapely.union_all(grids.geometry.to_numpy()))


def test_a_town_without_communities_is_retired_also_where_no_area_has_an_outline() -> None:
    grids, asked = cells(), {"op": "rehang", "areas": ["340523101001"], "to": WEST}
    bare = tree(grids).assign(geometry=None).set_crs(4326)
    step = {"asked": asked, **step_of(run(grids, asked, NUMBERING))}
    states = {one.code: one for one in arranged(bare, grids, grids, [step])}
    assert states[EAST].is_retired and states[EAST].parent == WEST
    assert states["340523101001"].parent == WEST and WEST not in states


def test_towns_become_a_new_one_below_the_county() -> None:
    _, states = after({"op": "rehang", "areas": list(COMMUNITIES), "to": "340523102", "name": "新城镇"})
    assert states["340523102"].is_new and states["340523102"].parent == COUNTY
    assert states[WEST].is_retired and states[EAST].is_retired
    assert all(states[code].parent == "340523102" for code in COMMUNITIES)


def test_a_name_alone_changes_nothing_else() -> None:
    grids, states = after({"op": "rename", "area": "340523100001", "name": "翠竹社区"})
    assert list(grids["code"]) == list(cells()["code"])
    [one] = states.values()
    assert one.name == "翠竹社区" and one.outline is None and one.parent == WEST


def test_a_line_moved_inside_a_community_changes_no_area() -> None:
    _, states = after(
        {"op": "split", "code": "340523100001001", "line": [[118.29, 31.715], [118.32, 31.715]]},
        {"op": "drag", "at": [118.31, 31.71], "to": [118.311, 31.711]},
    )
    assert states == {}


def test_a_new_community_that_is_left_without_grids_in_the_same_draft_is_none() -> None:
    _, states = after(
        {"op": "regroup", "codes": of("340523100002")[:1], "to": "340523100003", "name": "新桥村"},
        {"op": "regroup", "codes": ["340523100003001"], "to": "340523100001"},
    )
    assert "340523100003" not in states
    assert states["340523100001"].outline is not None


def test_the_first_community_of_a_county_is_founded_out_of_grids_that_lie_in_none() -> None:
    before = cells().assign(community=None)
    areas = tree(cells())
    areas = areas[areas["level"] != "community"]
    for under in (WEST, COUNTY):
        asked = {
            "op": "regroup",
            "codes": [before["code"].iloc[0]],
            "to": "340523100003",
            "name": "新桥村",
            "under": under,
        }
        edit = run(before, asked, NUMBERING)
        steps = [{"asked": asked, **step_of(edit)}]
        [*_, new] = arranged(areas, before, edit.grids, steps, taken=set(areas["code"]))
        assert (new.code, new.parent, new.is_new) == ("340523100003", under, True)
        assert shapely.equals(new.outline, before.geometry.iloc[0])


def test_zones_of_a_new_station_are_counted_as_those_of_the_stations_that_give_them() -> None:
    zones = cells()
    zones["community"] = [f"{code[6:12]}000" for code in zones["community"]]
    zones["code"] = [f"{home[:-3]}{code[-3:]}" for home, code in zip(zones["community"], zones["code"], strict=True)]
    zones["name"] = [f"第{code[-2:]}警务区" for code in zones["code"]]
    rule = Numbering(pattern=r"^[0-9A-Z]{6,20}$", name="第{number:02d}警务区")
    asked = {"op": "regroup", "codes": ["100001003", "100002003"], "to": "100003000", "name": "新桥所"}
    made = run(zones, asked, rule).grids.set_index("code")["name"]
    assert list(made[made.index.str.startswith("100003")].items()) == [
        ("100003001", "第01警务区"),
        ("100003002", "第02警务区"),
    ]


@pytest.mark.parametrize("operation", [
    {"op": "rename", "area": COUNTY, "name": "新县"},
    {"op": "regroup", "codes": [WEST], "to": "340524", "name": "新县", "under": COUNTY},
])  # fmt: skip
def test_no_area_above_what_is_drawn_is_changed_where_none_but_the_county_lies_above(operation: dict[str, Any]) -> None:
    towns = cells()  # as the stations of a county without zones
    towns["community"] = COUNTY
    step = {"asked": operation, "retired": [], "created": [], "changed": [], "came_from": {}, "set": {}}
    with pytest.raises(EditError) as refused:
        arranged(tree(cells()), towns, towns, [step], level="county")
    assert refused.value.reason == "wrong_level"


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        ({"op": "regroup", "codes": of("340523100001"), "to": "340523100001"}, "nothing_moves"),
        ({"op": "regroup", "codes": of("340523100001"), "to": "340523100077"}, "unknown_area"),
        ({"op": "regroup", "codes": of("340523100001"), "to": "340523100009", "name": "旧村"}, "area_taken"),
        ({"op": "regroup", "codes": of("340523100001"), "to": "340523100002", "name": "二村"}, "area_taken"),
        ({"op": "regroup", "codes": of("340523100001"), "to": "77", "name": "新村"}, "no_code"),
        ({"op": "regroup", "codes": of("340523100001"), "to": "340523100003", "name": "新村", "under": COUNTY}, "wrong_level"),
        ({"op": "regroup", "codes": of("340523100001"), "to": "340523101003", "name": "新村"}, "other_town"),
        ({"op": "regroup", "codes": of("340523100001"), "to": "340523100003", "name": "新村", "under": EAST}, "other_town"),
        ({"op": "regroup", "codes": ["1"], "to": "340523100002"}, "unknown_code"),
        ({"op": "rehang", "areas": ["340523100001"], "to": "340523100002"}, "wrong_level"),
        ({"op": "rehang", "areas": [WEST], "to": EAST}, "wrong_level"),
        ({"op": "rehang", "areas": ["340523100001"], "to": "340523109"}, "unknown_area"),
        ({"op": "rename", "area": "340523109", "name": "新镇"}, "unknown_area"),
        ({"op": "rename", "area": COUNTY, "name": "新县"}, "wrong_level"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_to_areas_is_refused_with_its_reason(operation: dict[str, Any], reason: str) -> None:
    with pytest.raises(EditError) as refused:
        after(operation)
    assert refused.value.reason == reason


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 11), st.sampled_from([*COMMUNITIES, "340523100003"])), min_size=1, max_size=8))
def test_after_any_regrouping_each_outline_is_the_union_of_its_grids(moves: list[tuple[int, str]]) -> None:
    before = cells()
    grids, steps = before, []
    for row, to in moves:
        asked: dict[str, Any] = {"op": "regroup", "codes": [grids["code"].iloc[row]], "to": to}
        if to == "340523100003" and not any(step["asked"]["to"] == to for step in steps):
            asked |= {"name": "新桥村", "under": WEST}
        try:
            edit = run(grids, asked, NUMBERING)
        except EditError as error:
            assert error.reason == "nothing_moves"
            continue
        grids = edit.grids
        steps.append({"asked": asked, **step_of(edit)})
    areas = tree(before)
    states = arranged(areas, before, grids, steps, taken=set(areas["code"]))
    outline = dict(zip(areas["code"], areas.geometry, strict=True))
    alive = {code for code in outline if code.startswith("3405231") and len(code) == 12}
    for one in states:
        if one.outline is not None:
            outline[one.code] = one.outline
        alive = alive - {one.code} if one.is_retired else alive | ({one.code} if len(one.code) == 12 else set())
    assert alive == set(grids["community"])
    for code in alive:
        assert shapely.equals(outline[code], land_of(grids, code))
    assert sorted(shapely.to_wkb(grids.geometry.to_numpy())) == sorted(shapely.to_wkb(before.geometry.to_numpy()))
