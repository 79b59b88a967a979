"""Rows out of quarantine never take the place of what was taken beside them or after them; words stay as they came."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import xlsxwriter

from geo_app.security.actor import Actor
from geo_app.services import mending
from geo_app.services.import_desk import ImportReport
from tests.imports.conftest import Desk

CLERK = Actor(login="clerk", name="clerk")
HEAD = "number,category,reported_at\n"


def mend(desk: Desk, line: int, content: Mapping[str, str]) -> None:
    with desk.database.session(desk.scope_now()) as session:
        rows = desk.rows("SELECT max(id) FROM quarantine_row WHERE state = 'waiting' AND file_line = :line", line=line)
        mending.mend(session, CLERK, rows[0][0], content)


def retake(desk: Desk, batch: int, *lines: int) -> ImportReport:
    ids = [
        row[0]
        for row in desk.rows("SELECT id, file_line FROM quarantine_row WHERE import_batch_id = :batch", batch=batch)
        if row[1] in lines
    ]
    return mending.take_again(desk.database, desk.scope_now(), desk.code, batch, ids, actor=CLERK)


def categories(desk: Desk) -> dict[str, str]:
    return dict(tuple(row) for row in desk.rows("SELECT number, category FROM incident ORDER BY number"))


@pytest.fixture
def doubled(desk: Desk) -> ImportReport:
    """Number 1 stands on line 2 and, with another category, on line 3; line 4 has no time that can be read."""
    lines = "1,theft,2026-05-01 08:00\n1,noise,2026-05-01 09:00\n2,fire,yesterday\n"
    return desk.take("incidents", desk.text("110.csv", HEAD + lines), source="110")


def test_a_doubled_number_that_nobody_mended_waits_on(desk: Desk, doubled: ImportReport) -> None:
    first = [row.reason for row in desk.quarantine()]
    report = retake(desk, doubled.batch_id, 3)
    assert (report.read, report.quarantined) == (1, 1)
    assert categories(desk) == {"1": "theft"}
    assert [row.reason for row in desk.quarantine()] == first


def test_it_waits_on_too_where_the_first_one_had_been_stored_before(desk: Desk) -> None:
    desk.take("incidents", desk.text("april.csv", HEAD + "1,theft,2026-05-01 08:00\n"), source="110")
    lines = "1,theft,2026-05-01 08:00\n1,noise,2026-05-01 09:00\n"
    report = desk.take("incidents", desk.text("may.csv", HEAD + lines), source="110")
    assert (report.unchanged, report.quarantined) == (1, 1)
    assert retake(desk, report.batch_id, 3).quarantined == 1
    assert categories(desk) == {"1": "theft"}


def test_with_a_number_of_its_own_it_is_taken(desk: Desk, doubled: ImportReport) -> None:
    mend(desk, 3, {"number": "3"})
    assert retake(desk, doubled.batch_id, 3).stored == 1
    assert categories(desk) == {"1": "theft", "3": "noise"}


def test_with_a_number_that_another_row_of_the_file_has_it_waits(desk: Desk, doubled: ImportReport) -> None:
    mend(desk, 4, {"number": "1", "reported_at": "2026-05-02"})
    assert retake(desk, doubled.batch_id, 4).quarantined == 1
    assert categories(desk) == {"1": "theft"}
    assert "110.csv" in desk.quarantine()[-1].reason


def test_a_row_that_waits_does_not_take_the_place_of_what_came_later(desk: Desk, doubled: ImportReport) -> None:
    desk.take("incidents", desk.text("june.csv", HEAD + "2,arson,2026-05-02 10:00\n"), source="110")
    mend(desk, 4, {"reported_at": "2026-05-02 10:00"})
    report = retake(desk, doubled.batch_id, 4)
    assert (report.updated, report.quarantined) == (0, 1)
    assert categories(desk)["2"] == "arson"
    assert "june.csv" in desk.quarantine()[-1].reason


def test_a_row_that_says_what_came_later_is_the_same(desk: Desk, doubled: ImportReport) -> None:
    desk.take("incidents", desk.text("june.csv", HEAD + "2,fire,2026-05-02 10:00\n"), source="110")
    mend(desk, 4, {"reported_at": "2026-05-02 10:00"})
    # What arrived is part of what a row says, and the time is the same in both files.
    assert retake(desk, doubled.batch_id, 4).unchanged == 1


def test_a_mended_row_still_changes_what_came_before_its_file(desk: Desk) -> None:
    desk.take("incidents", desk.text("april.csv", HEAD + "2,smoke,2026-05-02 10:00\n"), source="110")
    later = desk.take("incidents", desk.text("may.csv", HEAD + "2,fire,yesterday\n"), source="110")
    mend(desk, 2, {"reported_at": "2026-05-02 10:00"})
    assert retake(desk, later.batch_id, 2).updated == 1
    assert categories(desk) == {"2": "fire"}


def test_the_second_of_two_is_taken_where_the_first_waits_itself(desk: Desk) -> None:
    lines = "1,theft,yesterday\n1,noise,2026-05-01 09:00\n"
    report = desk.take("incidents", desk.text("110.csv", HEAD + lines), source="110")
    assert [row.line for row in desk.quarantine()] == [2, 3]
    assert retake(desk, report.batch_id, 3).stored == 1
    assert categories(desk) == {"1": "noise"}


def test_a_posts_waiting_row_does_not_take_the_place_of_a_later_one_either(desk: Desk) -> None:
    head = "key,name,kind,longitude,latitude\n"
    first = desk.take(
        "posts",
        desk.text("a.csv", head + "p1,East,response_post,east,31.7\np2,West,response_post,118.3,31.7\n"),
        source="posts",
    )
    assert first.quarantined == 1, first
    desk.take("posts", desk.text("b.csv", head + "p1,Gate,response_post,118.31,31.71\n"), source="posts")
    mend(desk, 2, {"longitude": "118.4"})
    assert retake(desk, first.batch_id, 2).quarantined == 1
    assert desk.rows("SELECT name FROM post WHERE source_key = 'p1' AND upper_inf(recorded)") == [("Gate",)]


def osm_camera(name: str, height: str) -> str:
    tags = f'<tag k="man_made" v="surveillance"/><tag k="name" v="{name}"/><tag k="height" v="{height}"/>'
    return f'<osm version="0.6"><node id="4711" version="1" lat="31.742" lon="118.351">{tags}</node></osm>'


def test_a_row_that_its_file_calls_by_an_identity_waits_on_and_is_not_lost(desk: Desk) -> None:
    first = desk.take("cameras", desk.text("a.osm", osm_camera("East", "-5")), source="osm")
    assert first.quarantined == 1
    desk.take("cameras", desk.text("b.osm", osm_camera("Gate", "4")), source="osm")
    heading = next(name for name, cell in desk.quarantine()[0].content.items() if cell == "-5")
    mend(desk, 4711, {heading: "5"})
    assert retake(desk, first.batch_id, 4711).quarantined == 1
    assert [(row.line, row.content[heading]) for row in desk.quarantine()] == [(4711, "5")]
    assert desk.rows("SELECT name FROM camera WHERE upper_inf(recorded)") == [("Gate",)]


def test_a_road_of_several_parts_waits_on_as_one_row_with_its_own_text(desk: Desk) -> None:
    other = ("LINESTRING (118.36 31.75, 118.361 31.75)", {"id": "r0", "name": "First", "highway": "rail"})
    parts = "MULTILINESTRING ((118.351 31.742, 118.352 31.742), (118.353 31.742, 118.354 31.742))"
    file = desk.geojson("a.geojson", other, (parts, {"id": "r1", "name": "Old", "highway": "rail"}))
    first = desk.take("roads", file, source="roads")
    assert first.quarantined == 2
    desk.take(
        "roads",
        desk.geojson("b.geojson", (parts, {"id": "r1", "name": "New", "highway": "residential"})),
        source="roads",
    )
    for line in (1, 2):
        mend(desk, line, {"highway": "residential"})
    report = retake(desk, first.batch_id, 1, 2)
    assert (report.read, report.stored, report.quarantined) == (2, 1, 1)
    assert [(row.line, row.content["name"]) for row in desk.quarantine()] == [(2, "Old")]
    assert sorted(row[0] for row in desk.rows("SELECT DISTINCT name FROM street")) == ["First", "New"]


WORDS = {"case_kind": {"纠": "dispute"}, "valid": {"对": "yes"}}


def test_what_arrived_keeps_the_files_own_words(desk: Desk) -> None:
    file = desk.text("110.csv", "number,case_kind,valid,reported_at\n1,纠,对,2026-05-01\n2,纠,对,yesterday\n")
    report = desk.take("incidents", file, source="110", values=WORDS)
    assert (report.stored, report.quarantined) == (1, 1)
    said = desk.rows("SELECT case_kind, valid, arrived ->> 'case_kind', arrived ->> 'valid' FROM incident")
    assert said == [("dispute", True, "纠", "对")]
    assert desk.quarantine()[0].content["case_kind"] == "纠"
    mend(desk, 3, {"reported_at": "2026-05-01"})
    assert retake(desk, report.batch_id, 3).stored == 1
    assert desk.rows("SELECT case_kind, arrived ->> 'case_kind' FROM incident WHERE number = '2'") == [
        ("dispute", "纠")
    ]


def test_rows_without_a_key_are_known_again_after_another_meaning_of_their_words(desk: Desk) -> None:
    file = desk.text("110.csv", "case_kind,description\n纠,a\n")
    desk.take("incidents", file, source="110", values=WORDS)
    again = desk.take("incidents", file, source="110", values={"case_kind": {"纠": "hazard"}})
    assert (again.stored, again.updated) == (0, 1)
    assert desk.rows("SELECT case_kind FROM incident") == [("hazard",)]


def test_a_number_that_was_mended_into_one_that_is_stored_waits_however_old_that_is(desk: Desk) -> None:
    desk.take("incidents", desk.text("april.csv", HEAD + "7,theft,2026-04-01 08:00\n"), source="110")
    lines = "7,theft,2026-04-01 08:00\n8,noise,yesterday\n"
    report = desk.take("incidents", desk.text("may.csv", HEAD + lines), source="110")
    mend(desk, 3, {"number": "7", "reported_at": "2026-05-02 10:00"})
    assert retake(desk, report.batch_id, 3).quarantined == 1
    assert categories(desk) == {"7": "theft"}
    assert "april.csv" in desk.quarantine()[0].reason


def test_a_second_position_of_a_device_at_one_time_waits_on(desk: Desk) -> None:
    lines = "r1,2026-05-01 08:00,118.351,31.742\nr1,2026-05-01 08:00,118.361,31.752\n"
    file = desk.text("gps.csv", "device_code,at,longitude,latitude\n" + lines)
    report = desk.take("tracks", file, source="radio")
    assert (report.stored, report.quarantined) == (1, 1)
    again = retake(desk, report.batch_id, 3)
    assert (again.updated, again.quarantined) == (0, 1)
    assert desk.rows("SELECT round(ST_X(geom)::numeric, 3)::text FROM fix") == [("118.351",)]
    mend(desk, 3, {"at": "2026-05-01 08:01"})
    assert retake(desk, report.batch_id, 3).stored == 1


def test_a_waiting_code_does_not_take_the_place_of_a_later_one(desk: Desk) -> None:
    first = desk.take("categories", desk.text("a.csv", "code,name,parent_code\n10,Old,99\n"), source="codes")
    assert first.quarantined == 1
    desk.take("categories", desk.text("b.csv", "code,name,parent_code\n10,New,\n"), source="codes")
    mend(desk, 2, {"parent_code": ""})
    assert retake(desk, first.batch_id, 2).quarantined == 1
    assert desk.rows("SELECT name FROM incident_category") == [("New",)]


def test_a_waiting_shift_does_not_move_somebody_to_another_end(desk: Desk) -> None:
    head = "team_name,person,person_rank,starts_at,ends_at\n"
    first = desk.take(
        "duty", desk.text("a.csv", head + "East,Li,officer,2026-05-01 08:00,2026-05-01 07:00\n"), source="duty"
    )
    assert first.quarantined == 1
    later = "East,Li,officer,2026-05-01 08:00,2026-05-01 18:00\n"
    desk.take("duty", desk.text("b.csv", head + later), source="duty")
    mend(desk, 2, {"ends_at": "2026-05-01 17:00"})
    assert retake(desk, first.batch_id, 2).quarantined == 1
    mend(desk, 2, {"ends_at": "2026-05-01 18:00"})
    assert retake(desk, first.batch_id, 2).unchanged == 1


def test_the_next_file_is_read_as_the_last_file_was_not_as_rows_out_of_quarantine(desk: Desk) -> None:
    with xlsxwriter.Workbook(desk.folder / "110.xlsx") as book:
        book.add_worksheet("notes").write_row(0, 0, ["remark"])
        sheet = book.add_worksheet("calls")
        for n, row in enumerate((["number", "longitude", "latitude"], [1, 118.351, 31.742], [2, "east", 31.742])):
            sheet.write_row(n, 0, row)
    file = desk.folder / "110.xlsx"
    report = desk.take("incidents", file, source="110", layer="calls", crs="GCJ-02")
    mend(desk, 3, {"longitude": "118.352"})
    assert retake(desk, report.batch_id, 3).stored == 1
    again = desk.take("incidents", file, source="110")
    assert (again.read, again.crs, again.stored, again.updated) == (2, "GCJ-02", 0, 0)


def test_a_node_and_a_way_of_one_identity_wait_each_with_its_own_text(desk: Desk) -> None:
    school = '<tag k="amenity" v="school"/><tag k="name" v="{}"/>'
    corners = ((0, 0), (0, 100), (100, 0), (100, 100))  # of a bow tie
    places = {n: (31.742 + y / 1e5, 118.351 + x / 1e5) for n, (x, y) in enumerate(corners, start=10)} | {4: (10, 10)}
    nodes = "".join(
        f'<node id="{n}" version="1" lat="{lat}" lon="{lon}">{school.format("Node") if n < 12 else ""}</node>'
        for n, (lat, lon) in sorted(places.items())
    )
    refs = "".join(f'<nd ref="{n}"/>' for n in (10, 11, 12, 13, 10))
    way = f'<way id="4" version="1">{refs}{school.format("Way")}</way>'
    report = desk.take("places", desk.text("a.osm", f'<osm version="0.6">{nodes}{way}</osm>'), source="osm")
    assert (report.stored, report.quarantined) == (2, 2)
    before = [(row.line, row.reason, row.content) for row in desk.quarantine()]
    assert {row[0] for row in before} == {4} and {content["name"] for *_, content in before} == {"Node", "Way"}
    assert retake(desk, report.batch_id, 4).quarantined == 2
    assert [(row.line, row.content) for row in desk.quarantine()] == [(row[0], row[2]) for row in before]
    [(node, geometry)] = desk.rows("SELECT id, content -> 'WKT' FROM quarantine_row WHERE content ->> 'name' = 'Node'")
    assert geometry == "POINT (10 10)"
    with desk.database.session(desk.scope_now()) as session:
        mending.mend(session, CLERK, node, {"WKT": "POINT (118.352 31.743)"})
    assert retake(desk, report.batch_id, 4).stored == 1
    assert [row.content["name"] for row in desk.quarantine()] == ["Way"]


LINES = {
    "r1": "LINESTRING (118.351 31.742, 118.352 31.742)",
    "r2": "LINESTRING (118.352 31.742, 118.353 31.742)",
    "r3": "LINESTRING (118.353 31.742, 118.354 31.742)",
}


def roads(desk: Desk, name: str, **classes: str) -> ImportReport:
    features = [(LINES[key], {"id": key, "highway": word}) for key, word in classes.items()]
    return desk.take("roads", desk.geojson(name, *features), source="roads")


def living(desk: Desk) -> list[str]:
    rows = desk.rows(
        "SELECT source_key FROM street WHERE upper_inf(recorded) AND valid @> CAST(:day AS date) ORDER BY source_key"
    )
    return [row[0] for row in rows]


def test_a_road_that_was_mended_lives_on_when_its_file_comes_again(desk: Desk) -> None:
    first = roads(desk, "a.geojson", r1="residential", r2="rail", r3="residential")
    mend(desk, 2, {"highway": "residential"})
    assert retake(desk, first.batch_id, 2).stored == 1
    again = roads(desk, "a.geojson", r1="residential", r2="rail")
    assert (again.unchanged, again.quarantined, again.ended) == (2, 0, 1)
    assert living(desk) == ["r1", "r2"]
    assert roads(desk, "b.geojson", r1="residential").ended == 1
    assert living(desk) == ["r1"]


def test_streets_that_stay_because_other_rows_wait_are_told(desk: Desk) -> None:
    roads(desk, "a.geojson", r1="residential", r2="residential")
    far = ("LINESTRING (1 1, 1 2)", {"id": "r2", "highway": "residential"})
    near = (LINES["r1"], {"id": "r1", "highway": "residential"})
    report = desk.take("roads", desk.geojson("b.geojson", near, far), source="roads")
    assert (report.quarantined, report.ended) == (1, 0) and living(desk) == ["r1", "r2"]
    assert any("1 streets that the file does not hold stay" in str(told) for told in report.warnings)


def test_a_mended_road_that_crosses_others_without_a_node_says_so(desk: Desk) -> None:
    across = ("LINESTRING (118.3515 31.7415, 118.3515 31.7425)", {"id": "x", "highway": "rail"})
    street = (LINES["r1"], {"id": "r1", "highway": "residential"})
    first = desk.take("roads", desk.geojson("a.geojson", street, across), source="roads")
    mend(desk, 2, {"highway": "residential"})
    told = [str(one) for one in retake(desk, first.batch_id, 2).warnings]
    assert any(one.startswith("1 crossings of these streets with others have no node") for one in told), told
