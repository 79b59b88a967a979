"""Angles as people and instruments write them."""

import re
from collections.abc import Iterable

import numpy as np

_MARKS = str.maketrans(
    {
        **dict.fromkeys("度º˚", "°"),
        **dict.fromkeys("分′’‘´`ʹ", "'"),
        **dict.fromkeys("秒″”“ʺ", '"'),
        **dict.fromkeys("−–－", "-"),
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
        "．": ".",
        "＋": "+",
    }
)
_HALVES = {"东经": "E", "西经": "W", "北纬": "N", "南纬": "S"}

_ANGLE = re.compile(
    r"""\s*([NSEW])?\s*([+-])?\s*
    (\d+(?:\.\d*)?)                                       # degrees
    (?:(\s*°\s*|\s+)(?:(\d+(?:\.\d*)?)                    # minutes
    (?:(?:\s*'\s*|\s+)(?:(\d+(?:\.\d*)?)\s*(?:"|'')?)?)?)?)?  # seconds
    \s*,?\s*([NSEW])?\s*""",
    re.VERBOSE | re.ASCII,
)


def parse_degrees(texts: Iterable[object]) -> np.ndarray:
    """Return the degrees that each text writes, NaN where it writes none; south and west are negative.

    Understood are 118.351, E118.351, 118°21′3.6″E, 118 21 3.6 and 118度21分3秒; a minus or one mark of the hemisphere, not
    both. 3144.52N is 31 degrees 44.52 minutes, as receivers of GPS write it, if it is marked so; two bare numbers are
    rather a pair of coordinates. Minutes or seconds of 60 and more, and degrees beyond 180 (90 with N or S), are none.
    """
    return np.array([_degrees(str(text)) for text in texts], dtype=float)


def _degrees(text: str) -> float:
    text = text.translate(_MARKS).upper()
    for chinese, letter in _HALVES.items():
        text = text.replace(chinese, letter)
    found = _ANGLE.fullmatch(text)
    if found is None:
        return np.nan
    before, sign, degrees, degree_mark, minutes, seconds, after = found.groups()
    half = before or after
    if half and (sign or (before and after)):
        return np.nan
    packed = len(degrees.partition(".")[0]) - 2  # digits before those of the minutes in 3144.52
    if half and degree_mark is None and packed >= 2:
        degrees, minutes = degrees[:packed], degrees[packed:]
    elif minutes and not (seconds or half or "°" in degree_mark):
        return np.nan
    if (minutes and "." in degrees) or (seconds and "." in minutes):
        return np.nan
    whole, sixtieths, seconds_of_it = (float(part or 0) for part in (degrees, minutes, seconds))
    angle = whole + sixtieths / 60 + seconds_of_it / 3600
    if max(sixtieths, seconds_of_it) >= 60 or angle > (90 if half in ("N", "S") else 180):
        return np.nan
    return -angle if sign == "-" or half in ("S", "W") else angle
