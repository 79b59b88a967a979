"""Columns are cleaned as a whole where they hold nothing but text: with the same result as cell by cell."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo_app.imports import packing
from geo_app.imports.kinds.incidents import CASE_KINDS
from geo_app.imports.problems import Problems
from geo_app.imports.rows import Rows
from geo_app.imports.values import (
    FALSE,
    NOTHING,
    TRUE,
    as_json,
    choice,
    json_column,
    number,
    optional_text,
    text,
    text_held_in_arrow,
    truth,
)

LETTERS = st.characters(exclude_categories=["Cs"])
WORDS = st.one_of(
    st.text(LETTERS, max_size=8),
    st.sampled_from(
        ["", " ", "　和平路　", '"', "\\", "\\u0000", "a\x00b", "\t1", "NULL", "是", "否", "警情", "TRUE", "1e3"]
    ),
    st.from_regex(r"[+-]?[0-9]{1,4}([.,][0-9]{0,3})?", fullmatch=True),
)
CELLS = st.one_of(WORDS, st.none(), st.integers(-(2**60), 2**60), st.floats(), st.booleans(), st.just("\ud800x"))
TEXTS = st.lists(st.one_of(WORDS, st.none()), min_size=1, max_size=30)
ANYTHING = st.lists(CELLS, min_size=1, max_size=30)


def as_columns(cells: list[object]) -> list[pd.Series]:
    """The same cells in the layouts in which readers hand columns over."""
    columns = [pd.Series(cells, dtype=object)]
    if all(cell is None or (isinstance(cell, str) and "\ud800" not in cell) for cell in cells):
        columns += [pd.Series(cells, dtype="str"), pd.Series(cells, dtype="string")]
    return columns


def collector(length: int) -> Problems:
    return Problems("a.csv", Rows(pd.DataFrame(index=range(length)), None, None, "line", np.arange(length) + 2))


# The plain way, cell by cell.


def is_missing(cell: object) -> bool:
    return cell is None or cell is pd.NA or (isinstance(cell, float) and np.isnan(cell))


def plain_text(cell: object) -> str:
    if is_missing(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).replace("\x00", "").strip().encode("utf-8", "replace").decode()


def plain_value(cell: object) -> object:
    """A cell as it comes out of JSON again."""
    if isinstance(cell, str):
        return cell.replace("\x00", "").encode("utf-8", "replace").decode()
    return str(cell) if isinstance(cell, float) and np.isinf(cell) else cell


@settings(deadline=None)
@given(st.one_of(TEXTS, ANYTHING))
def test_text_is_the_text_of_each_cell(cells) -> None:
    for column in as_columns(cells):
        words = text(column)
        assert words.tolist() == [plain_text(cell) for cell in cells]
        assert words.dtype == "str" and words.index.equals(column.index)
        known = optional_text(column)
        assert known.isna().tolist() == [plain_text(cell) == "" for cell in cells]
        assert known.dropna().tolist() == [word for word in map(plain_text, cells) if word]


def test_a_column_that_is_a_part_of_another_is_cleaned_by_itself() -> None:
    column = pd.Series(["a\x00", " b ", "c", "d"])[1:3]
    assert text(column).to_dict() == {1: "b", 2: "c"}


@settings(deadline=None)
@given(st.one_of(TEXTS, ANYTHING), st.one_of(TEXTS, ANYTHING))
def test_a_row_is_the_json_of_its_cells(first, second) -> None:
    count = min(len(first), len(second))
    expected = [
        {name: plain_value(cell) for name, cell in (('名 "称"', one), ("b", other)) if not is_missing(cell)}
        for one, other in zip(first, second, strict=False)
    ]
    for left, right in zip(as_columns(first[:count]), as_columns(second[:count]), strict=False):
        table = pd.DataFrame({'名 "称"': left, "b": right})
        rows = as_json(table)
        assert [json.loads(row) for row in rows] == expected
        # To the letter: keys by content are hashes of it.
        assert rows == [json.dumps(one, ensure_ascii=False) for one in expected]
        assert json_column(table).tolist() == rows


def test_a_table_without_columns_or_without_anything_in_a_row_has_empty_objects() -> None:
    assert as_json(pd.DataFrame(index=range(2))) == ["{}", "{}"]
    assert as_json(pd.DataFrame({"a": ["x", None, None], "b": [None, None, "y"]})) == ['{"a": "x"}', "{}", '{"b": "y"}']
    assert as_json(pd.DataFrame({"a": []})) == []


def test_what_json_has_no_word_for_is_text_in_it() -> None:
    table = pd.DataFrame({"a": [pd.Timestamp("2026-01-02"), np.inf, [1, np.nan], {"x": "\x00\\u0000"}]}, dtype=object)
    assert [json.loads(row)["a"] for row in as_json(table)] == [
        "2026-01-02 00:00:00", "inf", "[1, nan]", {"x": "\\u0000"}
    ]  # fmt: skip


@settings(deadline=None)
@given(TEXTS)
@example([",0", "1,000"])
def test_a_number_is_read_in_a_column_as_in_a_cell_of_its_own(cells) -> None:
    for column in as_columns(cells):
        together = collector(len(cells))
        found = number(column, "cell", together)
        assert found.dtype == float
        for row, cell in enumerate(cells):
            alone = collector(2)
            # A cell of letters beside it has the whole column read the careful way.
            one = number(pd.Series([cell, "letters"], dtype=object), "cell", alone)[0]
            told = alone.of_portion().get(0)
            if told is not None and "thousands or a decimal" in told.reason:
                continue  # what its comma means the other numbers of a column may tell
            assert found[row] == one or (np.isnan(found[row]) and np.isnan(one))
            assert (row in together.of_portion()) == (told is not None)


@pytest.mark.parametrize(
    ("what", "said", "meant"),
    [
        ("length", "50米", 50), ("height_m", "12.5 m", 12.5), ("levels", "3层", 3), ("speed_kmh", "60km/h", 60),
        ("speed_kmh", "60 KM/H", 60), ("range_m", "1,234.5米", 1234.5), ("households", "420户", 420),
        ("people", "1200人", 1200), ("bearing", "90°", 90), ("response_minutes", "5分钟", 5), ("longitude", "118.35°", 118.35),
    ],
)  # fmt: skip
def test_a_unit_behind_a_measure_is_no_part_of_its_number(what, said, meant) -> None:
    problems = collector(2)
    assert number(pd.Series([said, "1"]), what, problems).tolist() == [meant, 1]
    assert not problems.of_portion()


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("length", "1.2km"),
        ("speed_mps", "60km/h"),
        ("x", "50层"),
        ("经度", "50米"),
        ("levels", "米"),
        ("people", "约50人"),
    ],
)
def test_another_unit_or_a_unit_of_what_is_no_measure_is_no_number(what, said) -> None:
    problems = collector(1)
    assert number(pd.Series([said]), what, problems).isna().all()
    assert problems.of_portion()[0].said() == f"{what} {said!r} is no number"


@settings(deadline=None)
@given(st.one_of(TEXTS, ANYTHING))
def test_yes_no_and_choices_are_read_as_each_word_is(cells) -> None:
    for column in as_columns(cells):
        problems, other = collector(len(cells)), collector(len(cells))
        truths = truth(column, "cell", problems)
        kinds = choice(column, CASE_KINDS, "cell", other, default="incident")
        for row, word in enumerate(plain_text(cell).casefold() for cell in cells):
            assert truths[row] is (True if word in TRUE else False if word in FALSE and word else None)
            assert (row in problems.of_portion()) == (word not in TRUE | FALSE | NOTHING)
            assert kinds[row] == CASE_KINDS.get(word, "incident" if word in NOTHING else None)
            assert (row in other.of_portion()) == (word not in set(CASE_KINDS) | NOTHING)


def test_only_columns_of_nothing_but_text_are_laid_out_anew() -> None:
    table = pd.DataFrame({"a": ["x", None], "b": ["x", 1], "c": [None, 1.5], "d": [1, 2]}).astype({"a": object})
    held = text_held_in_arrow(table)
    assert [str(held[name].dtype) for name in held] == ["str", "object", "float64", "int64"]
    assert held["b"].tolist() == ["x", 1]
    assert table["a"].dtype == object  # the caller's own


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            st.none(),
            st.builds(shapely.Point, st.floats(-180, 180), st.floats(-90, 90)),
            st.sampled_from([shapely.Point(), shapely.Point(1, 2, 3), shapely.LineString([(0, 0), (1, 1)])]),
        ),
        max_size=8,
    )
)
def test_points_are_packed_as_the_database_knows_them(shapes) -> None:
    column = pd.Series(np.array([*shapes, None], dtype=object)[:-1], name="geom")
    known = [
        None if one is None else shapely.to_wkb(shapely.set_srid(one, 4326), hex=True, include_srid=True)
        for one in shapes
    ]
    lines = packing.as_copied(pd.DataFrame({"geom": column, "n": range(len(shapes))})).decode().splitlines()
    assert lines == [f"{one or MISSING}\t{n}" for n, one in enumerate(known)]


MISSING = "\\N"


def test_instants_are_packed_with_their_zone() -> None:
    times = pd.Series(pd.to_datetime(["2026-01-02 08:30:15.25", None], utc=True)).astype("datetime64[us, UTC]")
    assert packing.as_copied(pd.DataFrame({"t": times, "e": ["", "x"]})).decode() == (
        "2026-01-02 08:30:15.250000Z\t\n\\N\tx\n"
    )
