"""Areas of the police are redrawn by the same engine as grids, which they may cut across."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import shapely
from sqlalchemy import text

from geo_app.queries import crosswalk
from geo_app.queries.terms import Terms
from geo_app.services.area_stamps import stamp_due
from tests.drafting import Drafting, across, ring
from tests.made_grids import COUNTY, SIZE, SOUTH, WEST, Governed, code_of
from tests.made_police import EAST_STATION, WEST_STATION, ZONES, land

TODAY = date.today()
SOON = TODAY + timedelta(days=10)


def zones_on(governed: Governed, day: date) -> dict[str, shapely.Geometry]:
    with governed.database.session(governed.county_scope(), read_only=True) as session:
        found = crosswalk.police_areas(session, governed.county(), Terms(day))
    return dict(zip(found["code"], found.geometry, strict=True))


def require_whole(governed: Governed, day: date) -> None:
    """Zones cover the county without overlap, and each station is the union of its own."""
    zones = zones_on(governed, day)
    assert sum(zone.area for zone in zones.values()) == pytest.approx(land().area, rel=1e-9)
    assert shapely.symmetric_difference(shapely.union_all(list(zones.values())), land()).area < 1e-10
    for code, station in governed.outlines_on(day, "station").items():
        own = shapely.union_all([zone for key, zone in zones.items() if key.startswith(code[:9])])
        assert shapely.symmetric_difference(own, station).area < 1e-10


def test_a_zone_is_split_reviewed_and_in_force_from_its_day(policed: Governed) -> None:
    draft = Drafting.begun(policed, subject="police")
    y = SOUTH + 1.7 * SIZE
    created = draft.drawn(op="split", code=ZONES[0], line=[[WEST - SIZE, y], [WEST + 3 * SIZE, y]])["edit"]["created"]
    assert sorted(created) == ["340523001003", "340523001004"]
    draft.submitted(SOON).approved(policed)
    assert set(zones_on(policed, SOON - timedelta(days=1))) == set(ZONES)
    assert set(zones_on(policed, SOON)) == {*ZONES[1:], *created}
    for day in (TODAY, SOON):
        require_whole(policed, day)


def test_stations_without_zones_are_merged_and_split_as_stations(stationed: Governed) -> None:
    def stations() -> dict[str, str]:
        answer = stationed.browser("leader").get("/api/areas", county=COUNTY, as_of=SOON.isoformat()).get_json()
        return {one["code"]: one["name"] for one in answer["areas"] if one["level"] == "station"}

    draft = Drafting.begun(stationed, subject="police")
    [whole] = draft.drawn(op="merge", codes=[WEST_STATION, EAST_STATION])["edit"]["created"]
    assert whole == "340523003000"
    y = SOUTH + 1.2 * SIZE
    draft.drawn(op="split", code=whole, line=[[WEST - SIZE, y], [WEST + 10 * SIZE, y]])
    draft.submitted(SOON).approved(stationed)
    outlines = stationed.outlines_on(SOON, "station")
    assert sorted(outlines) == ["340523004000", "340523005000"]
    assert shapely.symmetric_difference(shapely.union_all(list(outlines.values())), land()).area < 1e-10
    large, small = sorted(outlines, key=lambda code: -outlines[code].area)
    # The largest of those that were merged, and of those that it was split into, keeps its name.
    assert stations() == {large: "城东派出所", small: f"第0{small[8]}派出所"}


def test_a_line_between_zones_of_one_station_moves_and_the_other_station_stays(policed: Governed) -> None:
    draft = Drafting.begun(policed, subject="police")
    x = WEST + 2.1 * SIZE
    draft.drawn(op="move", codes=[ZONES[0], ZONES[1]], line=[[x, SOUTH - SIZE], [x, SOUTH + 5 * SIZE]])
    draft.submitted(SOON).approved(policed)
    assert zones_on(policed, SOON)[ZONES[0]].area > zones_on(policed, TODAY)[ZONES[0]].area
    require_whole(policed, SOON)
    assert shapely.equals(
        policed.outlines_on(SOON, "station")[EAST_STATION], policed.outlines_on(TODAY, "station")[EAST_STATION]
    )


def test_a_zone_that_goes_to_another_station_takes_its_land_along(policed: Governed) -> None:
    draft = Drafting.begun(policed, subject="police")
    y = SOUTH + 2.2 * SIZE
    assert draft.refused(op="merge", codes=[ZONES[1], ZONES[2]])["reason"] == "other_community"
    body = draft.drawn(op="regroup", codes=[ZONES[1]], to=EAST_STATION)
    assert body["edit"]["created"] == ["340523002003"]
    draft.drawn(op="split", code="340523002003", line=[[WEST + SIZE, y], [WEST + 4 * SIZE, y]])
    draft.submitted(SOON).approved(policed)
    assert set(zones_on(policed, SOON)) == {ZONES[0], ZONES[2], ZONES[3], "340523002004", "340523002005"}
    for day in (TODAY, SOON):
        require_whole(policed, day)


def test_a_zone_that_only_gets_another_code_is_the_same_zone_before_the_approval_and_after(policed: Governed) -> None:
    draft = Drafting.begun(policed, subject="police")
    draft.drawn(op="regroup", codes=[ZONES[1]], to=EAST_STATION)

    def told() -> list[tuple[str, str, str | None]]:
        impact = policed.browser("reviewer").get(draft.path + "/impact").get_json()
        return [(one["code"], one["state"], one["code_before"]) for one in impact["grids"]]

    drawn = told()
    assert drawn == [("340523002003", "renumbered", ZONES[1])]
    draft.submitted(SOON).approved(policed)
    assert told() == drawn


def test_a_station_whose_zones_all_go_ends_with_them(policed: Governed) -> None:
    draft = Drafting.begun(policed, subject="police")
    draft.drawn(op="regroup", codes=list(ZONES), to="340523003000", name="中心派出所")
    draft.submitted(SOON).approved(policed)
    assert set(policed.outlines_on(SOON, "station")) == {"340523003000"}
    assert set(policed.outlines_on(TODAY, "station")) == {WEST_STATION, EAST_STATION}


def test_a_station_and_its_zone_get_other_names_from_their_day_on(policed: Governed) -> None:
    draft = Drafting.begun(policed, subject="police")
    draft.drawn(op="describe", code=ZONES[0], name="江边警务区")
    draft.drawn(op="rename", area=WEST_STATION, name="江边派出所")
    draft.submitted(SOON).approved(policed)
    for day, names in (
        (TODAY, ("第01警务区", "城西派出所")),
        (SOON, ("江边警务区", "江边派出所")),
    ):
        found = policed.browser("leader").get("/api/areas", county=COUNTY, as_of=day.isoformat()).get_json()["areas"]
        called = {one["code"]: one["name"] for one in found}
        assert (called[ZONES[0]], called[WEST_STATION]) == names


def test_what_is_refused_of_zones_is_said_of_zones_and_stations(policed: Governed) -> None:
    draft = Drafting.begun(policed, subject="police")
    for asked, said in (
        ({"op": "merge", "codes": [ZONES[1], ZONES[2]]}, "警务区"),
        ({"op": "regroup", "codes": [ZONES[0]], "to": WEST_STATION}, "警务区"),
        ({"op": "regroup", "codes": [ZONES[0]], "to": "340523009000"}, "派出所"),
        ({"op": "regroup", "codes": [ZONES[0]], "to": EAST_STATION, "name": "城东所"}, "派出所"),
    ):
        refused = draft.refused(**asked)
        assert said in refused["detail"] and "村" not in refused["detail"] + refused["remedy"], refused


def test_a_change_of_zones_is_withdrawn_before_its_day(policed: Governed) -> None:
    draft = Drafting.begun(policed, subject="police")
    draft.drawn(op="merge", codes=[ZONES[0], ZONES[1]])
    draft.submitted(SOON).approved(policed)
    assert len(zones_on(policed, SOON)) == 3
    draft.of(policed, "reviewer").done("withdraw", {"comment": "暂缓"})
    assert set(zones_on(policed, SOON)) == set(ZONES)
    require_whole(policed, SOON)


def test_grids_stay_as_they_are_and_the_crosswalk_follows_the_zones(policed: Governed) -> None:
    before = policed.grids_on(TODAY)
    draft = Drafting.begun(policed, subject="police")
    draft.drawn(op="merge", codes=[ZONES[0], ZONES[1]])
    draft.submitted(SOON).approved(policed)
    after = policed.grids_on(SOON)
    assert list(after["code"]) == list(before["code"])
    with policed.database.session(policed.county_scope(), read_only=True) as session:
        rows = [crosswalk.crosswalk(session, policed.county(), Terms(day)) for day in (TODAY, SOON)]
    then, now = (set(found.loc[found["grid"] == code_of(1, 0), "area"]) for found in rows)
    assert then == {ZONES[0], ZONES[1]}
    [only] = now
    assert only not in ZONES


def test_what_lies_in_a_new_zone_belongs_to_it_when_its_day_has_come(policed: Governed) -> None:
    draft = Drafting.begun(policed, subject="police")
    [merged] = draft.drawn(op="merge", codes=[ZONES[0], ZONES[1]])["edit"]["created"]
    draft.submitted(TODAY).approved(policed)
    assert stamp_due(policed.database) == [draft.state["id"]]
    with policed.database.session(policed.county_scope(), read_only=True) as session:
        rows = session.execute(text("SELECT g.code, a.code FROM grid g JOIN area a ON a.id = g.police_area_id"))
        homes = {row[0]: row[1] for row in rows}
    assert homes[code_of(0, 0)] == merged and homes[code_of(7, 0)] == ZONES[3]


def test_a_draft_of_zones_beneath_which_another_was_approved_is_brought_up_to_date(policed: Governed) -> None:
    one, other = Drafting.begun(policed, subject="police"), Drafting.begun(policed, "drawer", subject="police")
    y = SOUTH + 1.7 * SIZE
    one.drawn(op="split", code=ZONES[0], line=[[WEST - SIZE, y], [WEST + 3 * SIZE, y]])
    other.drawn(op="merge", codes=[ZONES[0], ZONES[1]])
    one.submitted(SOON).approved(policed)
    other.again()
    assert ZONES[0] in other.state["stale"]
    assert other.done("rebase")["left_out"]  # one of the two is no more
    assert other.state["operations"] == []


def test_a_change_of_zones_has_its_impact_its_record_and_its_sides(policed: Governed) -> None:
    draft = Drafting.begun(policed, subject="police")
    draft.drawn(op="merge", codes=[ZONES[0], ZONES[1]])
    told = draft.hand.get(draft.path + "/impact").get_json()
    assert {one["code"] for one in told["grids"]} == {ZONES[0], ZONES[1], *draft.state["created"]}
    assert (
        all(set(one["load"].values()) == {None} for one in told["grids"])
        and told["band"] is None
        and told["people"] == []
    )
    draft.submitted(SOON).approved(policed)
    for before, count in ((True, 4), (False, 3)):
        sides = draft.hand.get(draft.path + "/grids", before=str(before).lower()).get_json()
        assert len(sides["features"]) == count
    assert draft.hand.get(draft.path + "/record.pdf").get_data().startswith(b"%PDF")


def test_a_lasso_takes_land_from_one_zone_to_the_next(policed: Governed) -> None:
    draft = Drafting.begun(policed, subject="police")
    draft.drawn(op="transfer", **{"from": ZONES[0], "to": ZONES[1]}, area=ring(1.2, 1, 2.5, 2))
    assert draft.state["faults"] == []
    assert draft.refused(op="split", code=ZONES[3], line=across(0, 0))["reason"] == "does_not_cross"


def test_no_grids_are_proposed_for_areas_of_the_police(policed: Governed) -> None:
    draft = Drafting.begun(policed, subject="police")
    refused = draft.send("proposals", {"codes": [ZONES[0], ZONES[1]]})
    assert refused.status_code == 400, refused.get_data(as_text=True)
