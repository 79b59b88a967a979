"""Incidents get a place by their address: at an import, by command, and never against what somebody or a file says."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from geo_app.database.scope import Scope
from geo_app.queries import gazetteer, visible
from geo_app.queries.placing import BY_HAND
from geo_app.queries.visible import scope_key
from geo_app.services import geocoding
from geo_app.services.imports import COMMAND_LINE, import_file
from tests.made_addresses import call_row, spot, take_calls
from tests.made_town import SOUTH, TOWN, WEST, Town


def places(town: Town) -> dict[str, tuple]:
    return {
        one[0]: tuple(one[1:])
        for one in town.rows(
            "SELECT number, match_level, match_how, round(ST_X(i.geom)::numeric, 4), a.name, grid_stable_id FROM incident i"
            " JOIN area a ON a.id = i.admin_area_id ORDER BY number"
        )
    }


def again(town: Town) -> geocoding.Report:
    with town.database.session(town.scope()) as session:
        county = visible.county(session, TOWN)
        assert county is not None
        return geocoding.place_county(session, COMMAND_LINE, county)


def test_an_import_places_calls_by_their_address_and_says_how_many(addressed: Town, tmp_path: Path) -> None:
    report = take_calls(
        addressed, tmp_path, call_row(1, "青石镇东一路10号"), call_row(2, "东一路10号"), call_row(3, "天涯海角"), call_row(4, ""),
        call_row(5, "东一路10号", f"{WEST},{SOUTH}"),
    )  # fmt: skip
    assert (report.stored, report.unplaced, dict(report.placed)) == (5, 4, {"number": 2, "none": 1})
    found = places(addressed)
    assert found["J1"] == found["J2"] == ("number", "exact", round(found["J1"][2], 4), "河边社区", 71)
    assert float(found["J1"][2]) == pytest.approx(spot(0, 10)[0], abs=2e-4)
    assert (found["J3"][:3], found["J4"][:3]) == (("none", None, None),) * 2
    assert found["J5"][:2] == ("given", None)
    [[score, radius]] = addressed.rows("SELECT match_score, radius_m FROM incident WHERE number = 'J1'")
    assert 0 < score <= 1 and radius > 0
    assert addressed.rows("SELECT placed FROM import_batch ORDER BY id DESC LIMIT 1")[0][0] == {"number": 2, "none": 1}


def test_the_same_file_again_changes_nothing(addressed: Town, tmp_path: Path) -> None:
    rows = [call_row(1, "东一路10号"), call_row(2, "东一路12号")]
    take_calls(addressed, tmp_path, *rows)
    before = places(addressed)
    report = take_calls(addressed, tmp_path, *rows)
    assert (report.stored, report.updated, report.unchanged, dict(report.placed)) == (0, 0, 2, {})
    assert places(addressed) == before


def test_another_address_in_the_file_is_another_place(addressed: Town, tmp_path: Path) -> None:
    take_calls(addressed, tmp_path, call_row(1, "东一路10号"))
    before = places(addressed)["J1"]
    report = take_calls(addressed, tmp_path, call_row(1, "东一路90号"))
    assert report.updated == 1 and dict(report.placed) == {"number": 1}
    assert places(addressed)["J1"][2] > before[2]


def test_a_dry_run_says_it_and_keeps_nothing(addressed: Town, tmp_path: Path) -> None:
    report = take_calls(addressed, tmp_path, call_row(1, "东一路10号"), dry_run=True)
    assert dict(report.placed) == {"number": 1}
    assert addressed.count("incident") == 0


def test_what_is_known_only_vaguely_lies_in_no_grid(addressed: Town, tmp_path: Path) -> None:
    take_calls(addressed, tmp_path, call_row(1, "青石镇东一路"), call_row(2, "青石镇"), call_row(3, "河边社区"))
    found = places(addressed)
    assert {number: (one[0], one[3], one[4]) for number, one in found.items()} == {
        "J1": ("road", "青石镇", None), "J2": ("town", "青石镇", None), "J3": ("community", "河边社区", None),
    }  # fmt: skip


def test_when_the_gazetteer_has_grown_the_county_is_placed_anew(addressed: Town, tmp_path: Path) -> None:
    take_calls(addressed, tmp_path, call_row(1, "红星超市"), call_row(2, "东一路10号"))
    assert places(addressed)["J1"][0] == "none"
    path = tmp_path / "places.csv"
    path.write_text(f"编号,名称,类别,经度,纬度\n1,红星超市,超市,{WEST + 0.01},{SOUTH + 0.01}\n", encoding="utf-8")
    import_file(addressed.database, addressed.scope(), TOWN, "places", path, crs="EPSG:4326")
    report = again(addressed)
    assert (report.texts, report.changed, dict(report.levels)) == (2, 1, {"place": 1, "number": 1})
    assert places(addressed)["J1"][:2] == ("place", "place")
    assert again(addressed).changed == 0
    [[details]] = addressed.rows("SELECT details FROM audit_entry WHERE action = 'incidents:place' ORDER BY id LIMIT 1")
    assert details == {"texts": 2, "changed": 1}


def test_a_place_that_somebody_chose_stays_and_so_does_that_of_a_cleared_call(addressed: Town, tmp_path: Path) -> None:
    take_calls(addressed, tmp_path, *(call_row(number, "东一路10号") for number in (1, 2, 3)))
    with addressed.database.owner_session() as owner:
        point = f"ST_SetSRID(ST_MakePoint({WEST}, {SOUTH}), 4326)"
        owner.execute(text(f"UPDATE incident SET geom = {point}, match_how = '{BY_HAND}' WHERE number = 'J1'"))
        owner.execute(
            text(
                f"UPDATE incident SET geom = {point}, cleared_at = now(), cleared_by = (SELECT min(id) FROM app_user)"
                " WHERE number = 'J2'"
            )
        )
        owner.execute(text(f"UPDATE incident SET geom = {point} WHERE number = 'J3'"))
    again(addressed)
    assert [float(place[2]) == WEST for place in places(addressed).values()] == [True, True, False]


def test_who_sees_a_part_of_a_county_places_nothing(addressed: Town) -> None:
    with addressed.database.owner_session() as owner:
        part = Scope.of(owner.scalars(text("SELECT id FROM area WHERE code = 'T1'")))
    with pytest.raises(geocoding.NotWholeCounty), addressed.database.session(part) as session:
        county = visible.county(session, TOWN)
        assert county is not None
        geocoding.place_county(session, COMMAND_LINE, county)


def test_the_whole_gazetteer_is_lent_to_a_part_and_the_scope_given_back(addressed: Town) -> None:
    with addressed.database.owner_session() as owner:
        part = Scope.of(owner.scalars(text("SELECT id FROM area WHERE code = 'C1'")))
        owner.execute(
            text(
                "UPDATE address SET admin_area_id = (SELECT id FROM area WHERE code = 'T1') WHERE full_text LIKE '%0号'"
            )
        )
    with addressed.database.session(part, read_only=True) as session:
        before = scope_key(session)
        county = visible.county(session, TOWN)
        assert county is not None
        own, lent = gazetteer.seen(session, county), gazetteer.whole(session, county)
        assert len(own.gazetteer.labels) < len(lent.gazetteer.labels) == 50
        assert scope_key(session) == before
        assert gazetteer.whole(session, county).gazetteer is lent.gazetteer


def test_an_alias_of_an_address_means_its_point(addressed: Town, tmp_path: Path) -> None:
    path = tmp_path / "aliases.csv"
    path.write_text("别名,标准地址\n老供销社,演示县青石镇东一路10号\n", encoding="utf-8")
    import_file(addressed.database, addressed.scope(), TOWN, "aliases", path)
    take_calls(addressed, tmp_path, call_row(1, "老供销社"), call_row(2, "东一路10号"))
    found = places(addressed)
    assert found["J1"][1] == "alias" and found["J1"][2] == found["J2"][2]
