"""The waters of a county, kept in the process: who moves a map asks for them again at every step."""

from __future__ import annotations

from geopandas import GeoDataFrame
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries import frames
from geo_app.queries.kept import Kept
from geo_app.queries.terms import Terms
from geo_app.queries.visible import scope_key, versions

KINDS = ("waters",)
TERMS = ("box",)
_kept: Kept[GeoDataFrame] = Kept(8)


def waters(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    """`frames.waters`, kept: reading 20,000 takes a third of a second. Shared: nobody changes it."""
    asked = terms.of(*TERMS)
    key = (
        str(session.get_bind().engine.url),
        scope_key(session),
        county.id,
        versions(session, county.id, KINDS),
        asked,
    )
    return _kept.get(key, lambda: frames.waters(session, county, asked))
