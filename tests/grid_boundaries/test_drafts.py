"""Faults of grids that were drawn anew are looked for around them, and what lies between them is seen whole."""

from __future__ import annotations

import geopandas
import shapely

from grid_boundaries.drafts import draft_faults

SIDE = 7


def board() -> geopandas.GeoDataFrame:
    """Seven by seven grids of a hundredth of a degree."""
    cells = [(x, y) for y in range(SIDE) for x in range(SIDE)]
    corners = [(round(118 + 0.01 * x, 7), round(31 + 0.01 * y, 7)) for x, y in cells]
    return geopandas.GeoDataFrame(
        {"code": [f"340523100001{number:03d}" for number in range(1, SIDE * SIDE + 1)]},
        geometry=[
            shapely.MultiPolygon([shapely.box(west, south, round(west + 0.01, 7), round(south + 0.01, 7))])
            for west, south in corners
        ],
        crs=4326,
    )


def rim(grids: geopandas.GeoDataFrame) -> list[str]:
    """The codes of the grids along the edge: they and those beside them lie around nine others."""
    return [code for n, code in enumerate(grids["code"]) if n % SIDE in (0, SIDE - 1) or n // SIDE in (0, SIDE - 1)]


def test_grids_that_lie_amid_what_was_drawn_are_no_gap() -> None:
    grids = board()
    assert draft_faults(grids, grids, rim(grids)) == []


def test_land_of_no_grid_amid_what_was_drawn_is_a_gap_that_was_there_before() -> None:
    grids = board()
    middle = grids["code"].iloc[SIDE * SIDE // 2]
    torn = grids[grids["code"] != middle].reset_index(drop=True)
    [fault] = draft_faults(torn, torn, rim(grids))
    assert fault.fault.kind == "gap" and fault.is_old and not fault.blocks


def test_land_that_a_drawing_loses_is_told_as_new() -> None:
    grids = board()
    middle = grids["code"].iloc[SIDE * SIDE // 2]
    torn = grids[grids["code"] != middle].reset_index(drop=True)
    [fault] = draft_faults(grids, torn, [middle])
    assert fault.fault.kind == "gap" and not fault.is_old and fault.blocks
