"""The grids of any day: what they were, since when, and which changes made them so."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd
from geopandas import GeoDataFrame
from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Session

from geo_app.models import Area, County, Grid
from geo_app.queries import frames
from geo_app.queries.terms import Terms
from layers.catalogue.grids import FACTS

KINDS = ("grids", "areas")
RE_DIGITISING = "re_digitising"  # the reason of a change that draws the same lines better

# What holds since always began on no day, whenever it came in.
# Of several changes of one day the last one's versions are in force; those of the others hold on no day.
_CHANGES = text(
    """
    WITH made AS (
      SELECT g.stable_id, g.change_id, g.recorded, lower(g.valid) AS begun FROM grid g WHERE g.county_id = :county
       AND NOT lower_inf(g.valid)
      UNION ALL
      SELECT g.stable_id, l.change_id, g.recorded, upper(g.valid) FROM grid g JOIN grid_lineage l ON l.parent_id = g.id
       WHERE g.county_id = :county
    ), told AS (
      SELECT m.stable_id, m.change_id AS change, c.kind, c.reason_code, s.reason, coalesce(c.effective_on, m.begun) AS day
        FROM made m LEFT JOIN geo_grid_change_kinds(:county) c ON c.id = m.change_id
        LEFT JOIN grid_change s ON s.id = m.change_id
       WHERE CASE WHEN c.id IS NULL THEN upper_inf(m.recorded) ELSE c.status = ANY (:in_force) END
    )
    SELECT DISTINCT * FROM told WHERE day > :first AND day <= :last ORDER BY day, change, stable_id
    """
)
IN_FORCE = ["approved", "filed"]  # what changes have come to whose versions hold


def coverage(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    """The grids of `frames.grids` with ``version`` (id of the row), ``valid_from`` and ``valid_to`` (first day, and the
    day after the last; None where there is none), ``community`` (its code; None where a grid hangs under another area),
    ``households``.
    """
    found = frames.grids(
        session,
        county,
        terms,
        Grid.id.label("version"),
        func.lower(Grid.valid).label("valid_from"),
        func.upper(Grid.valid).label("valid_to"),
        Grid.admin_area_id.label("community"),
        Grid.households,
    )
    # The few communities once, not a look-up for each grid.
    communities = select(Area.id, Area.code).where(Area.county_id == county.id, Area.level == "community")
    codes = {row.id: row.code for row in session.execute(communities)}
    found["community"] = pd.Series([codes.get(area) for area in found["community"]], index=found.index, dtype=object)
    for name in ("valid_from", "valid_to", "households"):
        found[name] = found[name].astype(object).where(found[name].notna(), None)
    return found


def first_day(session: Session, county: County, known_at: datetime | None = None) -> date | None:
    """The first day on which the scope sees a grid of the county; None where it sees none, or they have no beginning."""
    asked = select(func.min(func.lower(Grid.valid)), func.bool_or(func.lower_inf(Grid.valid))).where(
        Grid.county_id == county.id, ~func.isempty(Grid.valid), frames.known(Grid, Terms(date.min, known_at=known_at))
    )
    day, endless = session.execute(asked).one()
    return None if endless else day


def last_change(session: Session, county: County, until: date) -> date | None:
    """The last day up to ``until`` on which grids began or ended; None where they never did."""
    ends = func.unnest(array([func.lower(Grid.valid), func.upper(Grid.valid)])).label("day")
    days = select(ends).where(Grid.county_id == county.id, func.upper_inf(Grid.recorded)).subquery()
    return session.scalar(select(func.max(days.c.day)).where(days.c.day <= until))


def drawn(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    """`frames.grids` as its layer draws them: a frame without rows says from which day on there are grids."""
    found = frames.grids(session, county, terms)
    if found.empty and (first := not_before(session, county, terms)) is not None:
        found.attrs[FACTS] = {"first_day": first.isoformat()}
    return found


def not_before(session: Session, county: County, terms: Terms) -> date | None:
    """The first day of any grid where the day of the terms lies before it; None where there were grids already, or are
    none at all."""
    first = first_day(session, county, terms.known_at)
    return first if first is not None and terms.day < first else None


def changes(session: Session, county: County, first: date, last: date) -> pd.DataFrame:
    """What began or ended versions after ``first`` up to ``last``, as known now, by day.

    Columns: stable_id (of a version that begins, and of a parent that ends), change (its id; None for an import), kind,
    reason_code, reason (the words; None too where the scope does not see the change), day.
    """
    found = session.execute(_CHANGES, {"county": county.id, "first": first, "last": last, "in_force": IN_FORCE})
    columns = list(found.keys())
    return pd.DataFrame([tuple(row) for row in found], columns=columns, dtype=object)


def redrawn(found: pd.DataFrame) -> frozenset[int]:
    """Of `changes`, the stable ids that nothing happened to but re-digitising."""
    only = (found["reason_code"] == RE_DIGITISING).groupby(found["stable_id"]).all()
    return frozenset(only.index[only])
