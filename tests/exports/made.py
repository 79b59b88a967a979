"""Made-up rows: texts that break formats, and what incidents, places and grids can say. Nothing in it is real."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st
from shapely.geometry import Point, box

HARD = [
    "=1+1", "'=1", "''@x", "-5", "-5x", "+8613900000000", "@SUM(A1)", "\t=1", "a,b", 'say "no"', "it's", "'quoted'",
    "two\nlines", "two\r\nlines", "a\rb", "a;b", "a|b", "a\tb", "007", "1.0", "1e5", "340523001001001123", "NULL",
    "nan", "-", "true", "是", "😀🚓", "<img src=x onerror=alert(1)>", "${1}", "_x000D_", "2026-01-01", "　全角　", "\x01\x1f",
    "\x85", "\u2028", "\u202eabc", "\ufeffx", "\\N", "{}", "[1]", "POINT (1 2)",
]  # fmt: skip
TEXTS = st.one_of(st.sampled_from(HARD), st.text(max_size=20), st.text(alphabet="'=+-@\t \"\n,;a1", max_size=6))
WORDS = TEXTS.filter(lambda word: any(letter not in "'\x00" and not letter.isspace() for letter in word))
OPTIONAL = st.none() | TEXTS
TRUTH = st.sampled_from([None, True, False])
LONGITUDES, LATITUDES = st.floats(118.0, 118.7), st.floats(31.4, 32.0)
POINTS = st.builds(Point, LONGITUDES, LATITUDES)
MOMENTS = st.datetimes(dt.datetime(1950, 1, 1), dt.datetime(2026, 1, 1))
TIMES = st.one_of(
    st.none(),
    MOMENTS.map(lambda time: time.replace(microsecond=0).isoformat(" ")),
    MOMENTS.map(lambda time: time.isoformat()),
    MOMENTS.map(lambda time: time.date().isoformat()),
    MOMENTS.map(lambda time: time.strftime("%Y-%m")),
    MOMENTS.map(lambda time: time.replace(microsecond=0).isoformat() + "+05:30"),
)
UNKNOWN = {"处理结果": OPTIONAL, "risk": st.none() | st.floats(-1e6, 1e6) | st.integers(-(10**15), 10**15)}


def numbered(rows: list[dict[str, Any]], name: str, digits: int) -> list[dict[str, Any]]:
    """Rows with codes of their own, which begin with zeros."""
    return [{name: f"{place + 1:0{digits}d}"} | row for place, row in enumerate(rows)]


def lists(shape: st.SearchStrategy[Any], **said: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """Lists of (geometry, properties)."""
    return st.lists(st.tuples(shape, st.fixed_dictionaries(said)), min_size=10, max_size=15)


INCIDENTS = lists(
    st.none() | POINTS,
    reported_at=TIMES,
    occurred_from=TIMES,
    feedback_at=TIMES,
    category=OPTIONAL,
    category_feedback=OPTIONAL,
    case_kind=st.sampled_from([None, "纠纷", "incident"]),
    discovered_by=st.sampled_from([None, "群众报警", "grid"]),
    valid=TRUTH,
    preventable=TRUTH,
    non_police=TRUTH,
    description=OPTIONAL,
    address=OPTIONAL,
    caller_name=OPTIONAL,
    caller_telephone=OPTIONAL,
    simulated=TRUTH,
    **UNKNOWN,
)
PLACES = lists(
    POINTS,
    name=OPTIONAL,
    kind=st.sampled_from([None, "小学", "=bank", "shop"]),
    is_key=TRUTH,
    address=OPTIONAL,
    estate_access=st.sampled_from([None, "封闭", "开放"]),
    hours=st.sampled_from([None, "22:00-06:00", "08:30-11:30 13:30-17:00"]),
    terms=st.sampled_from([None, "2026-02-16/2026-07-03"]),
    simulated=TRUTH,
    **UNKNOWN,
)
GRID_SAYS = st.fixed_dictionaries(
    {
        "name": OPTIONAL,
        "kind": st.sampled_from([None, "微网格", "basic"]),
        "households": st.none() | st.integers(0, 2000),
        "leader_name": OPTIONAL,
        "leader_telephone": OPTIONAL,
        "workers": st.sampled_from([None, "李明", "王芳、李明", "=1+1"]),
        "simulated": TRUTH,
    }
)


@st.composite
def grids(draw: st.DrawFn) -> list[Any]:
    """A partition of a rectangle into cells with a code of 15 digits each."""
    xs, ys = ([0, *sorted(draw(st.sets(st.integers(1, 9), max_size=3))), 10] for _ in range(2))
    cells = [
        box(118.3 + x / 100, 31.7 + y / 100, 118.3 + right / 100, 31.7 + top / 100)
        for x, right in pairwise(xs)
        for y, top in pairwise(ys)
    ]
    said = [draw(GRID_SAYS) for _ in cells]
    codes = [f"340523001001{place + 1:03d}" for place in range(len(cells))]
    return [(cell, {"code": code} | row) for cell, code, row in zip(cells, codes, said, strict=True)]
