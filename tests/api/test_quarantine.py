"""Rows that wait: listed, mended in place or by a file, taken again, left; nothing is lost and nobody else sees them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from tests.made_town import OTHER, TOWN, Hand, Town, incident_rows

SUM = ("stored", "updated", "unchanged", "quarantined")
MARKS = ("quarantine_row", "quarantine_line", "quarantine_reason")


@pytest.fixture
def batch(hand: Hand) -> int:
    """The import of ten rows of which four wait: two for their time, one for a word, one for its number."""
    rows = incident_rows(10)
    rows[0] |= {"报警时间": "昨天晚上"}
    rows[1] |= {"报警时间": "2026-13-45"}
    rows[2] |= {"有效警情": "也许"}
    rows[3] |= {"接警单编号": rows[0]["接警单编号"], "警情类别": ""}
    report = hand.imported("110.csv", rows)
    assert (report["stored"], report["quarantined"]) == (6, 4)
    return int(report["batch_id"])


@pytest.fixture
def waiting(hand: Hand) -> Callable[..., dict[str, Any]]:
    """The rows that wait, under a filter."""

    def ask(**asked: Any) -> dict[str, Any]:
        answer = hand.get("/api/quarantine", county=TOWN, **asked)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return dict(answer.get_json())

    return ask


def retake(hand: Hand, batch: int, *rows: int) -> dict[str, Any]:
    answer = hand.send("/api/quarantine/retake", {"county": TOWN, "batch": batch, "rows": list(rows)})
    assert answer.status_code == 202, answer.get_data(as_text=True)
    return hand.done(answer.get_json()["id"])


def mend(hand: Hand, row: int, **content: str) -> Any:
    return hand.send(f"/api/quarantine/{row}", {"content": content}, "PATCH")


def file_of(hand: Hand, batch: int) -> list[dict[str, str]]:
    answer = hand.get("/api/quarantine/file", county=TOWN, batch=batch)
    assert answer.status_code == 200 and answer.headers["Content-Disposition"].startswith("attachment")
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))


def send_back(hand: Hand, batch: int, rows: list[dict[str, str]], encoding: str = "utf-8", delimiter: str = ",") -> Any:
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    asked = {"county": TOWN, "batch": batch}
    return hand.put("/api/quarantine/file", out.getvalue().encode(encoding), query_string=asked)


def states(town: Town) -> dict[str, int]:
    return {row[0]: row[1] for row in town.rows("SELECT state, count(*) FROM quarantine_row GROUP BY state")}


def test_rows_wait_with_line_reason_remedy_and_the_cell_that_is_to_blame(
    batch: int, waiting: Callable[..., dict[str, Any]]
) -> None:
    found = waiting(batch=batch)
    assert [(row["line"], row["code"], row["file"]) for row in found["rows"]] == [
        (2, "time", "110.csv"), (3, "time", "110.csv"), (4, "truth", "110.csv"), (5, "key", "110.csv"),
    ]  # fmt: skip
    blamed = [[cell["heading"] for cell in row["cells"] if cell["wrong"]] for row in found["rows"]]
    assert blamed == [["报警时间"], ["报警时间"], ["有效警情"], ["接警单编号"]]
    first = found["rows"][0]
    assert first["cells"][0] == {"heading": "报警时间", "name": "reported_at", "value": "昨天晚上", "wrong": True}
    assert "报警时间" in first["reason"] and "reported_at" not in first["reason"] and first["remedy"]
    assert {(one["code"], one["count"], one["file"]) for one in found["counts"]} == {
        ("time", 2, "110.csv"), ("truth", 1, "110.csv"), ("key", 1, "110.csv"),
    }  # fmt: skip


def test_they_are_filtered_and_come_a_page_at_a_time(batch: int, waiting: Callable[..., dict[str, Any]]) -> None:
    assert [row["line"] for row in waiting(code="time")["rows"]] == [2, 3]
    assert waiting(batch=batch + 100)["rows"] == []
    first = waiting(limit=3)
    assert len(first["rows"]) == 3 and first["next"] == first["rows"][-1]["id"]
    assert [row["line"] for row in waiting(limit=3, after=first["next"])["rows"]] == [5]


def test_a_cell_that_was_empty_in_the_file_can_be_filled_in(
    hand: Hand, town: Town, batch: int, waiting: Callable[..., dict[str, Any]]
) -> None:
    row = waiting(code="key")["rows"][0]
    assert next(cell for cell in row["cells"] if cell["heading"] == "警情类别")["value"] == ""
    assert mend(hand, row["id"], 接警单编号=f"{TOWN}000003", 警情类别="盗窃").status_code == 200
    assert retake(hand, batch, row["id"])["report"]["stored"] == 1
    assert town.rows("SELECT category FROM incident WHERE number = :n", n=f"{TOWN}000003") == [("盗窃",)]


def test_a_mended_row_is_taken_and_is_an_incident_like_the_others(
    hand: Hand, town: Town, batch: int, waiting: Callable[..., dict[str, Any]]
) -> None:
    row = waiting()["rows"][0]
    mended = mend(hand, row["id"], 报警时间="2026-11-05 08:30:00").get_json()
    assert next(cell for cell in mended["cells"] if cell["wrong"])["value"] == "2026-11-05 08:30:00"
    done = retake(hand, batch, row["id"])
    assert done["report"]["read"] == sum(done["report"][name] for name in SUM) == 1
    assert done["report"]["file"] == "110.csv"
    assert {one["line"] for one in waiting()["rows"]} == {3, 4, 5}
    assert states(town) == {"waiting": 3, "taken": 1}
    number = f"{TOWN}000000"
    kept = town.rows("SELECT source_key, geom IS NOT NULL, file_line FROM incident WHERE number = :n", n=number)
    assert kept == [(number, True, 2)]
    assert hand.imported("110.csv", incident_rows(10)[:1])["updated"] <= 1
    assert town.rows("SELECT count(*) FROM incident WHERE number = :n", n=number)[0][0] == 1


def test_what_still_cannot_be_used_stays_where_it_was_with_its_new_reason(
    hand: Hand, town: Town, batch: int, waiting: Callable[..., dict[str, Any]]
) -> None:
    before = waiting()["rows"]
    mend(hand, before[0]["id"], 报警时间="2026-11-05 08:30:00", 有效警情="大概")
    report = retake(hand, batch)["report"]
    assert (report["read"], report["quarantined"]) == (4, 4)
    after = waiting(batch=batch)["rows"]
    assert [row["id"] for row in after] == [row["id"] for row in before]
    assert [row["code"] for row in after] == ["truth", "time", "truth", "key"]
    assert states(town) == {"waiting": 4}


def test_all_that_wait_are_taken_when_none_is_named(
    hand: Hand, town: Town, batch: int, waiting: Callable[..., dict[str, Any]]
) -> None:
    good = incident_rows(4)
    for row, real in zip(waiting()["rows"], good, strict=True):
        cells = {name: real[name] for name in ("报警时间", "有效警情", "接警单编号")}
        assert mend(hand, row["id"], **cells).status_code == 200
    report = retake(hand, batch)["report"]
    assert (report["read"], report["stored"], report["quarantined"]) == (4, 4, 0)
    assert waiting()["rows"] == [] and town.count("incident") == 10
    listed = hand.get("/api/imports", county=TOWN).get_json()
    assert [one["again"] for one in listed["imports"]] == [True, False, False] and listed["waiting"] == 0


def test_H06_rows_that_were_taken_are_not_taken_twice(hand: Hand, town: Town, batch: int) -> None:
    answer = hand.send("/api/quarantine/retake", {"county": TOWN, "batch": batch, "rows": []})
    job = answer.get_json()["id"]
    first = hand.done(job)
    assert hand.done(job) == first
    assert town.count("import_batch") == 3


def test_rows_are_left_for_good_and_stay_in_the_database(
    hand: Hand, town: Town, batch: int, waiting: Callable[..., dict[str, Any]]
) -> None:
    rows = [row["id"] for row in waiting(code="time")["rows"]]
    wanted = {"county": TOWN, "batch": batch, "rows": rows}
    assert hand.send("/api/quarantine/leave", wanted).get_json() == {"left": 2}
    assert [row["line"] for row in waiting()["rows"]] == [4, 5]
    assert hand.send("/api/quarantine/leave", wanted).get_json() == {"left": 0}
    assert hand.send("/api/quarantine/leave", {"county": TOWN, "batch": batch}).get_json() == {"left": 2}
    assert states(town) == {"left": 4}
    assert town.rows("SELECT count(*) FROM quarantine_row WHERE content ? '报警时间'")[0][0] == 4
    assert mend(hand, rows[0], 报警时间="x").status_code == 404


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", ","), ("gb18030", ","), ("utf-8", ";")]
)
def test_they_are_mended_in_a_spreadsheet_and_sent_back(
    hand: Hand, town: Town, batch: int, encoding: str, delimiter: str
) -> None:
    rows = file_of(hand, batch)
    assert len(rows) == 4 and set(MARKS) < set(rows[0])
    assert [row["quarantine_line"] for row in rows] == ["2", "3", "4", "5"] and all(
        row["quarantine_reason"] for row in rows
    )
    for row, real in zip(rows, incident_rows(4), strict=True):
        row |= {name: real[name] for name in ("报警时间", "有效警情", "接警单编号")}
    answer = send_back(hand, batch, rows, encoding, delimiter)
    assert answer.status_code == 202
    assert hand.done(answer.get_json()["id"])["report"]["stored"] == 4
    assert town.count("incident") == 10


def test_what_looks_like_a_formula_is_harmless_in_the_file_and_comes_back_as_it_was(hand: Hand, town: Town) -> None:
    hostile = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1+1", "''=1", "'quoted", "plain", 'a"b,c\nd']
    rows = incident_rows(len(hostile))
    for row, cell in zip(rows, hostile, strict=True):
        row |= {"报警时间": "昨天", "处理结果": cell}
    batch = hand.imported("110.csv", rows)["batch_id"]
    before = town.rows("SELECT id, content ->> '处理结果' FROM quarantine_row ORDER BY id")
    found = file_of(hand, batch)
    assert not any(
        row["处理结果"].lstrip("'").startswith(("=", "+", "-", "@")) and row["处理结果"][0] != "'" for row in found
    )
    answer = send_back(hand, batch, found)
    hand.done(answer.get_json()["id"])
    assert town.rows("SELECT id, content ->> '处理结果' FROM quarantine_row ORDER BY id") == before


def test_a_file_that_is_not_for_mending_is_refused(hand: Hand, batch: int) -> None:
    asked = {"county": TOWN, "batch": batch}
    for content in (b"", b"a,b\n1,2\n", b"\xff\xfe\x00", b"quarantine_row\n999999\n"):
        answer = hand.put("/api/quarantine/file", content, query_string=asked)
        assert answer.status_code == 400 and answer.get_json()["remedy"]
    assert hand.town.count("job") == 1


def test_rows_of_another_import_in_a_file_are_left_alone(hand: Hand, town: Town, batch: int) -> None:
    other = [row | {"报警时间": "昨天"} for row in incident_rows(2, seed=5)]
    second = hand.imported("111.csv", other, source="111")["batch_id"]
    rows = [row | {"处理结果": "改了"} for row in file_of(hand, second)]
    assert send_back(hand, batch, rows).status_code == 400
    assert town.rows("SELECT count(*) FROM quarantine_row WHERE content ->> '处理结果' = '改了'")[0][0] == 0


def test_an_outline_longer_than_a_line_of_a_csv_comes_back(hand: Hand, town: Town, batch: int) -> None:
    long = "LINESTRING (" + "121.5 31.2, " * 20_000 + "121.5 31.2)"
    with town.database.owner_session() as owner:
        owner.execute(
            text("UPDATE quarantine_row SET content = content || jsonb_build_object('WKT', CAST(:long AS text))"),
            {"long": long},
        )
    rows = file_of(hand, batch)
    assert rows[0]["WKT"] == long
    assert send_back(hand, batch, rows).status_code == 202


@pytest.mark.parametrize(
    "content", [{"没有": "x"}, {"报警时间": 1}, {"报警时间": None}, [], "x", {"报警时间": "x" * 100_001}]
)
def test_B05_a_mending_of_anything_else_is_refused(
    hand: Hand, batch: int, waiting: Callable[..., dict[str, Any]], content: object
) -> None:
    row = waiting()["rows"][0]
    answer = hand.send(f"/api/quarantine/{row['id']}", {"content": content}, "PATCH")
    assert answer.status_code == 400
    assert waiting()["rows"][0]["content"] == row["content"]


def test_B02_rows_of_another_county_are_neither_seen_nor_changed(
    hand: Hand, town: Town, batch: int, waiting: Callable[..., dict[str, Any]]
) -> None:
    row = waiting()["rows"][0]["id"]
    stranger = town.browser("stranger")
    for county in (TOWN, OTHER):
        wanted = {"county": county, "batch": batch, "rows": [row]}
        assert stranger.send("/api/quarantine/retake", wanted).status_code == 404
        assert stranger.send("/api/quarantine/leave", wanted).status_code == 404
        assert stranger.get("/api/quarantine/file", county=county, batch=batch).status_code == 404
        asked = {"county": county, "batch": batch}
        assert stranger.put("/api/quarantine/file", b"quarantine_row\n1\n", query_string=asked).status_code == 404
    assert stranger.get("/api/quarantine", county=TOWN).status_code == 404
    assert stranger.get("/api/quarantine", county=OTHER, batch=batch).get_json()["rows"] == []
    assert mend(stranger, row, 报警时间="x").status_code == 404
    assert mend(hand, 10**9, 报警时间="x").status_code == 404
    assert len(waiting()["rows"]) == 4
    assert len(town.browser("colleague").get("/api/quarantine", county=TOWN).get_json()["rows"]) == 4


def test_B01_who_may_not_import_may_not_look_at_them_either(town: Town, batch: int) -> None:
    planner = town.browser("planner")
    wanted = {"county": TOWN, "batch": batch}
    answers = [
        planner.get("/api/quarantine", county=TOWN), mend(planner, 1, 报警时间="x"),
        planner.send("/api/quarantine/retake", wanted), planner.send("/api/quarantine/leave", wanted),
        planner.get("/api/quarantine/file", **wanted),
        planner.put("/api/quarantine/file", b"x", query_string=wanted), planner.get("/data/quarantine", county=TOWN),
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [403] * 7


def test_who_looked_mended_and_left_is_in_the_audit_without_what_the_rows_say(
    hand: Hand, town: Town, batch: int, waiting: Callable[..., dict[str, Any]]
) -> None:
    row = waiting()["rows"][0]["id"]
    mend(hand, row, 报警时间="一个秘密")
    file_of(hand, batch)
    hand.send("/api/quarantine/leave", {"county": TOWN, "batch": batch, "rows": [row]})
    entries = town.rows("SELECT action, audit_entry::text FROM audit_entry WHERE action LIKE 'quarantine:%'")
    assert {entry[0] for entry in entries} == {"quarantine:read", "quarantine:mend", "quarantine:leave"}
    assert not any("一个秘密" in entry[1] for entry in entries)
