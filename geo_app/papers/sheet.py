"""A map for paper: what is drawn on it, at which scale, in millimetres of the page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from geopandas import GeoSeries
from markupsafe import Markup

from geo_app.papers.lettering import Label, letters, placed
from geo_app.papers.strokes import Style, paths

SCALES = tuple(
    round(step * 10.0**power) for power in range(2, 7) for step in (1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5)
)  # fmt: skip
MARGIN_MM = 3.0  # between what is shown and the frame
LONGEST_BAR_MM = 40.0


@dataclass(frozen=True)
class Part:
    """Shapes that are drawn alike, in metres of one projected system. ``labels``: a text each, None for none."""

    shapes: GeoSeries
    style: Style
    labels: Sequence[str | None] | None = None


@dataclass(frozen=True)
class Sheet:
    """A drawn map. ``scale`` is the denominator when it is printed in its size; ``unlabelled``: the labels that found
    no room."""

    svg: Markup
    scale: int
    unlabelled: tuple[str, ...]


def draw(
    parts: Sequence[Part], extent: shapely.Geometry, width_mm: float, height_mm: float, *, north: str = "N"
) -> Sheet:
    """A map of ``extent``, at the largest round scale at which all of it has room; later parts lie above earlier ones.

    ``extent``: in the same system as the parts, metres. Raises ValueError for an extent without a size and for parts in
    degrees.
    """
    for part in parts:
        if part.shapes.crs is None or part.shapes.crs.is_geographic:
            raise ValueError("a map for paper is drawn from metres, not from degrees")
    west, south, east, north_edge = shapely.bounds(extent)
    if not (east > west and north_edge > south):
        raise ValueError("a map for paper needs an extent with a width and a height")
    scale = _scale(max((east - west) / (width_mm - 2 * MARGIN_MM), (north_edge - south) / (height_mm - 2 * MARGIN_MM)))
    per_mm = scale / 1000
    left, top = (west + east) / 2 - per_mm * width_mm / 2, (south + north_edge) / 2 + per_mm * height_mm / 2

    def on_page(metres: np.ndarray) -> np.ndarray:
        return np.column_stack([(metres[:, 0] - left) / per_mm, (top - metres[:, 1]) / per_mm])

    page = shapely.box(0, 0, width_mm, height_mm)
    drawn, labels = [], []
    for part in parts:
        shapes = shapely.transform(part.shapes.to_numpy(), on_page)
        near = shapely.intersects(
            shapely.box(*shapely.bounds(shapes).T), page
        )  # an empty shape has no box and is left out
        drawn += paths(shapes[near], part.style, page)
        if part.labels is not None:
            labels += [
                Label(text, shape)
                for text, shape in zip(np.asarray(part.labels, dtype=object)[near], shapes[near], strict=True)
                if text
            ]
    corner = [
        shapely.box(0, height_mm - 11, LONGEST_BAR_MM + 10, height_mm),
        shapely.box(width_mm - 10, 0, width_mm, 14),
    ]
    written, unlabelled = placed(labels, page, corner)
    body = [*drawn, *map(letters, written), _bar(per_mm, height_mm), _arrow(width_mm, north)]
    return Sheet(_framed(body, width_mm, height_mm), scale, unlabelled)


def _scale(least: float) -> int:
    """The first round denominator at which a metre is short enough; ``least`` in metres a millimetre."""
    return next((scale for scale in SCALES if scale / 1000 >= least), math.ceil(least) * 1000)


def _framed(body: Sequence[str], width: float, height: float) -> Markup:
    size = f'width="{width:g}mm" height="{height:g}mm" viewBox="0 0 {width:g} {height:g}"'
    return Markup(
        f'<svg class="sheet" xmlns="http://www.w3.org/2000/svg" {size}>'
        f'<rect width="{width:g}" height="{height:g}" fill="#fff"/>{"".join(body)}'
        f'<rect x=".15" y=".15" width="{width - 0.3:g}" height="{height - 0.3:g}" fill="none" stroke="#18222f"'
        ' stroke-width=".3"/></svg>'
    )


def _bar(per_mm: float, height: float) -> str:
    """A scale bar of a round length in the lower left corner."""
    power = 10.0 ** math.floor(math.log10(LONGEST_BAR_MM * per_mm))
    metres = max(step * power for step in (1, 2, 5) if step * power <= LONGEST_BAR_MM * per_mm)
    half = metres / per_mm / 2
    unit, divisor = ("km", 1000) if metres >= 2000 else ("m", 1)
    x, y = 5.0, height - 4.2
    back = f'<rect x="2" y="{height - 9:.2f}" width="{2 * half + 14:.2f}" height="7" fill="#fff" fill-opacity=".85"/>'
    boxes = "".join(
        f'<rect x="{x + n * half:.2f}" y="{y:.2f}" width="{half:.2f}" height="1" fill="{fill}" stroke="#18222f"'
        ' stroke-width=".15"/>'
        for n, fill in enumerate(("#18222f", "#fff"))
    )
    texts = "".join(
        f'<text x="{x + n * half:.2f}" y="{y - 1:.2f}" font-size="2.3" text-anchor="middle" fill="#18222f">{text}</text>'
        for n, text in enumerate(("0", f"{metres / 2 / divisor:g}", f"{metres / divisor:g} {unit}"))
    )
    return back + boxes + texts


def _arrow(width: float, north: str) -> str:
    """North is up: the upper right corner says so."""
    x = width - 5.5
    return (
        f'<circle cx="{x:g}" cy="7" r="4.6" fill="#fff" fill-opacity=".85"/>'
        f'<path d="M{x:g} 4.6L{x + 1.7:g} 10.4L{x:g} 9.2Z" fill="#18222f"/>'
        f'<path d="M{x:g} 4.6L{x - 1.7:g} 10.4L{x:g} 9.2Z" fill="#fff" stroke="#18222f" stroke-width=".2"/>'
        f'<text x="{x:g}" y="4.3" font-size="2.4" text-anchor="middle" fill="#18222f">{Markup.escape(north)}</text>'
    )
