"""How grids and streets are drawn on every map for paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from geopandas import GeoDataFrame, GeoSeries

from geo_app.papers.sheet import Part
from geo_app.papers.strokes import Style

GRIDS = Style(stroke="#64748b", width=0.3, fill="#e8edf2")
STREETS = Style(stroke="#fff", width=0.7)


def of_grids(
    grids: GeoDataFrame,
    styles: Mapping[str, Style],
    streets: GeoSeries | None = None,
    labels: Mapping[str, str] | None = None,
) -> list[Part]:
    """The parts of a map of grids: fills, streets above them, lines above these; in metres of one system.

    grids: with code. styles: of the grids that stand out, by code. labels: by code; without them those that stand out
    carry their codes, the others the number that they have inside their community.
    """
    if labels is None:
        labels = {code: code if code in styles else number_of(code) for code in grids["code"]}
    groups = {
        style: [code for code in grids["code"] if styles.get(code, GRIDS) == style]
        for style in (GRIDS, *styles.values())
    }
    fills, lines = [], []
    for style, codes in groups.items():
        some = grids.geometry[grids["code"].isin(codes)]
        fills.append(Part(some, replace(style, width=0.0)))
        lines.append(Part(some, replace(style, fill=None, hatch=None), [labels.get(code) for code in codes]))
    roads = [] if streets is None else [Part(streets, STREETS)]
    return [*fills, *roads, *lines]


def number_of(code: str) -> str:
    """The number of a grid inside its community, or of a station of the police, whose code ends with noughts, inside its
    county: on a map of these it says all."""
    return code[-6:-3] if len(code) > 6 and code.endswith("000") else code[-3:]
