"""What is done with the rows of each kind, inside the transaction of their import."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo_app.database.scope import Scope
from geo_app.imports.grid_check import check_grids
from geo_app.imports.kinds.base import Kind, Made
from geo_app.imports.positions import DIGITS
from geo_app.models import County
from geo_app.queries import area_arrivals, arrivals, grid_arrivals, street_arrivals
from geo_app.queries.arrivals import Counts, Taking
from geo_app.queries.locating import locate_again
from grid_boundaries.codes import PATTERN
from layers.roads.pieces import cut

LOCATED = ("grid", "incident", "street", "street_piece", "place", "post", "camera", "patrol_route")


def store(
    session: Session, kind: Kind, taking: Taking, made: Made, metric_srid: int, scope: Scope
) -> tuple[Counts, int]:
    """Takes the rows over; returns the counts and how many pieces of streets that made.

    ``metric_srid`` is the county's system in metres. Raises FileRejected for what only shows beside the rows that are
    there: areas that hang nowhere, grids that overlap others.
    """
    arrivals.copy(session, kind.table, made.table)
    if kind.name != "areas":
        arrivals.locate_arriving(session, taking)
    if kind.name == "roads":
        counts = street_arrivals.merge_streets(session, taking)
        return counts, _cut_streets(session, taking, metric_srid)
    if kind.name == "areas":
        return _store_areas(session, taking, made, scope), 0
    if kind.name == "grids":
        return _store_grids(session, taking, made), 0
    counts = arrivals.merge(session, taking, versioned=kind.versioned, stable=kind.stable)
    if kind.name == "incidents":
        arrivals.take_callers(session, taking)
        if "number" in made.mapping:
            made.warnings += [
                f"{count} of these numbers are known from the source {other!r} too and now stand twice;"
                f" if both are one system, import with --source {other}."
                for other, count in arrivals.numbers_of_other_sources(session, taking)
            ]
    return counts, 0


def _store_areas(session: Session, taking: Taking, made: Made, scope: Scope) -> Counts:
    counts, left = area_arrivals.merge_areas(session, taking, scope)
    made.problems.add(
        np.array(left, dtype=int),
        "parent",
        lambda row: f"its parent {made.table['parent'].iloc[row]!r} is neither in the file nor in the county",
        "Import parents first or in the same file; the county's own code is the uppermost parent.",
    )
    made.problems.raise_if_any()
    if counts.stored or counts.updated:
        _locate_again(session, taking, LOCATED)
    return counts


def _store_grids(session: Session, taking: Taking, made: Made) -> Counts:
    pattern = session.scalars(
        select(County.settings["grid_code_pattern"].astext).where(County.id == taking.county_id)
    ).one()
    others = grid_arrivals.other_grids(session, taking)
    made.warnings += check_grids(made.table, others, made.problems, pattern or PATTERN)
    made.problems.raise_if_any()
    counts = grid_arrivals.merge_grids(session, taking)
    if counts.stored or counts.updated:
        _locate_again(session, taking, ("incident",))
    return counts


def _locate_again(session: Session, taking: Taking, tables: tuple[str, ...]) -> None:
    roots = {"admin": taking.admin_root, "police": taking.police_root}
    locate_again(session, taking.county_id, taking.today, roots, tables)


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
