"""The incidents that a map shows: each a point, or sums of them where they would be too many."""

from __future__ import annotations

from geopandas import GeoDataFrame
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries import frames, incident_columns
from geo_app.queries.terms import Terms
from layers.incidents.sums import MOST_POINTS, sums
from layers.large import WHOLE


def incident_points(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    """The incidents with a place that the terms choose, rows as of `frames.incident_rows`; of more than MOST_POINTS those
    in the box, and the sums of `layers.incidents.sums` where the box holds more than that, too.

    The attribute WHOLE tells how many there are in all, with a place and without: what has none is not read.
    """
    meant = incident_columns.chosen(session, county, terms)
    placed = int(meant.placed.sum())
    near = meant.placed if terms.box is None or placed <= MOST_POINTS else meant.inside(terms.box)
    found = sums(meant, near) if near.sum() > MOST_POINTS else frames.incident_rows(session, county, meant.id[near])
    found.attrs[WHOLE] = (placed, len(meant) - placed)
    found.attrs.update(incident_columns.said(meant, terms))
    return found
