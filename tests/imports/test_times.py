"""Times as people and programs write them: what each text says, and that a column is read as its cells are."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_app.imports import time_columns
from geo_app.imports.kinds.base import County
from geo_app.imports.problems import Problems
from geo_app.imports.reading import Plan, portions
from geo_app.imports.rows import Rows
from geo_app.imports.values import instants

SHANGHAI = "Asia/Shanghai"
COUNTY = County(1, "340523", "和县", 4548, SHANGHAI)


def collector(length: int) -> Problems:
    return Problems("a.csv", Rows(pd.DataFrame(index=range(length)), None, None, "line", np.arange(length) + 2))


def read(words: list[str], zone: str = SHANGHAI) -> tuple[list[tuple[str, str] | None], list[str]]:
    """What each word says on the clock of the zone, None for what is no time; and the problems."""
    problems = collector(len(words))
    begins, last = instants(pd.Series(words, dtype=object), zone, "time", problems)
    assert begins.dtype == last.dtype == "datetime64[us, UTC]"
    said = [
        None if pd.isna(one) else tuple(f"{t.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}" for t in (one, other))
        for one, other in zip(begins, last, strict=True)
    ]
    return said, [problem.said() for problem in problems.of_portion().values()]


MOMENTS = {
    "2026-01-02 08:30:15": "2026-01-02 08:30:15",
    "2026/1/2 8:30": "2026-01-02 08:30:00",
    "2026.1.2 8:30:15": "2026-01-02 08:30:15",
    "20260102083015": "2026-01-02 08:30:15",
    "202601020830": "2026-01-02 08:30:00",
    "20260102 083015": "2026-01-02 08:30:15",
    "20260102T083015Z": "2026-01-02 16:30:15",
    "2026年1月2日8时30分15秒": "2026-01-02 08:30:15",
    "2026年01月02日 08时30分": "2026-01-02 08:30:00",
    "2026 年 1 月 2 日 8：30": "2026-01-02 08:30:00",
    "2026年1月2号8点整": "2026-01-02 08:00:00",
    "2026年1月2日8点半": "2026-01-02 08:30:00",
    "２０２６－０１－０２　０８：３０": "2026-01-02 08:30:00",
    "2026-01-02T08": "2026-01-02 08:00:00",
    "2026-01-02 08:30:15.250": "2026-01-02 08:30:15",
    "2026-01-02 24:00": "2026-01-03 00:00:00",
    "31/01/2026 11:59 PM": "2026-01-31 23:59:00",
    "01/31/2026 11:59 PM": "2026-01-31 23:59:00",
    "1/31/2026 12:05:00 am": "2026-01-31 00:05:00",
    "2026-01-02 上午8:30": "2026-01-02 08:30:00",
    "2026/1/2 下午 3:20:00": "2026-01-02 15:20:00",
    "2026/1/2 上午 12:05": "2026-01-02 00:05:00",
    "2026/1/2 下午 12:05": "2026-01-02 12:05:00",
    "2026年1月2日下午14:30": "2026-01-02 14:30:00",
    "2026年1月2日晚上8点半": "2026-01-02 20:30:00",
    "2026年1月2日凌晨1时": "2026-01-02 01:00:00",
    "2026年1月2日中午1点": "2026-01-02 13:00:00",
    "45678.354166667": "2025-01-21 08:30:00",
    "1767313815": "2026-01-02 08:30:15",
    "1001010101": "2001-09-21 02:21:41",
    "1767313815000": "2026-01-02 08:30:15",
    "2026-01-02T00:30:15Z": "2026-01-02 08:30:15",
    "2026-01-02T08:30:15+0800": "2026-01-02 08:30:15",
    "2026-01-02 08:30:15+08": "2026-01-02 08:30:15",
    "2026-01-01T19:30-05:00": "2026-01-02 08:30:00",
    "2026-01-01 19:30:15-05:00": "2026-01-02 08:30:15",
}
SPANS = {
    "2026-01-02": ("2026-01-02 00:00:00", "2026-01-02 23:59:59"),
    "2026.1.2": ("2026-01-02 00:00:00", "2026-01-02 23:59:59"),
    "20260102": ("2026-01-02 00:00:00", "2026-01-02 23:59:59"),
    "2026年1月2日": ("2026-01-02 00:00:00", "2026-01-02 23:59:59"),
    "31.12.2026": ("2026-12-31 00:00:00", "2026-12-31 23:59:59"),
    "5/5/2026": ("2026-05-05 00:00:00", "2026-05-05 23:59:59"),
    "45678": ("2025-01-21 00:00:00", "2025-01-21 23:59:59"),
    "2026050108": ("2026-05-01 08:00:00", "2026-05-01 08:59:59"),
    "2034010100": ("2034-01-01 00:00:00", "2034-01-01 00:59:59"),
    "2026050108-2026050110": ("2026-05-01 08:00:00", "2026-05-01 10:59:59"),
    "2026-02": ("2026-02-01 00:00:00", "2026-02-28 23:59:59"),
    "2026/12": ("2026-12-01 00:00:00", "2026-12-31 23:59:59"),
    "2026年2月": ("2026-02-01 00:00:00", "2026-02-28 23:59:59"),
    "2026": ("2026-01-01 00:00:00", "2026-12-31 23:59:59"),
    "2026年": ("2026-01-01 00:00:00", "2026-12-31 23:59:59"),
    # From–to in one cell.
    "2026-01-02 22:00至2026-01-03 06:00": ("2026-01-02 22:00:00", "2026-01-03 06:00:00"),
    "2026-01-02 22:00 到 2026-01-03 06:00": ("2026-01-02 22:00:00", "2026-01-03 06:00:00"),
    "2026-01-02 22:00-2026-01-03 06:00": ("2026-01-02 22:00:00", "2026-01-03 06:00:00"),
    "2026-01-02 22:00-06:00": ("2026-01-02 22:00:00", "2026-01-03 06:00:00"),
    "2026-01-02 22:00 - 23:30": ("2026-01-02 22:00:00", "2026-01-02 23:30:00"),
    "2026-01-02 22:00~06:00": ("2026-01-02 22:00:00", "2026-01-03 06:00:00"),
    "2026-01-02 22:00～06:00": ("2026-01-02 22:00:00", "2026-01-03 06:00:00"),
    "2026-01-02 08:00—24:00": ("2026-01-02 08:00:00", "2026-01-03 00:00:00"),
    "2026-01-02 08:00:00-17:00:00": ("2026-01-02 08:00:00", "2026-01-02 17:00:00"),
    "2026/1/2-2026/1/5": ("2026-01-02 00:00:00", "2026-01-05 23:59:59"),
    "2026-01-02至2026-01-05": ("2026-01-02 00:00:00", "2026-01-05 23:59:59"),
    "2026年1月2日22时至3日6时": ("2026-01-02 22:00:00", "2026-01-03 06:00:00"),
    "2026年1月2日22时至次日6时": ("2026-01-02 22:00:00", "2026-01-03 06:00:00"),
    "2026年1月31日至2月1日": ("2026-01-31 00:00:00", "2026-02-01 23:59:59"),
    "2026年1月2日下午2时至下午5时": ("2026-01-02 14:00:00", "2026-01-02 17:00:00"),
}
NO_TIMES = (
    "昨晚", "昨天22:00", "22:00-06:00", "8:30", "上午8:30", "2026-13-01", "2026-02-30", "2026-02-30 08:00:00",
    "2026-01-02 25:00", "2026-01-02 08:60", "2026-1-28:30", "202601", "0000-00-00 00:00:00", "12345", "99999",
    "2601021530", "2026023008", "2026050124", "2026130108", "2000000000", "2026-01-02 08:30 报警", "2026-01-02x", "2026年1月2日晚上12点", "2026年1月2日下午2时至5时",
    "2026-01-02至06:00", "2026-01-02 22:00至2026-01-03T06:00:00Z", "1-2", "2026年1月2日30日",
)  # fmt: skip


@pytest.mark.parametrize(("word", "moment"), MOMENTS.items())
def test_a_moment_is_read_in_the_form_in_which_it_is_written(word, moment) -> None:
    assert read([word]) == ([(moment, moment)], [])


@pytest.mark.parametrize(("word", "span"), SPANS.items())
def test_what_names_no_moment_keeps_its_first_and_its_last_second(word, span) -> None:
    assert read([word]) == ([span], [])


@pytest.mark.parametrize("word", NO_TIMES)
def test_what_is_no_time_is_a_problem_that_says_so(word) -> None:
    assert read([word]) == ([None], [f"time {word!r} is no time"])


@pytest.mark.parametrize("word", ["26-01-02", "26/1/2 8:30", "1/2/26", "26年1月2日", "31.12.26 08:00"])
def test_years_of_two_digits_are_refused(word) -> None:
    assert read([word]) == ([None], [f"time {word!r} has a year of two digits"])


@pytest.mark.parametrize("word", ["2026-01-02至2026-01-01", "2026-01-02 22:00-2026-01-02 21:00", "2026年1月5日至2日"])
def test_a_range_that_ends_before_it_begins_is_a_problem(word) -> None:
    assert read([word]) == ([None], ["it ends before it begins"])


@pytest.mark.parametrize("word", ["", " ", "-", "NULL", "n/a", "\\N"])
def test_what_is_missing_is_no_problem(word) -> None:
    assert read([word]) == ([None], [])


@pytest.mark.parametrize(
    ("words", "first"),
    [
        (["1/2/2026", "3/2/2026", "13/2/2026"], "2026-02-01"),
        (["1/2/2026", "3/2/2026", "2/13/2026"], "2026-01-02"),
        (["1-2-2026 8:30", "", "28-2-2026 9:00"], "2026-02-01"),
        (["01.02.2026", "31.01.2026"], "2026-02-01"),
    ],
)
def test_the_column_tells_which_of_day_and_month_stands_first(words, first) -> None:
    said, problems = read(words)
    assert not problems
    assert said[0] is not None and said[0][0].startswith(first)


@pytest.mark.parametrize("others", [[], ["3/4/2026"], ["13/2/2026", "2/13/2026"]])
def test_a_date_of_which_the_column_does_not_tell_is_refused_with_a_word_how_to_write_it(others) -> None:
    problems = collector(1 + len(others))
    begins, _ = instants(pd.Series(["1/2/2026", *others]), SHANGHAI, "报警时间", problems)
    problem = problems.of_portion()[0]
    assert pd.isna(begins[0])
    assert problem.said() == "报警时间 '1/2/2026' may begin with the day or the month, and no other row tells which"
    assert "2026-11-22 08:30:00" in problem.remedy


def test_a_portion_of_a_file_remembers_what_the_portions_before_it_told(tmp_path) -> None:
    path = tmp_path / "calls.csv"
    dates = [f"{1 + row % 28}/2/2026" for row in range(20_000)] + ["1/3/2026", "2/3/2026"]
    path.write_text("jjdbh,bjsj\n" + "".join(f"{n},{date}\n" for n, date in enumerate(dates)), encoding="utf-8")
    *_, last = portions(Plan(path, "incidents", COUNTY))
    assert last.refused == []
    found = last.made["reported_at"].iloc[-1].tz_convert(SHANGHAI)
    assert (found.month, found.day) == (3, 2)


def test_a_range_in_one_cell_is_the_range_of_an_incident(tmp_path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(
        "jjdbh,案发时间,bjsj\n1,,2026-01-02 22:00至次日06:00\n2,,2026-01-04 09:00-09:30\n", encoding="utf-8"
    )
    (portion,) = portions(Plan(path, "incidents", COUNTY))
    ranges = portion.made[["occurred_from", "occurred_to"]].apply(lambda one: one.dt.tz_convert(SHANGHAI).astype(str))
    assert ranges.to_numpy().tolist() == [
        ["2026-01-02 22:00:00+08:00", "2026-01-03 06:00:00+08:00"],
        ["2026-01-04 09:00:00+08:00", "2026-01-04 09:30:00+08:00"],
    ]


def test_a_dash_is_not_taken_for_a_range_where_it_may_be_the_offset_of_the_place() -> None:
    word = "2026-01-02 22:00-07:00"
    assert read([word, word] * 40, "America/Phoenix") == (
        [None] * 80, [f"time {word!r} may be a range, or a time with its offset from UTC"] * 80
    )  # fmt: skip
    assert read([word], SHANGHAI)[0] == [("2026-01-02 22:00:00", "2026-01-03 07:00:00")]
    assert read(["2026-01-02 22:00~07:00"], "America/Phoenix")[0] == [("2026-01-02 22:00:00", "2026-01-03 07:00:00")]


def test_a_day_ends_with_the_countys_clock_on_the_days_when_it_is_changed() -> None:
    begins, last = instants(pd.Series(["2026-03-08", "2026-11-01"]), "America/Vancouver", "time", collector(2))
    assert (last - begins).dt.total_seconds().tolist() == [23 * 3600 - 1, 25 * 3600 - 1]


def test_a_time_that_the_clock_skipped_moves_on_and_one_that_it_showed_twice_is_the_first() -> None:
    column = pd.Series(["2026-03-08 02:30:00", "2026-11-01 01:30:00"] * 40)
    found, _ = instants(column, "America/Vancouver", "time", collector(80))
    assert [moment.isoformat() for moment in found[:2]] == ["2026-03-08T10:00:00+00:00", "2026-11-01T08:30:00+00:00"]


FORMATS = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y.%m.%d", "%Y%m%d%H%M%S", "%Y%m%d%H%M", "%Y%m%d%H", "%Y%m%d",
    "%Y年%m月%d日%H时%M分%S秒", "%Y年%m月%d日", "%Y-%m-%d 下午%I:%M", "%d/%m/%Y %I:%M %p", "%m/%d/%Y %H:%M",
    "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S+08:00", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M至%Y-%m-%d 23:59",
    "%Y-%m-%d %H:%M-23:%M", "%Y/%m/%d-%Y/%m/%d", "%s", "%s000", "45%j.25", "44%j",
)  # fmt: skip
GARBAGE = ("", "昨晚", "2026-02-30", "2026-02-30 08:30:00", "30/02/2026 08:30", "20260230", "NULL", "2026-04-31 00:00",
           "2026年2月30日", "2026", "2026-1-2", "26-01-02")  # fmt: skip


def made(rng: np.random.Generator, formats: list[str], count: int = 120) -> list[str]:
    """Made times of the years 2010 to 2032, written in turn in each format."""
    times = pd.Timestamp("2001-01-01") + pd.to_timedelta(rng.integers(300_000_000, 1_000_000_000, count), unit="s")
    return [time.strftime(formats[at % len(formats)]) for at, time in enumerate(times)]


@settings(deadline=None)
@given(st.integers(0, 2**32), st.lists(st.sampled_from(FORMATS), min_size=1, max_size=3), st.booleans())
def test_a_column_is_read_at_once_as_its_cells_are_read_one_by_one(seed, formats, has_garbage) -> None:
    words = made(np.random.default_rng(seed), formats)
    if has_garbage:
        words[::7] = [GARBAGE[at % len(GARBAGE)] for at in range(len(words[::7]))]
    found = []
    for few in (time_columns.FEW, len(words) + 1):
        problems = collector(len(words))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(time_columns, "FEW", few)
            begins, last = instants(pd.Series(words), SHANGHAI, "time", problems)
        found.append((begins, last, {row: problem.reason for row, problem in problems.of_portion().items()}))
    at_once, one_by_one = found
    pd.testing.assert_series_equal(at_once[0], one_by_one[0])
    pd.testing.assert_series_equal(at_once[1], one_by_one[1])
    assert at_once[2] == one_by_one[2]


def test_hours_in_ten_digits_and_seconds_since_1970_are_told_apart_in_one_column() -> None:
    words = ["2026050108", "1767313815", "1001010101", "1900010100"] * 40
    found, problems = read(words)
    assert not problems
    assert [begins for begins, _ in found[:4]] == [
        "2026-05-01 08:00:00", "2026-01-02 08:30:15", "2001-09-21 02:21:41", "2030-03-18 04:35:00",
    ]  # fmt: skip


@pytest.mark.parametrize("format", FORMATS)
def test_a_column_in_one_form_leaves_few_cells_to_be_read_by_themselves(format, monkeypatch) -> None:
    alone = []
    said = time_columns.said
    monkeypatch.setattr(time_columns, "said", lambda word, order: alone.append(word) or said(word, order))
    words = made(np.random.default_rng(1), [format], 2_000)
    instants(pd.Series(words), SHANGHAI, "time", collector(len(words)))
    assert len(alone) < 50


@settings(deadline=None)
@given(st.datetimes(min_value=pd.Timestamp("1990-01-01"), max_value=pd.Timestamp("2099-12-30")))
def test_what_python_writes_is_read_back(moment) -> None:
    moment = moment.replace(microsecond=0)
    for word in (moment.isoformat(), moment.isoformat(" "), f"{moment:%Y%m%d%H%M%S}"):
        (found,), problems = read([word], "UTC")
        assert not problems
        assert found == (str(moment), str(moment))


@settings(deadline=None)
@given(st.lists(st.text(alphabet="0123456789-/.: 年月日时至~TZ上午下+", max_size=25), min_size=1, max_size=60))
def test_any_text_is_a_time_in_our_era_or_a_problem(words) -> None:
    problems = collector(len(words))
    begins, last = instants(pd.Series(words, dtype=object), SHANGHAI, "time", problems)
    known = begins.notna()
    assert (known == last.notna()).all()
    assert (begins[known] <= last[known]).all()
    assert all(999 <= one.year <= 9999 for one in begins[known])
