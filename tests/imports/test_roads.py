"""Streets as a network that lives on: ids stay, what vanished ends, odd lines are told of."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest
import shapely
from sqlalchemy import text

from geo_app.imports.words import word_counts
from tests.imports.counted import balanced

A, B, C, D = (118.350, 31.740), (118.351, 31.740), (118.352, 31.740), (118.352, 31.741)
WEST, NORTH = (118.349, 31.740), (118.350, 31.741)


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString(points)


def living(desk) -> dict[str, tuple[int, int, str]]:
    rows = desk.rows(
        "SELECT source_key, id, stable_id, name FROM street WHERE upper_inf(recorded) AND valid @> CAST(:day AS date)"
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def test_a_line_without_length_waits_and_the_others_are_taken(desk) -> None:
    report = desk.take("roads", desk.geojson("a.geojson", (line(A, A), {"id": "7"}), (line(A, B), {"id": "8"})))
    assert (report.read, report.stored, report.quarantined, report.reasons) == (2, 1, 1, {"no_length": 1})
    [row] = desk.quarantine()
    assert (row.line, row.code, row.reason, row.content["id"]) == (1, "no_length", "the line has no length", "7")
    assert set(living(desk)) == {"8"}


def test_loops_and_isolated_streets_come_in_with_a_warning(desk) -> None:
    loop = line(A, B, (118.3505, 31.7405), A)
    far = line((118.40, 31.80), (118.4005, 31.80))
    report = desk.take("roads", desk.geojson("a.geojson", (loop, {}), (line(WEST, A), {}), (far, {})))
    assert report.stored == 3
    assert any("2 unconnected pieces; 1 of 3" in str(warning) for warning in report.warnings)
    assert any("1 streets are loops" in str(warning) for warning in report.warnings)


def test_a_line_of_several_parts_becomes_several_streets_and_stays_one_row(desk) -> None:
    both = shapely.MultiLineString([line(A, B), line(C, D)])
    file = desk.geojson("a.geojson", (both, {"id": "5", "name": "和州路"}))
    report = desk.take("roads", file)
    assert (report.read, report.stored, report.pieces) == (1, 1, 3)
    assert {key: row[2] for key, row in living(desk).items()} == {"5/1": "和州路", "5/2": "和州路"}
    assert desk.take("roads", file).unchanged == 1
    moved = shapely.MultiLineString([line(A, B), line(C, (118.352, 31.742))])
    report = desk.take("roads", desk.geojson("a.geojson", (moved, {"id": "5", "name": "和州路"})))
    assert (report.read, report.stored, report.updated, report.unchanged) == (1, 0, 1, 0)


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"highway": "primary", "oneway": "yes"}, ("primary", True, 0)),
        ({"highway": "no such class", "bridge": "yes"}, ("unclassified", False, 1)),
        ({"道路等级": "主干路", "tunnel": "yes"}, ("primary", False, -1)),
        ({"road_class": "residential", "layer": "2", "bridge": "yes"}, ("residential", False, 2)),
        ({}, ("unclassified", False, 0)),
    ],
)
def test_class_direction_and_level_are_recognised(desk, properties, expected) -> None:
    desk.take("roads", desk.geojson("a.geojson", (line(A, B), properties)))
    assert desk.rows("SELECT road_class, one_way, layer FROM street") == [expected]


def test_a_street_against_its_direction_is_turned_round(desk) -> None:
    desk.take("roads", desk.geojson("a.geojson", (line(A, B), {"oneway": "-1"})))
    assert desk.rows("SELECT one_way, ST_X(ST_StartPoint(geom)) FROM street") == [(True, B[0])]


FORWARD = ("Y", "yes", "有", "是", "单向", "单向通行", "单行", "单行线", "顺向", "TRUE", True, 1, "1", 1.0, "FT")
BOTH = ("N", "no", "无", "否", "双向", "双向通行", False, "false", 0, "0", "", None, "-", "B", "reversible")
BACKWARD = ("反向", "逆向", "逆行", "-1", -1, "reverse", "TF", "backward")


@pytest.mark.parametrize("word", [*FORWARD, *BOTH, *BACKWARD], ids=repr)
def test_every_word_for_the_direction_of_a_street_is_read(desk, word) -> None:
    desk.take("roads", desk.geojson("a.geojson", (line(A, B), {"id": "1", "单行": word})))
    [(one_way, begins)] = desk.rows("SELECT one_way, ST_X(ST_StartPoint(geom)) FROM street")
    assert (one_way, begins) == (word not in BOTH, B[0] if word in BACKWARD else A[0])


@pytest.mark.parametrize(
    ("words", "one_way"),
    [
        (("B", "F", "T"), ("no", "yes", "reverse")),
        (("T", "F"), (None, None)),  # true and false, or with and against the line
        (("FT", "N"), ("yes", None)),  # closed, or no
        (("0", "1", "2", "3"), (None, None, None, None)),  # a road map's codes: there 1 may be both directions
        (("单行", "看情况"), ("yes", None)),
    ],
)
def test_a_word_that_does_not_say_the_direction_waits_and_is_offered_to_be_said(desk, words, one_way) -> None:
    table = pd.DataFrame({"dir": words})
    assert {word: ours for word, _, ours in word_counts(table, {"one_way": "dir"}, "roads")["one_way"]} == dict(
        zip(words, one_way, strict=True)
    )
    lines = [(line((118.35, 31.74 + at / 1e3), (118.351, 31.74 + at / 1e3)), {"dir": w}) for at, w in enumerate(words)]
    file = desk.geojson("a.geojson", *lines)
    report = desk.take("roads", file)
    assert balanced(report) and report.reasons.get("choice", 0) == one_way.count(None)
    if None in one_way:
        values = {"one_way": {word: "no" for word, ours in zip(words, one_way, strict=True) if ours is None}}
        assert desk.take("roads", file, values=values).quarantined == 0


def test_a_railway_in_a_road_file_waits(desk) -> None:
    file = desk.geojson("a.geojson", (line(A, B), {"highway": "subway", "name": "1 号线"}), (line(B, C), {}))
    report = desk.take("roads", file)
    assert (report.read, report.stored, report.quarantined, report.reasons) == (2, 1, 1, {"no_street": 1})
    [row] = desk.quarantine()
    assert (row.line, row.code, row.content["name"]) == (1, "no_street", "1 号线")
    assert "'subway'" in row.reason


def test_streets_that_a_file_does_not_bring_end_unless_one_of_its_rows_waits(desk) -> None:
    desk.take("roads", desk.geojson("a.geojson", (line(A, B), {"id": "1"}), (line(B, C), {"id": "2"})))
    before = living(desk)
    # The second row may be street 2, with a fault: then nobody knows that it has gone.
    faulty = desk.geojson("a.geojson", (line(A, B), {"id": "1"}), ("POINT (118.351 31.740)", {"id": "2"}))
    report = desk.take("roads", faulty)
    assert (report.unchanged, report.quarantined, report.ended) == (1, 1, 0)
    assert living(desk) == before
    # A railway never was a street.
    harmless = desk.geojson("a.geojson", (line(A, B), {"id": "1"}), (line(C, D), {"id": "3", "highway": "rail"}))
    report = desk.take("roads", harmless)
    assert (report.unchanged, report.quarantined, report.ended) == (1, 1, 1)
    assert set(living(desk)) == {"1"}


def test_a_long_street_is_cut_into_equal_pieces_that_join(desk) -> None:
    report = desk.take("roads", desk.geojson("a.geojson", (line(A, (118.3535, 31.740)), {})))
    rows = desk.rows("SELECT ordinal, length_m, ST_AsBinary(geom) FROM street_piece ORDER BY ordinal")
    lengths = [row[1] for row in rows]
    shapes = [shapely.from_wkb(bytes(row[2])) for row in rows]
    assert report.pieces == len(rows) == 4
    assert max(lengths) <= 100 and max(lengths) - min(lengths) < 0.001
    assert all(one.coords[-1] == two.coords[0] for one, two in pairwise(shapes))


def test_streets_with_one_key_are_told_apart_by_their_lines(desk) -> None:
    desk.take("roads", desk.geojson("a.geojson", *[(line(A, B), {"id": "1"})] * 2, (line(B, C), {"id": "1"})))
    assert len(living(desk)) == 3
    again = desk.take("roads", desk.geojson("a.geojson", (line(B, C), {"id": "1"}), *[(line(A, B), {"id": "1"})] * 2))
    assert again.unchanged == 3


def test_a_new_file_keeps_what_is_the_same_ends_what_vanished_and_tells_what_came_of_what(desk) -> None:
    desk.take("roads", desk.geojson("a.geojson", (line(A, B), {"id": "1", "name": "old"}), (line(B, C), {"id": "2"}),
                                    (line(C, D), {"id": "3"})))  # fmt: skip
    before = living(desk)
    pieces = desk.rows("SELECT p.id, s.source_key FROM street_piece p JOIN street s ON s.id = p.street_id ORDER BY 1")
    moved = (118.352, 31.7412)
    report = desk.take("roads", desk.geojson("a.geojson", (line(A, B), {"id": "1", "name": "new"}),
                                             (line(C, moved), {"id": "3"}), (line(A, NORTH), {"id": "4"})))  # fmt: skip
    after = living(desk)
    assert (report.stored, report.updated, report.unchanged, report.ended) == (1, 2, 0, 1)
    assert set(after) == {"1", "3", "4"}
    assert after["1"] == (before["1"][0], before["1"][1], "new")
    assert after["3"][0] != before["3"][0] and after["3"][1] == before["3"][1]
    kept = desk.rows("SELECT p.id, s.source_key FROM street_piece p JOIN street s ON s.id = p.street_id WHERE s.source_key = '1'"
                     " AND upper_inf(s.recorded)")  # fmt: skip
    assert kept == [row for row in pieces if row[1] == "1"]
    assert desk.rows("SELECT parent_id, child_id FROM street_lineage") == [(before["3"][0], after["3"][0])]
    assert desk.rows("SELECT network_version FROM county") == [(2,)]
    in_force = desk.rows(
        "SELECT DISTINCT street_id FROM street_piece WHERE upper_inf(recorded) AND valid @> CAST(:day AS date)"
    )
    assert {row[0] for row in in_force} == {row[0] for row in after.values()}


def lineage(desk) -> set[tuple[str, str]]:
    rows = desk.rows(
        "SELECT p.source_key, c.source_key FROM street_lineage l JOIN street p ON p.id = l.parent_id"
        " JOIN street c ON c.id = l.child_id"
    )
    return {tuple(row) for row in rows}


def test_a_street_that_a_new_one_cuts_is_told_to_live_on_in_its_parts_and_they_in_the_street_that_joins_them(
    desk,
) -> None:
    long, across = line(A, C), line((118.3512, 31.7395), (118.3512, 31.7405))
    desk.take("roads", desk.geojson("a.geojson", (long, {"id": "1"}), (line(A, NORTH), {"id": "2"})))
    desk.take("roads", desk.geojson("a.geojson", (long, {"id": "1"}), (across, {"id": "3"})))
    assert set(living(desk)) == {"1/1", "1/2", "3/1", "3/2"}
    assert lineage(desk) == {("1", "1/1"), ("1", "1/2")}
    desk.take("roads", desk.geojson("a.geojson", (long, {"id": "1"})))
    assert set(living(desk)) == {"1"}
    assert lineage(desk) == {("1", "1/1"), ("1", "1/2"), ("1/1", "1"), ("1/2", "1")}


def test_what_was_known_before_can_still_be_read(desk) -> None:
    desk.take("roads", desk.geojson("a.geojson", (line(A, B), {"id": "1", "name": "old"}), (line(B, C), {"id": "2"})))
    (instant,) = desk.rows("SELECT now()")[0]
    desk.take("roads", desk.geojson("a.geojson", (line(A, B), {"id": "1", "name": "new"})))
    then = desk.rows(
        "SELECT source_key, name FROM street WHERE recorded @> CAST(:instant AS timestamptz) AND valid @> CAST(:day AS date)"
        " ORDER BY 1",
        instant=instant,
    )
    assert then == [("1", "old"), ("2", "")]
    yesterday = desk.rows(
        "SELECT source_key FROM street WHERE upper_inf(recorded) AND valid @> CAST(:day AS date) - 1 ORDER BY 1"
    )
    assert yesterday == [("1",), ("2",)]


def test_two_sources_of_roads_live_side_by_side(desk) -> None:
    desk.take("roads", desk.geojson("a.geojson", (line(A, B), {"id": "1"})))
    report = desk.take("roads", desk.geojson("b.geojson", (line(B, C), {"id": "1"})))
    assert (report.stored, report.ended) == (1, 0)
    assert len(desk.rows("SELECT * FROM street WHERE upper_inf(recorded)")) == 2


def test_a_failure_in_the_middle_leaves_nothing(desk, database) -> None:
    with database.owner_session() as owner:
        owner.execute(text("ALTER TABLE street_piece ADD CONSTRAINT short CHECK (length_m < 50)"))
    before = desk.everything()
    with pytest.raises(Exception, match="short"):
        desk.take("roads", desk.geojson("a.geojson", (line(A, B), {})))
    assert desk.everything() == before
    assert desk.rows("SELECT network_version FROM county") == [(0,)]
