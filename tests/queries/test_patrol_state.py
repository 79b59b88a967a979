"""Coverage and gaps: right by hand at three places, kept while nothing changes, and never for another scope."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import shapely
from shapely.ops import substring
from sqlalchemy import text

from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from geo_app.queries import frames, incident_columns, patrol_state, visible
from geo_app.queries.kept import Kept
from geo_app.queries.terms import Terms

TERMS = Terms(date(2026, 11, 22))


def gaps_of(database: Database, scope: Scope, terms: Terms = TERMS):
    with database.session(scope, read_only=True) as session:
        county = visible.county(session, "mesa")
        assert county is not None
        return patrol_state.patrol_gaps(session, county, terms)


def test_what_did_not_change_is_not_computed_again(mesa: Database, mesa_scope: Scope) -> None:
    assert gaps_of(mesa, mesa_scope) is gaps_of(mesa, mesa_scope)


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM patrol_route WHERE id = (SELECT min(id) FROM patrol_route)",
        "DELETE FROM incident WHERE id IN (SELECT id FROM incident ORDER BY id LIMIT 100)",
        "DELETE FROM place",
        "UPDATE street_piece SET valid = daterange(NULL, '2026-01-01') WHERE ordinal > 0",
    ],
    ids=["routes", "incidents", "places", "streets"],
)
def test_a_change_of_the_data_changes_the_gaps_at_once(mesa: Database, mesa_scope: Scope, change: str) -> None:
    before = gaps_of(mesa, mesa_scope)
    with mesa.session(mesa_scope) as session:
        session.execute(text(change))
    after = gaps_of(mesa, mesa_scope)
    asked = ["requirement", "hours_without", "incidents_near"]
    assert not after[asked].equals(before[asked])


def test_B07_a_frame_that_was_computed_for_one_scope_is_never_given_to_another(
    mesa: Database, mesa_scope: Scope
) -> None:
    with mesa.owner_session() as owner:
        part = owner.execute(
            text(
                "INSERT INTO area (county_id, parent_id, tree, level, code, name) SELECT county_id, id, tree, 'town',"
                " 'west', 'West' FROM area WHERE code = 'mesa' AND tree = 'admin' RETURNING id, parent_id"
            )
        ).one()
        police = owner.execute(text("SELECT id FROM area WHERE code = 'mesa' AND tree = 'police'")).scalar_one()
        owner.execute(text("UPDATE street_piece SET admin_area_id = :id WHERE id % 4 = 0"), {"id": part.id})
        owner.execute(text("UPDATE street SET admin_area_id = :id"), {"id": part.id})
    whole, narrow = Scope.of([part.id, part.parent_id, police]), Scope.of([part.id])
    assert len(gaps_of(mesa, whole)) == 512
    assert len(gaps_of(mesa, narrow)) == 128
    assert len(gaps_of(mesa, whole)) == 512


def test_a_piece_is_judged_alike_for_its_town_and_for_the_county(mesa: Database, mesa_scope: Scope) -> None:
    """Two towns, east and west; all routes, incidents and places are stamped in the west."""
    add = (
        "INSERT INTO area (county_id, parent_id, tree, level, code, name) SELECT county_id, id, tree, 'town', :name,"
        " :name FROM area WHERE code = 'mesa' AND tree = :tree RETURNING id"
    )
    with mesa.owner_session() as owner:
        ids = {
            (name, tree): owner.execute(text(add), {"name": name, "tree": tree}).scalar_one()
            for name in ("east", "west")
            for tree in ("admin", "police")
        }
        west = {"admin": ids["west", "admin"], "police": ids["west", "police"]}
        for table in ("street", "street_piece", "patrol_route", "incident", "place"):
            owner.execute(text(f"UPDATE {table} SET admin_area_id = :admin, police_area_id = :police"), west)
        middle = owner.execute(text("SELECT avg(ST_X(ST_Centroid(geom))) FROM street_piece")).scalar_one()
        east = {"admin": ids["east", "admin"], "middle": middle}
        for table in ("street", "street_piece"):
            owner.execute(
                text(
                    f"UPDATE {table} SET admin_area_id = :admin, police_area_id = :police"
                    " WHERE ST_X(ST_Centroid(geom)) > :middle OR :streets"
                ),
                {**east, "police": ids["east", "police"], "streets": table == "street"},
            )
        foreign = Scope.of(
            owner.scalars(text("SELECT a.id FROM area a JOIN county c ON c.id = a.county_id WHERE c.code <> 'mesa'"))
        )
    whole = gaps_of(mesa, Scope.of([*mesa_scope.area_ids, *ids.values()])).set_index("id")
    town_scope = Scope.of([ids["east", "admin"]])
    town = gaps_of(mesa, town_scope).set_index("id")
    assert 0 < len(town) < len(whole) and town["seen"].any() and town["is_gap"].any()
    judged = ["share_seen", "seen", "hours_without", "incidents_near", "requirement", "is_gap"]
    assert town[judged].equals(whole.loc[town.index, judged])
    assert sorted(town["rank"].dropna()) == list(range(1, int(town["is_gap"].sum()) + 1))
    with mesa.session(town_scope, read_only=True) as session:
        county = visible.county(session, "mesa")
        assert county is not None
        covered = patrol_state.patrol_coverage(session, county, TERMS).set_index("id")
        assert np.allclose(covered["share_seen"], town["share_seen"], rtol=0, atol=1e-9)
        assert len(frames.patrol_routes(session, county, TERMS)) == len(frames.incidents(session, county, TERMS)) == 0
    for scope in (foreign, Scope.none()):
        with mesa.session(scope, read_only=True) as session:
            for what in ("paths", "street_lines", "key_place_points"):
                assert len(frames.whole_county(session, county, TERMS, what)) == 0
            assert len(incident_columns.of_whole_county(session, county)) == 0


def test_share_seen_hours_and_incidents_are_right_by_hand_at_three_places(mesa: Database, mesa_scope: Scope) -> None:
    """The slow and plain way: buffers, sorted times, and a loop, for the first gap, a seen piece, and one half seen."""
    frame = gaps_of(mesa, mesa_scope)
    with mesa.session(mesa_scope, read_only=True) as session:
        county = visible.county(session, "mesa")
        assert county is not None
        routes = frames.patrol_routes(session, county, TERMS).to_crs(county.metric_srid)
        points = frames.incidents(session, county, TERMS).to_crs(county.metric_srid).geometry
        pieces = frame.to_crs(county.metric_srid)
    near_routes = shapely.union_all(routes.geometry.buffer(50, quad_segs=256).to_numpy())
    half = frame[(frame["share_seen"] > 0.3) & (frame["share_seen"] < 0.7)].index[0]
    visited = frame[np.isfinite(frame["hours_without"]) & frame["is_gap"]].index[0]
    first = frame.index[(frame["rank"] == 1).fillna(False)][0]
    for label in (first, visited, half):
        line = pieces.geometry[label]
        share = line.intersection(near_routes).length / line.length
        assert frame["share_seen"][label] == pytest.approx(share, abs=1e-3)
        assert frame["incidents_near"][label] == int((points.distance(line) <= 50).sum())
    assert np.isinf(frame["hours_without"][first]) and frame["share_seen"][first] < 0.9
    assert frame["hours_without"][visited] == pytest.approx(_hours_by_hand(pieces.geometry[visited], routes), abs=0.05)


def _hours_by_hand(line, routes) -> float:
    """The longest time between passes; a pass counts when nine tenths of the piece are in sight in it alone."""
    times = []
    for route in routes.itertuples():
        metres = np.arange(0, route.geometry.length, 1.0)
        walked = shapely.line_interpolate_point(route.geometry, metres)
        inside = metres[shapely.distance(walked, line) <= 50]
        for pass_ in np.split(inside, np.flatnonzero(np.diff(inside) > 100) + 1):
            if len(pass_) < 2:
                continue
            way = substring(route.geometry, pass_[0], pass_[-1])
            if line.intersection(way.buffer(50, quad_segs=256)).length < 0.9 * line.length:
                continue
            middle = (pass_[0] + pass_[-1]) / 2
            for departure in route.departures.split():
                hour, minute = map(int, departure.split(":"))
                times.append((hour + minute / 60 + middle / patrol_state.SPEED_MPS[route.mode] / 3600) % 24)
    times = sorted(times)
    return float(max(np.diff([*times, times[0] + 24])))


def test_sight_distance_is_part_of_the_question(mesa: Database, mesa_scope: Scope) -> None:
    near, far = gaps_of(mesa, mesa_scope), gaps_of(mesa, mesa_scope, Terms(TERMS.day, sight_m=100))
    assert far["share_seen"].mean() > near["share_seen"].mean()


def test_the_cache_forgets_what_was_asked_for_longest_ago() -> None:
    cache: Kept[None] = Kept(2)
    computed: list[str] = []

    def ask(key: str) -> None:
        cache.get(key, lambda: computed.append(key))

    for key in "abacab":
        ask(key)
    assert computed == ["a", "b", "c", "b"]
