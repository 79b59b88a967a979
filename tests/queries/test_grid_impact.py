"""Live numbers while a line is dragged, and the impact table of a change, right by hand on three cells."""

from __future__ import annotations

import json

import pandas as pd
import pytest
import shapely
from geopandas import GeoDataFrame
from sqlalchemy import text

from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from geo_app.models import County
from geo_app.queries import frames, grid_impact, grid_live, visible
from geo_app.queries.terms import Terms
from grid_boundaries.coverage import area_m2
from tests.grid_boundaries.board import at, cell
from tests.queries.made_block import DAY, Block

HOUSES = {(0.5, 0.5): 320, (1.5, 0.5): 200, (1.6, 0.5): 50, (2.5, 0.5): 400}


@pytest.fixture
def block(database: Database, county: County, county_scope: Scope) -> Block:
    """Three grids of one cell side by side, a street through all and one on the line between the first two."""
    made = Block(database, county_scope, county)
    for number in range(3):
        made.grid(f"90{number}", cell(number, 0))
    for stable_id, name in ((900, "王芳"), (902, "李强")):
        made.put("grid_worker", grid_stable_id=stable_id, role="grid_leader", name=name)
    for (x, y), households in HOUSES.items():
        made.point("population", x, y, households=households, people=2 * households)
        made.point("address", x, y, full_text="a")
    for x in (0.5, 1.5, 1.55):
        made.incident(x, 0.5)
    made.incident(2.5, 0.5, category="纠纷")
    for number, (name, line) in enumerate({"东街": [(0, 0.5), (3, 0.5)], "南街": [(1, 0), (1, 0.5)]}.items(), 1):
        shape = shapely.LineString(at(*line))
        made.put("street", shape, stable_id=number, id=number, name=name, road_class="residential", network_version=0)
        made.put("street_piece", shape, street_id=number, ordinal=0, length_m=1)
    made.point("post", 0.0, 0.5, name="station", kind="police_station")
    made.put("patrol_route", shapely.LineString(at((0.2, 0.5), (0.8, 0.5))), stable_id=1, name="r")
    return made


def redrawn(grids: GeoDataFrame, **shapes: shapely.Geometry | None) -> GeoDataFrame:
    """The grids with other land: `g900=` a polygon or None; a code that is not there is created."""
    rows = {row["code"]: row for row in grids.to_dict("records")}
    for name, shape in shapes.items():
        code = name[1:]
        if shape is None:
            rows.pop(code)
        else:
            new = {"code": code, "name": f"grid {code}", "leader": None, "workers": None}
            rows[code] = rows.get(code, new) | {"geometry": shapely.MultiPolygon([shape])}
    return GeoDataFrame(pd.DataFrame(list(rows.values())), geometry="geometry", crs=4326)


MOVED = {"g900": cell(0, 0, 1.55), "g901": cell(1.55, 0, 0.45)}


def live(block: Block, **shapes) -> list[dict]:
    return block.ask(lambda *asked: grid_live.live(*asked[:2], DAY, asked[2], redrawn(asked[2], **shapes)))


def table(block: Block, **shapes) -> dict:
    found = block.ask(lambda *asked: grid_impact.table(*asked[:2], DAY, asked[2], redrawn(asked[2], **shapes)))
    assert json.loads(json.dumps(found)) == found
    return found


def test_only_grids_that_hold_other_land_are_told_with_their_numbers_before(block: Block) -> None:
    first, second = live(block, **MOVED)
    assert first == {
        "code": "900", "name": "grid 900", "households": 520, "people": 1040, "incidents": 3, "leader": "王芳",
        "area_m2": round(area_m2(cell(0, 0, 1.55))),
        "before": {"households": 320, "people": 640, "incidents": 1, "leader": "王芳", "area_m2": round(area_m2(cell(0, 0)))},
    }  # fmt: skip
    assert (second["code"], second["households"], second["before"]["households"]) == ("901", 50, 250)
    assert (second["leader"], second["incidents"], second["before"]["incidents"]) == (None, 0, 2)
    assert live(block) == []


def test_of_grids_that_may_hold_other_land_only_those_that_do_are_told(block: Block) -> None:
    def asked(session, county, grids, among):
        after = redrawn(grids, **MOVED)
        return [row["code"] for row in grid_live.live(session, county, DAY, grids, after, among=among)]

    for among, told in ({"900", "901", "902"}, ["900", "901"]), ({"900"}, ["900"]), (set(), []):
        assert block.ask(lambda *of: asked(*of, among)) == told  # noqa: B023


def test_a_vertex_more_is_no_change(block: Block) -> None:
    ring = shapely.get_coordinates(cell(0, 0))
    middle = (ring[0] + ring[1]) / 2
    assert live(block, g900=shapely.Polygon([ring[0], middle, *ring[1:]])) == []


def test_created_and_retired_grids_have_nothing_on_the_other_side(block: Block) -> None:
    rows = {row["code"]: row for row in live(block, g902=None, g911=cell(2, 0, 0.5), g912=cell(2.5, 0, 0.5))}
    assert list(rows) == ["902", "911", "912"]
    assert rows["902"]["households"] is None and rows["902"]["before"]["households"] == 400
    assert rows["911"]["households"] == 400 and rows["911"]["before"]["households"] is None  # on the line: lower code
    assert rows["912"]["households"] == 0
    assert rows["902"]["name"] == "grid 902"


def test_where_nobody_knows_who_lives_there_nothing_is_told(mesa: Database, mesa_scope: Scope) -> None:
    with mesa.session(mesa_scope, read_only=True) as session:
        county = visible.county(session, "mesa")
        assert county is not None
        grids = frames.grids(session, county, Terms(DAY))
        found = grid_live.live(session, county, DAY, grids, grids.iloc[1:])
        told = grid_impact.table(session, county, DAY, grids, grids.iloc[1:])
    (row,) = found
    assert row["before"]["households"] is None and row["before"]["area_m2"] > 0
    (grid,) = told["grids"]
    assert told["households_from"] is None and grid["load"] == {"before": None, "after": None}
    assert grid["numbers"]["road_m"]["lost"] > 0 and grid["numbers"]["response_minutes"]["before"] is None


def test_the_table_has_gains_and_losses_of_each_grid(block: Block) -> None:
    told = table(block, **MOVED)
    assert [(grid["code"], grid["state"]) for grid in told["grids"]] == [("900", "changed"), ("901", "changed")]
    first, second = (grid["numbers"] for grid in told["grids"])
    assert first["households"] == {"before": 320, "after": 520, "gained": 200, "lost": 0}
    assert second["households"] == {"before": 250, "after": 50, "gained": 0, "lost": 200}
    assert first["addresses"] == {"before": 1, "after": 2, "gained": 1, "lost": 0}
    assert first["incidents"] == {"before": 1, "after": 3, "gained": 2, "lost": 0}
    assert told["grids"][0]["categories"] == {"盗窃": {"before": 1, "after": 3, "gained": 2, "lost": 0}}
    assert first["area_m2"]["gained"] == second["area_m2"]["lost"] == round(area_m2(cell(1, 0, 0.55)))
    assert told["households_from"] == "points"


def test_a_street_on_the_line_is_half_of_either_and_wholly_of_who_gets_both_sides(block: Block) -> None:
    first, second = (grid["numbers"]["road_m"] for grid in table(block, **MOVED)["grids"])
    east = 95.5  # metres of a cell from west to east, on this latitude; a cell is 110.9 m high
    assert first["before"] == pytest.approx(east + 110.9 / 4, abs=1)
    assert first["after"] == pytest.approx(1.55 * east + 110.9 / 2, abs=1)
    assert second["before"] == pytest.approx(east + 110.9 / 4, abs=1)
    assert second["after"] == pytest.approx(0.45 * east, abs=1)
    assert second["lost"] == pytest.approx(second["before"] - second["after"], abs=1)


def test_routes_are_counted_and_measured(block: Block) -> None:
    first, second = (grid["numbers"] for grid in table(block, g900=cell(0, 0, 0.5), g901=cell(0.5, 0, 1.5))["grids"])
    assert first["routes"] == {"before": 1, "after": 1, "gained": 0, "lost": 0}
    assert second["routes"] == {"before": 0, "after": 1, "gained": 1, "lost": 0}
    assert second["route_m"]["after"] == pytest.approx(0.3 * 95.5, abs=1)


def test_response_is_the_median_time_of_addresses_from_the_nearest_post_along_the_streets(block: Block) -> None:
    first, second = (grid["numbers"]["response_minutes"] for grid in table(block, **MOVED)["grids"])
    minutes = 95.5 / (20 / 3.6) / 60  # a residential street, by car: 20 km/h
    assert first["before"] == pytest.approx(0.5 * minutes, abs=0.051)
    assert first["after"] == pytest.approx(1.0 * minutes, abs=0.051)
    assert second["before"] == pytest.approx(1.55 * minutes, abs=0.051)
    assert second["after"] == pytest.approx(1.6 * minutes, abs=0.051)


def test_the_load_is_told_against_the_countys_own_band(block: Block) -> None:
    assert [grid["load"] for grid in table(block, **MOVED)["grids"]] == [
        {"before": "within", "after": "above"},
        {"before": "below", "after": "below"},
    ]
    with block.database.owner_session() as owner:
        owner.execute(text("""UPDATE county SET settings = '{"households_band": [10, 600]}'"""))
    told = table(block, **MOVED)
    assert told["band"] == [10, 600]
    assert {side for grid in told["grids"] for side in grid["load"].values()} == {"within"}


def test_people_are_shown_with_all_their_grids_though_some_do_not_change(block: Block) -> None:
    block.put("grid_worker", grid_stable_id=901, role="full_time", name="赵敏")
    block.put("grid_worker", grid_stable_id=902, role="full_time", name="赵敏")
    told = table(block, **MOVED)
    people = {person["name"]: person for person in told["people"]}
    assert list(people) == ["王芳", "赵敏"]
    assert people["赵敏"]["grids"] == {"before": ["901", "902"], "after": ["901", "902"]}
    assert people["赵敏"]["numbers"]["households"] == {"before": 650, "after": 450, "gained": 0, "lost": 200}
    assert people["赵敏"]["load"] == {"before": "above", "after": "within"}
    assert told["grids"][1]["numbers"]["workers"] == {"before": 1, "after": 1, "gained": 0, "lost": 0}


def test_what_moves_between_the_grids_of_one_worker_is_neither_gained_nor_lost(block: Block) -> None:
    for stable_id in (900, 901):
        block.put("grid_worker", grid_stable_id=stable_id, role="full_time", name="赵敏")
    (person,) = (person for person in table(block, **MOVED)["people"] if person["name"] == "赵敏")
    assert person["numbers"]["households"] == {"before": 570, "after": 570, "gained": 0, "lost": 0}
    assert person["numbers"]["area_m2"]["gained"] == 0


def test_two_people_of_one_name_in_two_communities_are_two(block: Block) -> None:
    def asked(session, county, grids):
        before = grids.assign(leader="王伟", community=["a", "b", "b"])
        return grid_impact.table(session, county, DAY, before, redrawn(before, **MOVED))

    people = block.ask(asked)["people"]
    assert [(person["name"], person["community"], person["numbers"]["households"]["after"]) for person in people] == [
        ("王伟", "a", 520),
        ("王伟", "b", 450),
    ]


def test_a_grid_that_only_gets_another_code_is_one_row_and_its_people_gain_and_lose_nothing(block: Block) -> None:
    block.put("grid_worker", grid_stable_id=902, role="full_time", name="赵敏")

    def asked(session, county, grids):
        before = grids.assign(community=["a", "a", "b"])
        moved = [code != "902" for code in before["code"]]
        after = before.assign(code=before["code"].where(moved, "803"), community=before["community"].where(moved, "a"))
        return grid_impact.table(session, county, DAY, before, after, came_from={"803": ["902"]})

    told = block.ask(asked)
    (grid,) = told["grids"]
    assert (grid["code"], grid["code_before"], grid["state"]) == ("803", "902", "renumbered")
    assert grid["numbers"]["households"] == {"before": 400, "after": 400, "gained": 0, "lost": 0}
    assert grid["categories"] == {"纠纷": {"before": 1, "after": 1, "gained": 0, "lost": 0}}
    people = [(one["name"], one["community"], one["grids"]) for one in told["people"]]
    assert people == [(name, "a", {"before": ["902"], "after": ["803"]}) for name in ("李强", "赵敏")]
    for row in (grid, *told["people"]):
        moved = [(one["gained"], one["lost"]) for one in row["numbers"].values() if one and one["gained"] is not None]
        assert moved and {*moved} == {(0, 0)}


def test_without_people_the_grids_near_the_change_say_the_same_as_all(block: Block) -> None:
    block.put("grid_worker", grid_stable_id=901, role="full_time", name="赵敏")
    block.grid("999", cell(40, 0))

    def asked(session, county, grids):  # type: ignore[no-untyped-def]
        whole = grid_impact.table(session, county, DAY, grids, redrawn(grids, **MOVED))
        near = grids[grids["code"] != "999"]
        return whole, grid_impact.table(session, county, DAY, near, redrawn(near, **MOVED), with_people=False)

    whole, near = block.ask(asked)
    assert near["grids"] == whole["grids"] and whole["people"]
    assert near["people"] == []


def test_a_change_that_changes_nothing_has_no_rows(block: Block) -> None:
    told = table(block)
    assert told["grids"] == [] and told["people"] == []
