"""Nothing of a file is lost: what cannot be used waits, with its reason and its own text, and the numbers add up."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from geo_app.imports.kinds import KINDS
from geo_app.models import Base
from geo_app.queries import quarantine
from geo_app.security.actor import Actor
from geo_app.services.mending import leave, mend, take_again
from tests.imports.conftest import Desk
from tests.imports.counted import balanced
from tests.imports.made_files import MADE, Row

TOLD = {"import_batch", "quarantine_row", "audit_entry"}  # what every import writes
REST = sorted(set(Base.metadata.tables) - TOLD)


def waiting(desk: Desk) -> list[Row]:
    """What waits; cells that said nothing are left out."""
    return [
        Row(row.line, row.code, {heading: cell for heading, cell in row.content.items() if cell})
        for row in desk.quarantine()
    ]


def begin(desk: Desk, kind: str) -> None:
    """What has to be there before the files of a kind."""
    if kind == "grid_people":
        desk.grids("G1", "G2")


def test_there_is_a_made_file_of_every_kind() -> None:
    assert set(MADE) == set(KINDS)


@pytest.mark.parametrize("kind", MADE)
def test_what_cannot_be_used_waits_and_the_same_file_again_changes_nothing(desk, kind: str) -> None:
    made = MADE[kind]
    begin(desk, kind)
    before = desk.contents(*REST)
    path, expected = made.write(desk, good=False)
    report = desk.take(kind, path)
    assert (report.read, report.quarantined) == (len(expected), len(expected))
    assert (report.stored, report.updated, report.unchanged, report.ended) == (0, 0, 0, 0)
    assert waiting(desk) == expected
    assert desk.contents(*REST) == before

    path, expected = made.write(desk)
    report = desk.take(kind, path, source="whole")
    assert balanced(report) and report.read == len(made.good) + len(expected)
    assert (report.stored, report.updated, report.unchanged) == (len(made.good), 0, 0)
    assert sum(report.reasons.values()) == report.quarantined
    now = waiting(desk)[-len(expected) :]
    assert sorted(now) == sorted(expected)
    said = [(row.reason, row.remedy) for row in desk.quarantine()]
    assert all(reason and "%(" not in reason + remedy for reason, remedy in said)

    stored, waits = desk.contents(*REST), waiting(desk)
    again = desk.take(kind, path, source="whole")
    assert balanced(again)
    assert (again.stored, again.updated, again.unchanged, again.ended) == (0, 0, len(made.good), 0)
    assert again.reasons == report.reasons
    assert desk.contents(*REST) == stored
    assert waiting(desk) == waits


# What a row says of number, longitude, latitude, time and validity; each number is that of the row unless it says one.
GOOD = (
    "{n},118.351,31.742,2026-05-01 08:00:00,是", "{n},,,,", "{n},0,0,2026-05-01,否", "{n},118.3521,31.743,2026-05,",
    ",118.351,31.742,,",
)  # fmt: skip
DOUBLED = "doubled,118.351,31.742,,"
FAULTY = (
    "{n},118.351,31.742,yesterday,", "{n},east,31.742,,", "{n},118.351,31.742,,perhaps",
    "{n},118.351,31.742,,是,more,than,fits", "{n}", DOUBLED, "{n},10,10,,", "{n},1e400,31.742,,",
    "{n},\"118\n351\",31.742,,",
)  # fmt: skip
files = count()


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from((*GOOD, *FAULTY)), min_size=1, max_size=14))
def test_no_row_of_any_mix_is_lost_and_none_stands_twice(desk, rows: list[str]) -> None:
    placed = sum("118.35" in row and "fits" not in row for row in rows)
    assume(2 * rows.count("{n},10,10,,") <= placed)  # else the whole file is refused
    source = f"mix {next(files)}"
    # The first cell tells each row from the others, and stands in what is kept of it.
    lines = [f"row {n}," + row.format(n=n) for n, row in enumerate(rows)]
    file = desk.text("mix.csv", "remark,number,longitude,latitude,reported_at,valid\n" + "\n".join(lines) + "\n")
    report = desk.take("incidents", file, source=source)
    stored = desk.rows("SELECT arrived ->> 'remark' FROM incident WHERE source = :source", source=source)
    put_aside = desk.rows(
        "SELECT content ->> 'remark', file_line, reason FROM quarantine_row WHERE import_batch_id = :batch",
        batch=report.batch_id,
    )
    assert balanced(report) and report.read == len(rows)
    assert (len(stored), len(put_aside)) == (report.stored, report.quarantined)
    assert sorted([row[0] for row in stored] + [row[0] for row in put_aside]) == sorted(
        f"row {n}" for n in range(len(rows))
    )
    first = rows.index(DOUBLED) if DOUBLED in rows else None  # of those with one number the first is as good as any
    assert {row[0] for row in stored} == {f"row {n}" for n, row in enumerate(rows) if row in GOOD or n == first}
    text = file.read_text(encoding="utf-8").split("\n")
    assert all(reason and text[line - 1].startswith(f"{remark},") for remark, line, reason in put_aside)

    before = desk.contents("incident", "incident_caller", "data_version")
    again = desk.take("incidents", file, source=source)
    assert balanced(again)
    assert (again.stored, again.updated, again.unchanged) == (0, 0, report.stored)
    assert again.reasons == report.reasons
    assert desk.contents("incident", "incident_caller", "data_version") == before


def test_each_batch_keeps_what_waits_of_it_with_the_name_of_its_file(desk) -> None:
    head = "number,longitude,latitude\n"
    for name, bad in (("may.csv", "1,east,31.742\n"), ("june.csv", "2,west,31.742\n"), ("may.csv", "3,up,31.742\n")):
        desk.take("incidents", desk.text(name, head + bad))
    rows = desk.rows(
        "SELECT b.file_name, b.rows_quarantined, q.unit, q.file_line, q.content ->> 'number', q.state"
        " FROM quarantine_row q JOIN import_batch b ON b.id = q.import_batch_id ORDER BY q.id"
    )
    assert rows == [
        ("may.csv", 1, "line", 2, "1", "waiting"),
        ("june.csv", 1, "line", 2, "2", "waiting"),
        ("may.csv", 1, "line", 2, "3", "waiting"),
    ]


def test_a_row_is_named_as_its_format_names_it(desk) -> None:
    point = "POINT (118.351 31.742)"
    desk.take("roads", desk.geojson("a.geojson", (point, {"id": "1"})))
    node = '<node id="{}" lat="{}" lon="118.351"/>'
    way = '<way id="77"><nd ref="1"/><nd ref="1"/><tag k="highway" v="service"/></way>'
    desk.take("roads", desk.text("a.osm", f'<osm version="0.6">{node.format(1, 31.742)}{way}</osm>'))
    rows = desk.rows("SELECT unit, file_line, reason_code FROM quarantine_row ORDER BY id")
    assert rows == [("feature", 1, "geometry"), ("way", 77, "no_length")]


def test_a_reason_is_kept_as_a_text_to_be_translated_and_its_parameters(desk) -> None:
    desk.take("incidents", desk.text("a.csv", "number,longitude,latitude\n1,100%,31.742\n"))
    assert desk.rows("SELECT reason, params FROM quarantine_row") == [
        ("%(what)s %(value)s is no number", {"what": "longitude", "value": "'100%'"})
    ]
    assert desk.quarantine()[0].reason == "longitude '100%' is no number"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("incidents", "number,description\n{0},a\n1,b\n"),
        ("cameras", "code,longitude,latitude\n{0},118.351,31.742\n1,118.351,31.742\n"),
        ("incidents", "number,reported_at\n0,{0}\n1,2026-05-01\n"),
        ("grids", "code,households,WKT\nG0,1000000000000,\"POLYGON ((118 31, 118.1 31, 118.1 31.1, 118 31))\"\n"
                  "G1,1,\"POLYGON ((118.2 31, 118.3 31, 118.3 31.1, 118.2 31))\"\n"),
        ("cameras", "code,owner_class,longitude,latitude\n0,1000000000000,118.351,31.742\n1,1,118.351,31.742\n"),
    ],
    ids=["a key without end", "a code without end", "a time without end", "a million million", "a class beyond counting"],
)  # fmt: skip
def test_a_poisonous_row_waits_and_the_rest_is_taken(desk, kind: str, content: str) -> None:
    endless = "".join(chr(0x4E00 + 37 * n % 20_000) for n in range(20_000))
    report = desk.take(kind, desk.text("a.csv", content.format(endless)))
    assert (report.read, report.stored, report.quarantined) == (2, 1, 1)
    assert [row.line for row in desk.quarantine()] == [2]


def test_the_half_of_a_letter_and_what_no_text_may_hold_are_kept_readable(desk) -> None:
    path = desk.folder / "a.geojson"
    path.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,'
        '"properties":{"code":"1","name":"a\\ud800b\\u0000c"}}]}'
    )
    assert desk.take("cameras", path).quarantined == 1
    assert desk.quarantine()[0].content == {"code": "1", "name": "a?bc"}


HEADINGS = "number,longitude,latitude\n"
CLERK = Actor(login="clerk", name="clerk")


def test_a_row_that_comes_again_waits_once_on_the_line_of_the_later_file_and_with_what_was_mended(desk) -> None:
    desk.take("incidents", desk.text("may.csv", HEADINGS + "1,east,31.742\n2,118.351,31.742\n"), source="110")
    with desk.database.session(desk.scope_now()) as session:
        row = quarantine.waiting(session, desk.rows("SELECT id FROM county")[0][0])[0][0]
        mend(session, CLERK, row.id, {"longitude": "118.35"})
    file = desk.text("june.csv", HEADINGS + "3,118.352,31.742\n1,east,31.742\n2,118.351,31.742\n")
    report = desk.take("incidents", file, source="110")
    assert balanced(report) and (report.stored, report.unchanged, report.quarantined) == (1, 1, 1)
    [row] = desk.quarantine()
    assert (row.line, row.content["longitude"]) == (3, "118.35")
    assert any("came in an earlier file too" in str(told) for told in report.warnings)
    assert take_again(desk.database, desk.scope_now(), desk.code, report.batch_id, [], actor=CLERK).stored == 1


def test_equal_rows_wait_as_often_as_they_stand_in_the_file_however_often_it_comes(desk) -> None:
    file = desk.text("may.csv", HEADINGS + "1,east,31.742\n1,east,31.742\n1,east,31.742\n")
    for _ in range(2):
        assert desk.take("incidents", file, source="110").quarantined == 3
        assert len(desk.quarantine()) == 3
    desk.take("incidents", desk.text("june.csv", HEADINGS + "1,east,31.742\n" * 4), source="110")
    assert len(desk.quarantine()) == 4


def test_what_was_mended_and_taken_or_left_for_good_does_not_wait_again(desk) -> None:
    rows = "1,east,31.742\n2,west,31.742\n3,up,31.742\n"
    first = desk.take("incidents", desk.text("may.csv", HEADINGS + rows), source="110")
    ids = [row[0] for row in desk.rows("SELECT id FROM quarantine_row ORDER BY id")]
    with desk.database.session(desk.scope_now()) as session:
        mend(session, CLERK, ids[0], {"longitude": "118.35"})
        leave(session, CLERK, desk.rows("SELECT id FROM county")[0][0], ids[1:2])
    take_again(desk.database, desk.scope_now(), desk.code, first.batch_id, ids[:1], actor=CLERK)
    before = desk.contents("incident")
    again = desk.take("incidents", desk.text("may.csv", HEADINGS + rows), source="110")
    assert balanced(again) and (again.stored, again.updated, again.unchanged, again.quarantined) == (0, 0, 1, 2)
    assert desk.contents("incident") == before
    assert [row.content["number"] for row in desk.quarantine()] == ["3"]
    told = " ".join(map(str, again.warnings))
    assert "1 rows were mended and taken before" in told and "1 rows were left for good before" in told


def test_of_another_source_the_same_row_waits_by_itself(desk) -> None:
    for source in ("110", "120"):
        desk.take("incidents", desk.text("a.csv", HEADINGS + "1,east,31.742\n"), source=source)
    assert len(desk.quarantine()) == 2
