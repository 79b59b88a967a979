"""The streets of a whole county as a network and as pieces ready for questions, kept while no street changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries import frames
from geo_app.queries.kept import Kept
from geo_app.queries.terms import Terms
from geo_app.queries.visible import versions
from layers.patrols.sight import Pieces
from layers.roads.network import Network

KINDS = ("streets",)
_kept: Kept[Streets] = Kept(4)


@dataclass(frozen=True, eq=False)
class Streets:
    """``ids`` of the pieces, in the order of ``pieces`` and of the network's; all in the county's metres."""

    ids: pd.Index
    pieces: Pieces
    network: Network

    @property
    def length_m(self) -> np.ndarray:
        """Metres, of each piece."""
        return self.pieces.length_m


def streets(session: Session, county: County, day: date) -> Streets:
    """The streets of a day, whole: a route may leave the area that its planner sees. Empty for who sees no area of it.

    To compute with, never to list: what is answered names only pieces that the scope sees.
    """
    key = (*whose(session, county), versions(session, county.id, KINDS), day)
    return _kept.get(key, lambda: _made(session, county, day))


def whose(session: Session, county: County) -> tuple[str, int, bool]:
    """What decides over shapes of a whole county: the database, the county, and whether the scope sees any of it."""
    sees = session.execute(text("SELECT geo_sees_county(:county)"), {"county": county.id}).scalar_one()
    return (str(session.get_bind().engine.url), county.id, bool(sees))


def _made(session: Session, county: County, day: date) -> Streets:
    found = frames.whole_county(session, county, Terms(day), "street_lines").to_crs(county.metric_srid)
    found = found.set_index("id")
    made = Streets(found.index, Pieces.of(found.geometry), Network.from_pieces(found.geometry))
    # What the first question would wait for. A tree is built when it is first asked, which two threads must not do.
    nowhere = shapely.Point(0, 0)
    made.network.tree.query(nowhere)
    made.pieces.tree.query(nowhere)
    made.network.connected  # noqa: B018
    return made
