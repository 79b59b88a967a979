"""Two days of a county's grids side by side: the difference of their lines, and the changes that made it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
from geopandas import GeoDataFrame
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries import grid_versions
from geo_app.queries.terms import Terms
from grid_boundaries.difference import Difference, difference
from grid_boundaries.held_land import continued

KINDS = grid_versions.KINDS
KEY = "stable_id"


@dataclass(frozen=True)
class Compared:
    """``before``, ``after``: the grids of the two days (see `grid_versions.coverage`); ``difference``: by their stable ids, those
    that only got another code by the former one;
    ``changes``: see `grid_versions.changes`; ``first_day``: of any grid, where the earlier day lies before it.
    """

    before: GeoDataFrame
    after: GeoDataFrame
    difference: Difference
    changes: pd.DataFrame
    first_day: date | None


def compared(session: Session, county: County, first: Terms, last: Terms) -> Compared:
    """The grids of two terms that differ in their day, the earlier one first."""
    before, after = (grid_versions.coverage(session, county, terms) for terms in (first, last))
    changes = grid_versions.changes(session, county, first.day, last.day)
    # What goes on under another code changes no hands: it is the grid that it was, with another name.
    same = continued(before, after, KEY)
    after, changes = (frame.assign(**{KEY: frame[KEY].replace(same)}) for frame in (after, changes))
    changes = changes.drop_duplicates([KEY, "change", "day"])  # imports have no change
    found = difference(before, after, key=KEY, redrawn=grid_versions.redrawn(changes))
    return Compared(before, after, found, changes, grid_versions.not_before(session, county, first))
