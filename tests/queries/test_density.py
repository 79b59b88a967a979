"""The density of Mesa from the database: right by hand, stable while filters move, and never for another scope."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import text

from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from geo_app.queries import visible
from geo_app.queries.density import density
from geo_app.queries.terms import Terms
from layers.base import DATES
from layers.catalogue.density import LAYER
from layers.incidents.choice import Choice

TERMS = Terms(date(2026, 11, 22))


def frame_of(database: Database, scope: Scope, terms: Terms = TERMS):
    with database.session(scope, read_only=True) as session:
        county = visible.county(session, "mesa")
        assert county is not None
        return density(session, county, terms)


def surface_of(database: Database, scope: Scope, terms: Terms = TERMS):
    return frame_of(database, scope, terms)["surface"].iloc[0]


@pytest.fixture
def timed(mesa: Database) -> Database:
    """Mesa with a time for every incident: one a day from 1 January 2026 on, all burglaries on the first ten days."""
    with mesa.owner_session() as owner:
        for place, row_id in enumerate(owner.scalars(text("SELECT id FROM incident ORDER BY id")).all()):
            at = datetime(2026, 1, 1, 19, tzinfo=UTC) + timedelta(days=place)
            values = {"at": at, "id": row_id, "category": "burglary" if place < 10 else "other"}
            owner.execute(
                text("UPDATE incident SET occurred_from = :at, occurred_to = :at, category = :category WHERE id = :id"),
                values,
            )
    return mesa


def test_the_density_is_that_of_incidents_counted_in_the_database(mesa: Database, mesa_scope: Scope) -> None:
    surface = surface_of(mesa, mesa_scope)
    h = surface.bandwidth_m
    east, north = surface.centres()
    order = np.argsort(surface.values, axis=None)
    near = text(
        "SELECT ST_Distance(ST_Transform(geom, :srid), ST_SetSRID(ST_Point(:x, :y), :srid)) FROM incident"
        " WHERE ST_DWithin(ST_Transform(geom, :srid), ST_SetSRID(ST_Point(:x, :y), :srid), :h)"
    )
    with mesa.session(mesa_scope, read_only=True) as session:
        county = visible.county(session, "mesa")
        assert county is not None
        for place in (order[-1], order[-2000], order[-9000]):
            row, column = np.unravel_index(place, surface.values.shape)
            values = {"srid": county.metric_srid, "x": float(east[column]), "y": float(north[row]), "h": h}
            found = session.scalars(near, values).all()
            by_hand = sum(3 / (math.pi * (h / 1000) ** 2) * (1 - (d / h) ** 2) ** 2 for d in found)
            assert surface.cases[row, column] == len(found) > 0
            assert surface.values[row, column] == pytest.approx(by_hand, abs=0.01 * surface.values.max())


def test_without_times_the_unit_is_incidents_per_square_kilometre(mesa: Database, mesa_scope: Scope) -> None:
    frame = frame_of(mesa, mesa_scope)
    drawing = LAYER.drawing(frame)
    assert surface_of(mesa, mesa_scope).months is None
    assert drawing.facts["unit"] == drawing.legend.scale == "incidents per km²"
    assert (drawing.legend.n, drawing.legend.unplaced, drawing.legend.dates) == (287, 0, None)
    assert drawing.facts["bandwidth_m"] == drawing.facts["proposed_m"] == 200
    assert not drawing.from_simulated


def test_what_did_not_change_is_not_computed_again(mesa: Database, mesa_scope: Scope) -> None:
    first = frame_of(mesa, mesa_scope)
    assert frame_of(mesa, mesa_scope) is first
    assert frame_of(mesa, mesa_scope, replace(TERMS, sight_m=80)) is first
    assert frame_of(mesa, mesa_scope, replace(TERMS, bandwidth_m=300)) is not first
    with mesa.session(mesa_scope) as session:
        session.execute(text("DELETE FROM incident WHERE id = (SELECT min(id) FROM incident)"))
    assert frame_of(mesa, mesa_scope)["n"].iloc[0] == 286


def test_a_period_moves_without_moving_the_picture(timed: Database, mesa_scope: Scope) -> None:
    whole = surface_of(timed, mesa_scope)
    january = replace(TERMS, choice=Choice(since=date(2026, 1, 1), until=date(2026, 1, 31)))
    part = surface_of(timed, mesa_scope, january)
    assert part.bounds == whole.bounds and part.bandwidth_m == whole.bandwidth_m
    assert len(part.points) == 31
    assert part.months == pytest.approx(31 / 30.4375)
    assert whole.months == pytest.approx(287 / 30.4375)
    # As many as there are in the period, each month of it.
    assert part.values.sum() * part.cell_m**2 / 1e6 * part.months == pytest.approx(31)
    frame = frame_of(timed, mesa_scope, january)
    assert frame.attrs[DATES] == (date(2026, 1, 1), date(2026, 1, 31))
    assert LAYER.drawing(frame).facts["unit"] == "incidents per km² and month"


def test_a_period_that_still_runs_is_divided_by_the_days_that_are_known(timed: Database, mesa_scope: Scope) -> None:
    last = frame_of(timed, mesa_scope).attrs[DATES][1]
    since = last - timedelta(9)
    running = replace(TERMS, choice=Choice(since=since, until=last + timedelta(20)))
    assert surface_of(timed, mesa_scope, running).months == pytest.approx(10 / 30.4375)
    assert frame_of(timed, mesa_scope, running).attrs[DATES] == (since, last)


def test_a_category_of_a_few_days_is_divided_by_all_months_there_are(timed: Database, mesa_scope: Scope) -> None:
    found = surface_of(timed, mesa_scope, replace(TERMS, choice=Choice(categories=frozenset({"burglary"}))))
    assert len(found.points) == 10
    assert found.months == pytest.approx(287 / 30.4375)


def test_where_most_have_no_time_nothing_is_divided(mesa: Database, mesa_scope: Scope) -> None:
    with mesa.owner_session() as owner:
        owner.execute(text("UPDATE incident SET occurred_from = now() WHERE id = (SELECT min(id) FROM incident)"))
    assert surface_of(mesa, mesa_scope).months is None


def test_incidents_without_a_place_are_counted_and_left_out(mesa: Database, mesa_scope: Scope) -> None:
    with mesa.owner_session() as owner:
        owner.execute(text("UPDATE incident SET geom = NULL WHERE id IN (SELECT id FROM incident ORDER BY id LIMIT 7)"))
    legend = LAYER.drawing(frame_of(mesa, mesa_scope)).legend
    assert (legend.n, legend.unplaced) == (280, 7)
    with mesa.owner_session() as owner:
        owner.execute(text("UPDATE incident SET geom = NULL"))
    drawing = LAYER.drawing(frame_of(mesa, mesa_scope))
    assert (drawing.legend.n, drawing.legend.unplaced, drawing.raster, drawing.bounds) == (0, 287, None, None)
    assert drawing.notice


def test_nothing_chosen_is_said_and_the_bandwidth_stays(timed: Database, mesa_scope: Scope) -> None:
    never = replace(TERMS, choice=Choice(since=date(1990, 1, 1), until=date(1990, 12, 31)))
    frame = frame_of(timed, mesa_scope, never)
    drawing = LAYER.drawing(frame)
    assert (drawing.raster, drawing.legend.n, drawing.legend.unplaced) == (None, 0, 0)
    assert drawing.notice
    assert drawing.facts["bandwidth_m"] == drawing.facts["proposed_m"] == 200


def test_a_county_without_incidents_is_an_empty_frame(mesa: Database, mesa_scope: Scope) -> None:
    with mesa.owner_session() as owner:
        owner.execute(text("DELETE FROM incident"))
    frame = frame_of(mesa, mesa_scope)
    drawing = LAYER.drawing(frame)
    assert (len(frame), drawing.raster, drawing.facts) == (0, None, {})
    assert drawing.notice


def test_a_bandwidth_that_was_asked_for_is_used_and_the_proposal_stays(mesa: Database, mesa_scope: Scope) -> None:
    for asked in (20.0, 150.0, 20_000.0):
        drawing = LAYER.drawing(frame_of(mesa, mesa_scope, replace(TERMS, bandwidth_m=asked)))
        assert (drawing.facts["bandwidth_m"], drawing.facts["proposed_m"]) == (asked, 200)
        assert drawing.raster is not None


def test_made_up_incidents_make_a_made_up_density(mesa: Database, mesa_scope: Scope) -> None:
    with mesa.owner_session() as owner:
        owner.execute(text("UPDATE incident SET simulated = true WHERE id = (SELECT min(id) FROM incident)"))
    assert LAYER.drawing(frame_of(mesa, mesa_scope)).from_simulated


def test_B07_a_surface_of_one_scope_is_never_given_to_another(mesa: Database, mesa_scope: Scope) -> None:
    with mesa.owner_session() as owner:
        part = owner.execute(
            text(
                "INSERT INTO area (county_id, parent_id, tree, level, code, name) SELECT county_id, id, tree, 'town',"
                " 'west', 'West' FROM area WHERE code = 'mesa' AND tree = 'admin' RETURNING id"
            )
        ).scalar_one()
        owner.execute(
            text("UPDATE incident SET admin_area_id = :id WHERE id IN (SELECT id FROM incident ORDER BY id LIMIT 40)"),
            {"id": part},
        )
    assert frame_of(mesa, Scope.of([part]))["n"].iloc[0] == 40
    with mesa.session(mesa_scope, read_only=True) as session:
        county = visible.county(session, "mesa")
        assert county is not None
        assert len(density(session, county, replace(TERMS, area_ids=frozenset({part})))["surface"].iloc[0].points) == 40
    assert frame_of(mesa, mesa_scope)["n"].iloc[0] == 287  # of the county's police area all the same
