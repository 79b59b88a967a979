"""Which streets hold half of the chosen incidents, of what the scope sees in the area chosen."""

from __future__ import annotations

import numpy as np
from geopandas import GeoDataFrame
from sqlalchemy.orm import Session

from geo_app.errors import N_
from geo_app.models import County
from geo_app.queries import frames, incident_columns
from geo_app.queries.terms import Terms
from layers.catalogue.hot_streets import FACTS
from layers.incidents.hotspots import REACH_M, hot_levels, nearest_piece

KINDS = ("incidents", "streets")
TERMS = ("area_ids", "choice")
SENTENCE = N_("%(street_percent).1f %% of the street length holds %(incident_percent).0f %% of the incidents.")


def hot_streets(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    """The street pieces with ``incidents`` (each given to its nearest piece within 50 m) and ``level``.

    What is known no better than to those 50 m belongs to no piece.
    """
    terms = terms.of(*TERMS)
    streets = frames.streets(session, county, terms)
    meant = incident_columns.chosen(session, county, terms)
    known = meant.take(meant.within(REACH_M))
    nearest = nearest_piece(known.points(), streets.geometry.to_crs(county.metric_srid))
    incidents = np.bincount(nearest[nearest >= 0], minlength=len(streets))
    length = streets["length_m"].to_numpy(dtype=float)
    level = hot_levels(length, incidents)
    found = streets.assign(incidents=incidents, level=level)
    found.attrs.update(incident_columns.said(meant, terms))
    found.attrs[FACTS] = _facts(length, incidents, level != "") | {
        "far": int((nearest < 0).sum()),
        "rough": int(meant.placed.sum()) - len(known),
    }
    return found


def _facts(length: np.ndarray, incidents: np.ndarray, hot: np.ndarray) -> dict[str, float | str | None]:
    """Shares in percent; nothing to say without incidents on streets."""
    if not incidents.sum():
        return {"street_percent": None, "incident_percent": None}
    return {
        "street_percent": round(float(100 * length[hot].sum() / length.sum()), 2),
        "incident_percent": round(float(100 * incidents[hot].sum() / incidents.sum()), 2),
        "sentence": SENTENCE,
    }
