"""Incidents as arrays: the same as the rows, in the asker's scope, anew when the rows change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from sqlalchemy import text

from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from geo_app.queries import frames, incident_columns, patrol_state, visible
from geo_app.queries.terms import Terms
from layers.incidents.choice import Choice

TERMS = Terms(date(2026, 11, 1))
MOMENT = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)  # 23:30 of the day before in Mesa


@pytest.fixture
def timed(mesa: Database) -> Database:
    """Mesa, with a time, a category and a doubt added to some incidents."""
    with mesa.owner_session() as owner:
        ids = owner.scalars(text("SELECT id FROM incident ORDER BY id LIMIT 6")).all()
        owner.execute(
            text("UPDATE incident SET occurred_from = :at, occurred_to = :at, category = '纠纷' WHERE id = ANY (:ids)"),
            {"at": MOMENT, "ids": ids[:4]},
        )
        owner.execute(text("UPDATE incident SET valid = false WHERE id = ANY (:ids)"), {"ids": ids[3:5]})
        owner.execute(text("UPDATE incident SET geom = NULL WHERE id = :id"), {"id": ids[0]})
    return mesa


def test_columns_are_what_the_rows_say(timed: Database, mesa_scope: Scope) -> None:
    with timed.session(mesa_scope, read_only=True) as session:
        county = visible.county(session, "mesa")
        assert county is not None
        found = incident_columns.incidents(session, county)
        rows = session.execute(
            text("SELECT id, category, valid, ST_X(geom), ST_Y(geom) FROM incident ORDER BY id")
        ).all()
        frame = frames.incidents(session, county, replace(TERMS, choice=Choice(valid_only=False)))
    assert found.id.tolist() == [row[0] for row in rows] and len(found) == 287
    assert [found.categories[place] for place in found.category] == [row[1] for row in rows]
    assert found.valid.tolist() == [row[2] for row in rows]
    assert found.placed.sum() == 286
    metres = frame.to_crs(county.metric_srid).geometry
    assert np.allclose(found.xy[found.placed], np.column_stack([metres[1:].x, metres[1:].y]), atol=1e-6)
    assert np.nanmax(found.hour) == 23.5  # the county's clock
    assert set(found.day[~np.isnan(found.day)]) == {(date(2026, 2, 28) - date(1970, 1, 1)).days}


def test_map_list_and_gaps_count_the_same_incidents(timed: Database, mesa_scope: Scope) -> None:
    with timed.session(mesa_scope, read_only=True) as session:
        county = visible.county(session, "mesa")
        assert county is not None
        for choice, n in (
            (Choice(), 285),
            (Choice(valid_only=False), 287),
            (Choice(categories=frozenset({"纠纷"})), 3),
            (Choice(since=date(2026, 2, 28), until=date(2026, 2, 28)), 3),
            (Choice(since=date(2026, 3, 1)), 0),
        ):
            terms = replace(TERMS, choice=choice)
            assert len(incident_columns.chosen(session, county, terms)) == n
            assert len(frames.incidents(session, county, terms)) == n
        none = patrol_state.patrol_gaps(session, county, replace(TERMS, choice=Choice(since=date(2026, 3, 1))))
        assert (none["incidents_near"] == 0).all() and set(none["requirement"]) == {"B", "none"}


def test_another_scope_gets_other_columns_and_a_change_is_seen_at_once(mesa: Database, mesa_scope: Scope) -> None:
    def count(scope: Scope) -> tuple[int, int]:
        with mesa.session(scope, read_only=True) as session:
            found = visible.county(session, "mesa") or county
            return tuple(
                len(read(session, found)) for read in (incident_columns.incidents, incident_columns.of_whole_county)
            )

    with mesa.session(mesa_scope, read_only=True) as session:
        county = visible.county(session, "mesa")
    assert count(mesa_scope) == (287, 287)
    assert count(Scope.none()) == (0, 0)
    with mesa.session(mesa_scope) as session:
        session.execute(text("DELETE FROM incident WHERE id = (SELECT min(id) FROM incident)"))
    assert count(mesa_scope) == (286, 286)


def test_routes_that_do_not_count_see_nothing(mesa: Database, mesa_scope: Scope) -> None:
    with mesa.session(mesa_scope, read_only=True) as session:
        county = visible.county(session, "mesa")
        assert county is not None
        routes = frames.patrol_routes(session, county, TERMS)
        one = frozenset({int(routes["stable_id"].iloc[0])})
        shares = [
            patrol_state.patrol_coverage(session, county, replace(TERMS, routes=chosen))["share_seen"].sum()
            for chosen in (None, one, frozenset())
        ]
        assert len(frames.patrol_routes(session, county, replace(TERMS, routes=one))) == 1
    assert shares[0] > shares[1] > shares[2] == 0


def test_a_route_that_one_does_not_see_counts_whatever_one_leaves_out(mesa: Database, mesa_scope: Scope) -> None:
    """A planner of a town ticks off his own routes; that of the next town goes on seeing what it sees."""
    with mesa.owner_session() as owner:
        county_id = owner.scalar(text("SELECT id FROM county WHERE code = 'mesa'"))
        roots = dict(owner.execute(text("SELECT tree, id FROM area WHERE county_id = :c"), {"c": county_id}).all())
        town = {
            tree: owner.scalar(
                text(
                    "INSERT INTO area (county_id, parent_id, tree, level, code, name)"
                    " VALUES (:c, :root, CAST(:tree AS text), 'town', CAST(:tree AS text) || '-west', '西') RETURNING id"
                ),
                {"c": county_id, "root": roots[tree], "tree": tree},
            )
            for tree in ("admin", "police")
        }
        for table in ("street_piece", "street"):
            owner.execute(text(f"UPDATE {table} SET admin_area_id = :admin, police_area_id = :police"), town)
        own, other, third = owner.scalars(text("SELECT stable_id FROM patrol_route ORDER BY id")).all()
        owner.execute(
            text("UPDATE patrol_route SET admin_area_id = :admin, police_area_id = :police WHERE stable_id <> :third"),
            {**town, "third": third},
        )

    def shares(scope: Scope, routes: frozenset[int] | None) -> np.ndarray:
        with mesa.session(scope, read_only=True) as session:
            county = visible.county(session, "mesa")
            assert county is not None
            frame = patrol_state.patrol_coverage(session, county, replace(TERMS, routes=routes))
            return frame.sort_values("id")["share_seen"].to_numpy()

    everywhere, local = Scope.of([*mesa_scope.area_ids, *town.values()]), Scope.of([*town.values()])
    assert (shares(local, frozenset({own, other})) == shares(local, None)).all()
    assert (shares(local, frozenset({own})) == shares(everywhere, frozenset({own, third}))).all()
    assert (shares(local, frozenset()) == shares(everywhere, frozenset({third}))).all()
    assert shares(local, frozenset()).sum() > 0 == shares(everywhere, frozenset()).sum()
