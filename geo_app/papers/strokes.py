"""Shapes as paths of SVG, in millimetres of the page, and how they are stroked and filled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

FINEST_MM = 0.04  # of a line: less is not seen on paper, and makes files large
POLYGONS = (3, 6)


@dataclass(frozen=True)
class Style:
    """How shapes are drawn. Widths and dashes in millimetres; ``hatch``: distance of slanting strokes over the fill, so
    that a copy without colours still tells one from the other."""

    stroke: str | None = None
    width: float = 0.2
    fill: str | None = None
    dash: tuple[float, ...] = ()
    hatch: float | None = None

    def line(self) -> str:
        """Its line as attributes of SVG."""
        dash = f' stroke-dasharray="{" ".join(f"{part:g}" for part in self.dash)}"' if self.dash else ""
        return f'fill="none" stroke="{self.stroke}" stroke-width="{self.width:g}" stroke-linejoin="round"{dash}'


def paths(shapes: np.ndarray, style: Style, page: shapely.Geometry) -> list[str]:
    """Shapes as elements of SVG, in millimetres of the page and no farther than it reaches.

    What neighbours share is drawn once; lines thinner than paper shows are straightened: a county has a hundred maps.
    """
    west, south, east, north = shapely.bounds(page).tolist()
    rim = 2.0  # wider than any line: what is cut off shows no end
    seen = shapely.clip_by_rect(shapes, west - rim, south - rim, east + rim, north + rim)
    found = []
    if style.fill is not None:
        found.append(f'<path d="{outline(_together(seen))}" fill="{style.fill}" fill-rule="evenodd"/>')
    if style.hatch is not None:
        found += [_hatched(shape, style) for shape in shapely.make_valid(seen)]
    if style.stroke and style.width:
        lines = shapely.union_all(np.where(_is_polygon(shapes), shapely.boundary(shapes), shapes))
        lines = shapely.clip_by_rect(lines, west - rim, south - rim, east + rim, north + rim)
        merged = shapely.simplify(shapely.line_merge(lines), FINEST_MM)
        found.append(f'<path d="{outline(merged)}" {style.line()}/>')
    return [path for path in found if path and 'd=""' not in path]


def outline(shape: shapely.Geometry) -> str:
    """The data of a path: rings are closed, lines are open; empty for what is neither."""
    return "".join(
        "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points.tolist()) + end for points, end in _strokes(shape)
    )


def _together(shapes: np.ndarray) -> shapely.Geometry:
    return shapely.simplify(shapely.union_all(shapely.make_valid(shapes)), FINEST_MM)


def _is_polygon(shapes: np.ndarray) -> np.ndarray:
    return np.isin(shapely.get_type_id(shapes), POLYGONS)


def _strokes(shape: shapely.Geometry) -> Iterator[tuple[np.ndarray, str]]:
    for part in shapely.get_parts(shapely.get_parts(shape)):
        if part.geom_type == "Polygon":
            for ring in shapely.get_rings(part):
                yield shapely.get_coordinates(ring)[:-1], "Z"
        elif part.geom_type in ("LineString", "LinearRing") and not part.is_empty:
            yield shapely.get_coordinates(part), ""


def _hatched(shape: shapely.Geometry, style: Style) -> str:
    """Slanting strokes inside a shape, cut at its outline: a pattern would be drawn as a picture by some printers."""
    left, top, right, bottom = shapely.bounds(shape)
    if not np.isfinite(left):
        return ""
    height = bottom - top
    # All shapes of a page have their strokes on the same lines, so that neighbours look like one field.
    starts = np.arange(np.floor((left - bottom) / style.hatch) * style.hatch, right - top, style.hatch)
    lines = shapely.linestrings([[(start + top, top), (start + top + height, bottom)] for start in starts])
    inside = shapely.intersection(lines, shape)
    found = "".join(filter(None, map(outline, inside)))
    return (
        f'<path d="{found}" fill="none" stroke="{style.stroke or "#475569"}" stroke-width=".1" stroke-opacity=".75"/>'
    )
