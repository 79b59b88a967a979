"""Hours of a day and terms of a year, from the cells of a table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_app.imports.kinds.hours import hours, stretches, terms
from geo_app.imports.problems import Problems
from geo_app.imports.rows import Rows


def read(what, *cells: object) -> tuple[list[object], list[int]]:
    """What ``hours`` or ``terms`` makes of cells, and which of them it refuses."""
    column = pd.Series(list(cells), dtype=object)
    problems = Problems("a.csv", Rows(pd.DataFrame({"x": column}), None, None, "line", np.arange(2, 2 + len(column))))
    made = what(column, "x", problems)
    return made.tolist(), sorted(problems.of_portion())


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("08:30-11:30 13:30-17:30", "08:30-11:30 13:30-17:30"),
        ("13:30–17:30，8:30—11:30", "08:30-11:30 13:30-17:30"),
        ("8:30至11:30、13：30 ~ 17：30", "08:30-11:30 13:30-17:30"),
        ("22:00-06:00", "22:00-06:00"),
        ("22:00-00:00", "22:00-24:00"),
        ("08:00-08:00", "08:00-08:00"),
        ("24小时", "00:00-24:00"),
        ("全天", "00:00-24:00"),
        ("00:00-24:00", "00:00-24:00"),
        ("08:30:00-11:30:00", "08:30-11:30"),
        ("8时-17时", "08:00-17:00"),
        ("8-17时", "08:00-17:00"),
        ("8点至17点半", "08:00-17:30"),
        ("8点30分到11点整；13时5分-17时", "08:30-11:00 13:05-17:00"),
        ("上午8:00—12:00,下午14:00-18:00", "08:00-12:00 14:00-18:00"),
        ("上午 8:00 - 12:00 下午2:00-6:00", "08:00-12:00 14:00-18:00"),
        ("上午8点-11点半下午2点-下午5点", "08:00-11:30 14:00-17:00"),
        ("下午1:30-9:00", "13:30-21:00"),
        ("22:00-次日6:00", "22:00-06:00"),
        ("晚上10点至次日早上6点", "22:00-06:00"),
        ("全天 24 小时", "00:00-24:00"),
        ("", None),
        (None, None),
    ],
)
def test_hours_are_read_as_people_write_them(said: object, meant: object) -> None:
    assert read(hours, said) == ([meant], [])


@pytest.mark.parametrize(
    "said",
    ["白班", "8:30", "08:30-", "25:00-26:00", "08:61-09:00", "24:00-06:00", "08:00-12:00 11:00-13:00",
     "22:00-06:00 05:00-07:00", "00:00-24:00 08:00-09:00", "08:00-09:00 08:00-09:00", "-", "08:00-09:00-10:00",
     "8-17", "晚上10:00-6:00", "上午9:00-5:00", "8点至", "下午8:00-次日9点半吧", "08:00-次日09:00", "8:00-12:0014:00-18:00"],
)  # fmt: skip
def test_hours_that_are_none_or_overlap_are_a_problem(said: str) -> None:
    values, refused = read(hours, "08:00-12:00", said)
    assert values[0] == "08:00-12:00" and (refused == [1] or said == "-")


@given(st.lists(st.integers(0, 1440), min_size=2, max_size=12, unique=True).map(sorted))
def test_what_was_read_reads_the_same_again(minutes: list[int]) -> None:
    """Stretches out of sorted minutes overlap nowhere; what hours makes of them means the same minutes."""
    pairs = list(zip(minutes[::2], minutes[1::2], strict=False))
    word = " ".join(f"{a // 60}:{a % 60:02d}-{b // 60}:{b % 60:02d}" for a, b in pairs)
    (meant,), refused = read(hours, word)
    assert not refused and stretches(str(meant)) == stretches(word) == pairs
    assert read(hours, meant) == ([meant], [])


@given(st.text(max_size=40))
def test_any_text_is_hours_or_a_problem(word: str) -> None:
    (value,), refused = read(hours, word)
    assert value is None or not refused


def test_terms_are_kept_in_their_order() -> None:
    said = "2026-09-01/2027-01-15，2026-02-16至2026-07-03"
    assert read(terms, said, "") == (["2026-02-16/2026-07-03 2026-09-01/2027-01-15", None], [])


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026年2月16日至2026年7月3日", "2026-02-16/2026-07-03"),
        ("2026年2月16日—7月3日", "2026-02-16/2026-07-03"),
        ("2026.2.16-7.3", "2026-02-16/2026-07-03"),
        ("2026.2.16-2026.7.3", "2026-02-16/2026-07-03"),
        ("2026-2-16 至 2026-7-3", "2026-02-16/2026-07-03"),
        ("2026/2/16-2026/7/3", "2026-02-16/2026-07-03"),
        ("2026.9.1-1.15", "2026-09-01/2027-01-15"),
        ("2026年9月1日至次年1月15日", "2026-09-01/2027-01-15"),
        ("上学期：2026.9.1-2027.1.15；下学期：2027.2.16-7.3", "2026-09-01/2027-01-15 2027-02-16/2027-07-03"),
    ],
)
def test_terms_are_read_as_people_write_them(said: str, meant: str) -> None:
    assert read(terms, said) == ([meant], [])
    assert read(terms, meant) == ([meant], [])


@pytest.mark.parametrize(
    "said",
    ["2.16-7.3", "2026.2.16-7", "2026.2.16-2.30", "2026年2月至7月", "2026.9.1-2026.1.15", "2026", "2026-07-03/2026-02-16", "2026-02-16/2026-07-03 2026-07-03/2026-09-01", "2026-02-30/2026-07-03",
     "春季学期", "2026-02-16"],
)  # fmt: skip
def test_terms_that_are_none_or_overlap_are_a_problem(said: str) -> None:
    assert read(terms, said) == ([None], [0])
