"""Columns of longitudes and latitudes: numbers, and degrees with minutes and seconds or the letter of a hemisphere."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from geo_app.imports.problems import N_, FileRejected, Problems
from geo_app.imports.texts import as_words, letters_of, quoted, says_nothing, text, trimmed
from geo_app.imports.values import number
from layers.degrees import parse_degrees

PLAIN = r"^[+-]?[0-9.,]*(?:[eE][+-]?[0-9]+)?$"
EAST_WEST, NORTH_SOUTH = r"(?i)^\s*[ew]|[ew]\s*$|[东西]经", r"(?i)^\s*[ns]|[ns]\s*$|[南北]纬"
DEGREES = r"[°度º˚]"


def coordinates(
    table: pd.DataFrame, headings: tuple[str, str], problems: Problems, *, swapped: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Two columns of coordinates as floats, NaN where nothing is given or what is given is noted in ``problems``.

    headings: of the easting and the northing; ``swapped``: the other way round, as somebody said. Raises FileRejected
    when most rows that name their hemisphere stand in the wrong column.
    """
    x, y = (table[heading] for heading in headings)
    marks = (NORTH_SOUTH, EAST_WEST) if swapped else (EAST_WEST, NORTH_SOUTH)
    found = [angles_of(column, heading, problems) for column, heading in zip((x, y), headings, strict=True)]
    angles = [angle for _, angle in found]
    wrong = [
        angle & text(column).str.contains(other, regex=True).to_numpy(dtype=bool) if angle.any() else angle
        for column, angle, other in zip((x, y), angles, reversed(marks), strict=True)
    ]
    misplaced = wrong[0] | wrong[1]
    if misplaced.sum() * 2 > (angles[0] | angles[1]).sum():
        first = int(np.flatnonzero(misplaced)[0])
        raise swapped_axes(problems.file, f"({text(x).iloc[first][:40]}, {text(y).iloc[first][:40]})")
    for column, heading, mask in zip((x, y), headings, wrong, strict=True):
        problems.add(
            mask,
            "axes_swapped",
            N_("%(what)s %(value)s belongs into the other column: its letter says so"),
            N_("Swap longitude and latitude of this row."),
            what=heading,
            value=quoted(text(column)),
        )
    return found[0][0], found[1][0]


def swapped_axes(file: str, sample: str) -> FileRejected:
    """Why a file is refused in which the latitude stands in the place of the longitude."""
    return FileRejected.whole(
        file,
        "axes_swapped",
        N_("Longitude and latitude are swapped: %(sample)s has the latitude first."),
        N_("Write the longitude first, or swap the two headings."),
        sample=sample,
    )


def angles_of(column: pd.Series, what: str, problems: Problems) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of a column, and a mask of those that were no plain numbers but angles."""
    angle = np.zeros(len(column), dtype=bool)
    if pd.api.types.is_numeric_dtype(column.dtype) or _has_only_digits(column):
        return number(column, what, problems).to_numpy(dtype=float), angle
    words = trimmed(column)
    strange = ~pc.match_substring_regex(words, PLAIN).to_numpy(zero_copy_only=False) & ~says_nothing(words)
    if not strange.any():
        return number(column, what, problems).to_numpy(dtype=float), angle
    at = np.flatnonzero(strange)
    degrees = parse_degrees(words.take(at).to_pylist())
    angle[at] = np.isfinite(degrees)
    bad = np.zeros(len(column), dtype=bool)
    marked = pc.match_substring_regex(words, DEGREES).to_numpy(zero_copy_only=False)
    bad[at] = ~np.isfinite(degrees) & marked[at]
    problems.add(
        bad,
        "number",
        N_("%(what)s %(value)s is no angle"),
        N_("Write it as 118.351, 118°21′3.6″ or 118.351E; minutes and seconds are less than 60."),
        what=what,
        value=quoted(text(column)),
    )
    found = number(column.astype(object).mask(angle | bad), what, problems).to_numpy(dtype=float).copy()
    found[angle] = degrees[np.isfinite(degrees)]
    return found, angle


def _has_only_digits(column: pd.Series) -> bool:
    """Whether a column of text holds nothing but digits, signs, points and commas: most do, and a look at all bytes at
    once costs next to nothing."""
    words = as_words(column)
    if words is None:
        return False
    letters = letters_of(words)
    return not len(letters) or bool(letters.min() >= ord("+") and letters.max() <= ord("9"))
