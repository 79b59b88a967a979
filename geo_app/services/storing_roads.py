"""What is done with arriving streets: merged into the network, cut into pieces, and what is to be said of them."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from sqlalchemy.orm import Session

from geo_app.imports.positions import DIGITS
from geo_app.imports.problems import N_, Said
from geo_app.queries import street_arrivals
from geo_app.queries.arrivals import Counts, Taking
from layers.roads.pieces import cut


def store_roads(
    session: Session, taking: Taking, metric_srid: int, *, is_everything: bool, some_refused: bool
) -> tuple[Counts, int, list[Said]]:
    """Takes the arriving streets over, as ``storing.store`` says; returns the counts, how many pieces were made, and what
    is to be said."""
    counts = street_arrivals.merge_streets(session, taking, end_missing=is_everything, spare_mended=some_refused)
    notes: list[Said] = []
    if taking.again:
        notes = _about_unjoined(street_arrivals.unjoined(session, taking))
    elif not is_everything:
        notes = _about_missing(street_arrivals.missing(session))
    return counts, _cut_streets(session, taking, metric_srid), notes


def _about_missing(count: int) -> list[Said]:
    told = N_(
        "%(count)s streets that the file does not hold stay, because rows of it wait in quarantine and may be theirs; with"
        " a file of which all rows can be used they end."
    )
    return [Said(told, {"count": str(count)})] if count else []


def _about_unjoined(count: int) -> list[Said]:
    told = N_(
        "%(count)s crossings of these streets with others have no node, so that nobody can turn there: rows out of"
        " quarantine are not cut with what is there. Mend them in the file and import it anew to join them."
    )
    return [Said(told, {"count": str(count)})] if count else []


def _cut_streets(session: Session, taking: Taking, metric_srid: int) -> int:
    """Cuts what is not cut yet into equal pieces of at most 100 m; returns how many pieces that made."""
    streets = street_arrivals.streets_without_pieces(session, taking)
    if streets.empty:
        return 0
    lines = gpd.GeoSeries(streets["geom"].to_numpy(), index=streets["id"], crs=4326).to_crs(metric_srid)
    pieces = cut(lines)
    degrees = pieces.geometry.to_crs(4326)
    table = pd.DataFrame(
        {
            "street_id": pieces["parent"].to_numpy(),
            "ordinal": pieces["ordinal"].to_numpy(),
            "length_m": pieces.geometry.length.to_numpy(),
            "simulated": streets.set_index("id")["simulated"].reindex(pieces["parent"]).to_numpy(),
            "geom": degrees.transform(lambda xy: xy.round(DIGITS)).to_numpy(),
        }
    )
    return street_arrivals.insert_pieces(session, taking, table)
