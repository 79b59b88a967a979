"""Incidents of each area below the one that is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo_app.queries.areas import AreaRow
from layers.incidents.choice import Incidents


@dataclass(frozen=True)
class AreaCount:
    """Incidents of an area and all below it; ``previous`` None without a period to compare with."""

    area: AreaRow
    count: int
    previous: int | None


def area_counts(
    rows: Sequence[AreaRow], area_ids: frozenset[int] | None, chosen: Incidents, earlier: Incidents | None
) -> tuple[list[AreaCount], int]:
    """Counts of the areas just below the one with all of ``area_ids``, most first, and of what lies in none of them.

    rows: every area that is seen, parents first; what is counted in retired ones counts for those that took them over.
    Without ``area_ids``: below the root of the administrative tree, and
    the roots themselves where there are several.
    """
    below = _below(rows, area_ids)
    if not below:
        return [], len(chosen)
    branch: dict[int, int] = {}
    for row in rows:
        if row in below:
            branch[row.id] = row.id
        elif row.parent in branch:
            branch[row.id] = branch[row.parent]
    tree = below[0].tree
    counts = _count(chosen, tree, branch)
    previous = None if earlier is None else _count(earlier, tree, branch)
    found = [
        AreaCount(row, counts.get(row.id, 0), None if previous is None else previous.get(row.id, 0)) for row in below
    ]
    found.sort(key=lambda one: -one.count)
    return found, len(chosen) - sum(counts.values())


def _below(rows: Sequence[AreaRow], area_ids: frozenset[int] | None) -> list[AreaRow]:
    if area_ids is None:
        tree = rows[0].tree if rows else None
        tops = [row for row in rows if row.parent is None and row.tree == tree]
    else:
        tops = [row for row in rows if row.id in area_ids and row.parent not in area_ids]
    if len(tops) == 1:
        return [row for row in rows if row.parent == tops[0].id and not row.is_retired]
    return tops


def _count(incidents: Incidents, tree: str, branch: dict[int, int]) -> dict[int, int]:
    column = incidents.admin_area if tree == "admin" else incidents.police_area
    found: dict[int, int] = {}
    for area, number in zip(*(part.tolist() for part in np.unique(column, return_counts=True)), strict=True):
        if area in branch:
            found[branch[area]] = found.get(branch[area], 0) + number
    return found
