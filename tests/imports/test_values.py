"""Cells as they arrive, and headings as people write them: rules that hold for any input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_app.imports.columns import HEADINGS, recognise
from geo_app.imports.problems import Problems
from geo_app.imports.rows import Rows
from geo_app.imports.seen import Seen
from geo_app.imports.values import as_json, clock_times, instants, keys_by_content, number, text, truth

CELLS = st.one_of(st.none(), st.text(max_size=12), st.integers(), st.floats(), st.booleans())


def collector(length: int) -> Problems:
    table = pd.DataFrame(index=pd.RangeIndex(length))
    return Problems("a.csv", Rows(table, None, None, "line", np.arange(2, length + 2)))


@settings(deadline=None)
@given(st.sampled_from(sorted(HEADINGS)), st.lists(st.text(max_size=20), max_size=20))
def test_a_heading_means_one_thing_or_nothing(kind: str, headings: list[str]) -> None:
    recognised = recognise(kind, headings)
    used = list(recognised.found.values())
    assert len(used) == len(set(used))
    assert not set(used) & set(recognised.unknown)
    assert set(used) | set(recognised.unknown) <= set(headings)


def test_headings_are_recognised_whatever_their_case_width_and_spaces() -> None:
    found = recognise("incidents", ["ＳＡＣＳ＿ＤＱＪＤ", " sacs-dqwd", "Jjdbh", "报警 时间", "无关"])
    assert set(found.found) == {"longitude", "latitude", "number", "reported_at"}
    assert found.unknown == ("无关",)


@settings(deadline=None)
@given(st.lists(CELLS, min_size=1, max_size=15))
def test_any_cell_becomes_clean_text_a_number_a_truth_or_a_problem(cells: list[object]) -> None:
    column = pd.Series(cells, dtype=object)
    words = text(column)
    assert all(isinstance(word, str) and "\x00" not in word and word == word.strip() for word in words)
    for read in (number, truth):
        problems = collector(len(cells))
        values = read(column, "cell", problems)
        assert len(values) == len(cells)
    problems = collector(len(cells))
    instants(words, "Asia/Shanghai", "cell", problems)
    clock_times(words, "cell", problems)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xy")), min_size=1, max_size=12),
    st.randoms(),
    st.integers(0, 12),
)
def test_keys_by_content_are_unique_and_depend_neither_on_order_nor_on_portions(rows, random, cut: int) -> None:
    def keys(*portions) -> set[str]:
        seen, found = Seen(), set()
        for portion in portions:
            table = pd.DataFrame(portion, columns=["one", "two"])
            nowhere = np.full(len(portion), None, dtype=object)
            found |= set(keys_by_content(table, nowhere, seen, np.arange(len(portion))))
        return found

    shuffled = random.sample(rows, len(rows))
    assert len(keys(rows)) == len(rows)
    assert keys(rows) == keys(shuffled) == keys(rows[:cut], rows[cut:])


def test_what_is_missing_is_left_out_of_what_arrived() -> None:
    table = pd.DataFrame({"a": [1.0, np.nan], "b": ["x", None], "c": [np.int32(3), np.int32(4)]})
    assert as_json(table) == ['{"a": 1.0, "b": "x", "c": 3}', '{"c": 4}']


@pytest.mark.parametrize(
    ("said", "meant"),
    [("1,234.5", 1234.5), ("-12,345,678", -12345678), ("118,3512", 118.3512), ("0,351", 0.351), ("31,7", 31.7)],
)
def test_a_comma_that_has_one_meaning_is_read(said: str, meant: float) -> None:
    problems = collector(1)
    assert number(pd.Series([said]), "cell", problems).tolist() == [meant]
    assert problems.of_portion() == {}


@pytest.mark.parametrize(
    ("words", "what", "counts", "meant"),
    [
        (["118,351", "118,3512"], "cell", False, [118.351, 118.3512]),
        (["1,234", "0,5", ""], "cell", False, [1.234, 0.5, None]),
        (["1,234", "12,345,678", "7"], "cell", False, [1234, 12345678, 7]),
        (["1,234", "1,234.5"], "cell", False, [1234, 1234.5]),
        (["118,351"], "经度", False, [118.351]),
        (["31,742"], "latitude (°)", False, [31.742]),
        (["1,234", "567"], "households", True, [1234, 567]),
        (["1,234户"], "households", True, [1234]),
        (["1,234", "5,6", "1,234,567"], "cell", False, [None, 5.6, 1234567]),
        (["1,234", "5"], "cell", False, [None, 5]),
    ],
)
def test_what_a_comma_means_is_told_by_the_column_as_a_whole(words, what, counts, meant) -> None:
    problems = collector(len(words))
    found = number(pd.Series(words), what, problems, counts=counts)
    assert [None if pd.isna(one) or row in problems.of_portion() else one for row, one in enumerate(found)] == meant
    assert len(problems.of_portion()) == sum(one is None and words[row] != "" for row, one in enumerate(meant))


@pytest.mark.parametrize(
    ("said", "begins", "ends"),
    [
        ("2026年1月2日8时30分", "2026-01-02T08:30:00", "2026-01-02T08:30:00"),
        ("2026年01月02日 08时30分15秒", "2026-01-02T08:30:15", "2026-01-02T08:30:15"),
        ("2026 年 1 月 2 日 8：30", "2026-01-02T08:30:00", "2026-01-02T08:30:00"),
        ("2026年1月2号8点整", "2026-01-02T08:00:00", "2026-01-02T08:00:00"),
        ("２０２６年１月２日", "2026-01-02T00:00:00", "2026-01-02T23:59:59"),
        ("2026年1月", "2026-01-01T00:00:00", "2026-01-31T23:59:59"),
        ("2026年", "2026-01-01T00:00:00", "2026-12-31T23:59:59"),
    ],
)
def test_times_are_read_as_chinese_forms_write_them(said: str, begins: str, ends: str) -> None:
    problems = collector(1)
    found = instants(pd.Series([said]), "Asia/Shanghai", "time", problems)
    assert problems.of_portion() == {}
    assert [part[0].tz_convert("Asia/Shanghai").tz_localize(None).isoformat() for part in found] == [begins, ends]


def test_a_day_ends_with_the_countys_clock_on_the_days_when_it_is_changed() -> None:
    begins, ends = instants(pd.Series(["2026-03-08", "2026-11-01"]), "America/Vancouver", "time", collector(2))
    assert (ends - begins).dt.total_seconds().tolist() == [23 * 3600 - 1, 25 * 3600 - 1]


def test_a_time_that_the_clock_skipped_moves_on_and_one_that_it_showed_twice_is_the_first() -> None:
    column = pd.Series(["2026-03-08 02:30:00", "2026-11-01 01:30:00"])
    found, _ = instants(column, "America/Vancouver", "time", collector(2))
    assert [moment.isoformat() for moment in found] == ["2026-03-08T10:00:00+00:00", "2026-11-01T08:30:00+00:00"]
