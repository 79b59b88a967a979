"""Where a map's labels stand: inside what they name, none above another."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from markupsafe import Markup

SMALLEST_MM, LARGEST_MM = 1.75, 3.0  # of type: 5 and 8.5 points
RIM_MM = 0.25  # that stays free around a text


@dataclass(frozen=True)
class Label:
    """A text and what it names, in millimetres of the page."""

    text: str
    shape: shapely.Geometry


@dataclass(frozen=True)
class Written:
    """A text with its middle and its size in millimetres."""

    text: str
    x: float
    y: float
    size: float


def placed(
    labels: Sequence[Label], page: shapely.Geometry, taken: Sequence[shapely.Geometry] = ()
) -> tuple[list[Written], tuple[str, ...]]:
    """Labels at the widest place of what they name, and the texts that found no room.

    The largest shapes come first; none stands above another nor on what is ``taken``. Equal input gives equal output.
    """
    if not labels:
        return [], ()
    shown = shapely.intersection(np.array([label.shape for label in labels], dtype=object), page)
    order = sorted(range(len(labels)), key=lambda n: (-shown[n].area, labels[n].text))
    written: list[Written] = []
    occupied = list(taken)
    unlabelled = []
    for n in order:
        one = _fitting(labels[n].text, shown[n])
        if one is None or any(_box(one).intersects(other) for other in occupied):
            unlabelled.append(labels[n].text)
        else:
            written.append(one)
            occupied.append(_box(one))
    return written, tuple(sorted(set(unlabelled)))


def letters(one: Written) -> str:
    """A text as SVG, with a light rim that keeps it readable on lines."""
    at = f'x="{one.x:.2f}" y="{one.y + 0.36 * one.size:.2f}" font-size="{one.size:.2f}" text-anchor="middle"'
    text = Markup.escape(one.text)
    rim = f'<text {at} fill="#fff" stroke="#fff" stroke-width="{one.size / 4:.2f}">{text}</text>'
    return f'{rim}<text {at} fill="#18222f">{text}</text>'


def width_of(text: str) -> float:
    """How wide a text is, in parts of its size: Han signs are square, others about half as wide."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WF" else 0.58 for sign in text)


def _fitting(text: str, shape: shapely.Geometry) -> Written | None:
    """The text in the largest circle inside a shape; None where even the smallest type is much wider than that."""
    if shape.area == 0:
        return None
    circle = shapely.maximum_inscribed_circle(max(shapely.get_parts(shape), key=lambda part: part.area), tolerance=0.2)
    x, y = shapely.get_coordinates(circle)[0]
    size = min(LARGEST_MM, max(SMALLEST_MM, 2 * circle.length / max(width_of(text), 1) * 0.9))
    return Written(text, float(x), float(y), size) if width_of(text) * size < 5 * circle.length else None


def _box(one: Written) -> shapely.Geometry:
    half = width_of(one.text) * one.size / 2 + RIM_MM
    return shapely.box(one.x - half, one.y - one.size / 2 - RIM_MM, one.x + half, one.y + one.size / 2 + RIM_MM)
