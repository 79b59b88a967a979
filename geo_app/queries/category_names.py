"""What the categories of a county's incidents are called."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo_app.models import IncidentCategory


def category_names(session: Session, county_id: int) -> dict[str, str]:
    """Code → name of every category of the county's table; none when it has no table."""
    chosen = select(IncidentCategory.code, IncidentCategory.name).where(IncidentCategory.county_id == county_id)
    return {row[0]: row[1] for row in session.execute(chosen.order_by(IncidentCategory.code))}
