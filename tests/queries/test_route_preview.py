"""A route drawn by hand over Mesa: what it would change is right by buffers, and the same as after it was saved."""

from __future__ import annotations

from datetime import date, time

import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from sqlalchemy import text

from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from geo_app.models import County
from geo_app.queries import frames, network, patrol_state, visible
from geo_app.queries.drawn_path import drawn_path, to_degrees, to_metres
from geo_app.queries.route_preview import Draft, Preview, preview
from geo_app.queries.terms import Terms

TERMS = Terms(date(2026, 11, 22))
OFTEN = tuple(time(hour) for hour in range(24))


def mesa_county(session) -> County:
    county = visible.county(session, "mesa")
    assert county is not None
    return county


def gap_middles(session, county: County, number: int) -> list[tuple[float, float]]:
    frame = patrol_state.patrol_gaps(session, county, TERMS)
    gaps = frame[frame["is_gap"]].sort_values("rank").head(number)
    return [line.interpolate(0.5, normalized=True).coords[0] for line in gaps.geometry]


def previewed(database: Database, scope: Scope, terms: Terms = TERMS, number: int = 2, **draft) -> Preview:
    with database.session(scope, read_only=True) as session:
        county = mesa_county(session)
        points = draft.pop("points", None) or gap_middles(session, county, number)
        return preview(session, county, terms, Draft(points, **{"mode": "foot", "departures": OFTEN, **draft}))


def test_what_is_newly_seen_is_what_buffers_say(mesa: Database, mesa_scope: Scope) -> None:
    """The plain way: the route and the others as areas of 50 m about them, piece by piece."""
    made = previewed(mesa, mesa_scope)
    with mesa.session(mesa_scope, read_only=True) as session:
        county = mesa_county(session)
        pieces = frames.streets(session, county, TERMS).to_crs(county.metric_srid)
        others = frames.patrol_routes(session, county, TERMS).to_crs(county.metric_srid)
    line = GeoSeries([made.path.line], crs=4326).to_crs(pieces.crs).iloc[0]
    near_others = shapely.union_all(others.buffer(50, quad_segs=256).to_numpy())
    near_all = shapely.union_all([near_others, line.buffer(50, quad_segs=256)])
    with_it = pieces.intersection(near_all).length / pieces.length
    without_it = pieces.intersection(near_others).length / pieces.length
    expected = (with_it >= 0.9) & (without_it < 0.9)
    # What lies within a thousandth of nine tenths may fall to either side: circles are polygons here.
    sure = (np.abs(with_it - 0.9) > 1e-3) & (np.abs(without_it - 0.9) > 1e-3)
    assert set(made.newly) & set(pieces["id"][sure]) == set(pieces["id"][expected & sure]) != set()
    assert made.newly_m == pytest.approx(pieces.set_index("id").length[list(made.newly)].sum(), rel=1e-6)
    assert len(set(made.newly) - set(pieces["id"][sure])) <= (~sure).sum()


def test_a_route_along_gaps_every_hour_closes_them(mesa: Database, mesa_scope: Scope) -> None:
    with mesa.session(mesa_scope, read_only=True) as session:
        frame = patrol_state.patrol_gaps(session, mesa_county(session), TERMS)
    made = previewed(mesa, mesa_scope)
    first = frame[frame["rank"].fillna(0).isin([1, 2])]["id"]
    assert set(first) <= set(made.closed)
    assert (made.before.gaps, made.after.gaps) == (frame["is_gap"].sum(), made.before.gaps - len(made.closed))
    assert made.opened == () and made.before.share_seen < made.after.share_seen
    seldom = previewed(mesa, mesa_scope, departures=(time(8),))
    assert set(first) <= set(seldom.still) and seldom.closed == () and seldom.newly == made.newly
    assert seldom.after.never < made.before.never == seldom.before.never


def test_a_route_without_departures_is_seen_from_by_nobody_and_closes_nothing(
    mesa: Database, mesa_scope: Scope
) -> None:
    made = previewed(mesa, mesa_scope, departures=())
    assert made.closed == () and made.before.gaps == made.after.gaps


def test_other_terms_are_another_question(mesa: Database, mesa_scope: Scope) -> None:
    alone = previewed(mesa, mesa_scope, Terms(TERMS.day, routes=frozenset()))
    beside = previewed(mesa, mesa_scope)
    assert alone.before.share_seen == 0 and len(alone.newly) > len(beside.newly)
    far = previewed(mesa, mesa_scope, Terms(TERMS.day, sight_m=100))
    assert far.path.length_m == beside.path.length_m and far.after.share_seen > beside.after.share_seen
    every = previewed(mesa, mesa_scope, Terms(TERMS.day, asked=frozenset("ABC")))
    assert every.before.gaps > beside.before.gaps


def test_a_route_that_replaces_another_does_not_count_beside_it(mesa: Database, mesa_scope: Scope) -> None:
    with mesa.session(mesa_scope, read_only=True) as session:
        county = mesa_county(session)
        routes = frames.patrol_routes(session, county, TERMS)
        ground = network.streets(session, county, TERMS.day)
        route = routes.iloc[0]
        from layers.roads.waypoints import waypoints

        line = GeoSeries([route.geometry], crs=4326).to_crs(county.metric_srid).iloc[0]
        points = to_degrees(county, waypoints(ground.network, line))
        hours = tuple(time(int(said[:2]), int(said[3:])) for said in route.departures.split())
    same = previewed(
        mesa, mesa_scope, points=points, departures=hours, mode=route["mode"], replaces=int(route.stable_id)
    )
    # It is the route that is there already: nothing is gained and nothing lost, but all it sees is its own.
    assert same.before.gaps == same.after.gaps and same.closed == same.opened == ()
    assert same.before.share_seen == pytest.approx(same.after.share_seen, abs=1e-9)
    assert len(same.newly) > 0
    every = Terms(TERMS.day, asked=frozenset("ABC"))
    moved = previewed(mesa, mesa_scope, every, replaces=int(route.stable_id), departures=())
    assert moved.after.gaps == moved.before.gaps + len(moved.opened) > moved.before.gaps
    assert moved.after.never > moved.before.never


def test_fewer_than_two_points_are_no_path_and_change_nothing(mesa: Database, mesa_scope: Scope) -> None:
    with mesa.session(mesa_scope, read_only=True) as session:
        county = mesa_county(session)
        for points in ([], gap_middles(session, county, 1)):
            made = preview(session, county, TERMS, Draft(points, "foot", OFTEN))
            assert made.path.line is None and made.before == made.after and made.newly == made.closed == ()
            assert len(made.path.snapped) == len(points)


def test_places_beside_the_streets_are_moved_noted_or_left_out(mesa: Database, mesa_scope: Scope) -> None:
    with mesa.session(mesa_scope, read_only=True) as session:
        county = mesa_county(session)
        ground = network.streets(session, county, TERMS.day)
        west, south, east, north = shapely.total_bounds(ground.network.geometry)
        nearby, noted, gone = to_degrees(
            county, np.array([[(west + east) / 2, (south + north) / 2], [west, north + 400], [west, north + 3000]])
        )
        path = drawn_path(ground, county, [nearby, gone, noted, (0.0, 0.0), (-68.0, -89.9)])
    assert [place.used for place in path.snapped] == [True, False, True, False, False]
    assert path.snapped[0].distance_m < 60 and path.snapped[2].distance_m >= 400
    assert [(said.code, said.point) for said in path.warnings] == [("off_network", place) for place in (1, 2, 3, 4)]
    assert path.line is not None and path.obstacle is not None and path.obstacle.point == 1


def test_streets_that_do_not_join_are_said_by_leg(mesa: Database, mesa_scope: Scope) -> None:
    with mesa.session(mesa_scope) as session:
        session.execute(
            text(
                "INSERT INTO street_piece (county_id, admin_area_id, police_area_id, street_id, ordinal, length_m, geom)"
                " SELECT county_id, admin_area_id, police_area_id, street_id, 999, 90, ST_Translate(geom, 0.02, 0)"
                " FROM street_piece ORDER BY id LIMIT 1"
            )
        )
    with mesa.session(mesa_scope, read_only=True) as session:
        county = mesa_county(session)
        island = session.execute(
            text("SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_Centroid(geom) AS p FROM street_piece WHERE ordinal = 999) x")
        ).one()
        first, second = gap_middles(session, county, 2)
        made = preview(session, county, TERMS, Draft([first, second, tuple(island)], "foot", OFTEN))
        again = preview(session, county, TERMS, Draft([first, second], "foot", OFTEN))
    assert [(said.code, said.point) for said in made.path.warnings] == [("not_connected", 2)]
    assert made.path.line.equals(again.path.line) and made.closed == again.closed
    assert made.path.obstacle is not None and again.path.obstacle is None


def test_the_same_place_twice_is_said_and_does_no_harm(mesa: Database, mesa_scope: Scope) -> None:
    with mesa.session(mesa_scope, read_only=True) as session:
        county = mesa_county(session)
        first, second = gap_middles(session, county, 2)
        ground = network.streets(session, county, TERMS.day)
        twice = drawn_path(ground, county, [first, first, second])
        once = drawn_path(ground, county, [first, second])
    assert [(said.code, said.point) for said in twice.warnings] == [("same_place", 1)]
    assert twice.line.equals(once.line) and twice.obstacle is None


def test_a_county_without_streets_says_so(database: Database, county: County, county_scope: Scope) -> None:
    with database.session(county_scope, read_only=True) as session:
        found = visible.county(session, county.code)
        assert found is not None
        made = preview(session, found, TERMS, Draft([(118.3, 31.7), (118.4, 31.7)], "foot", OFTEN))
    assert [said.code for said in made.path.warnings] == ["no_streets"]
    assert made.before.gaps == made.after.gaps == 0 and made.before.share_seen is None


def test_B12_without_a_scope_there_is_no_street_to_draw_along(mesa: Database, mesa_scope: Scope) -> None:
    with mesa.session(mesa_scope, read_only=True) as session:
        county = mesa_county(session)
        assert len(network.streets(session, county, TERMS.day).ids) == 512
    with mesa.session(Scope.none(), read_only=True) as session:
        assert len(network.streets(session, county, TERMS.day).ids) == 0
        made = preview(session, county, TERMS, Draft([(-111.83, 33.41), (-111.82, 33.41)], "foot", OFTEN))
        assert made.newly == made.closed == () and made.before.gaps == 0


def test_the_network_is_made_once_and_again_when_a_street_changes(mesa: Database, mesa_scope: Scope) -> None:
    def read():
        with mesa.session(mesa_scope, read_only=True) as session:
            return network.streets(session, mesa_county(session), TERMS.day)

    first = read()
    assert read() is first
    with mesa.session(mesa_scope) as session:
        session.execute(text("UPDATE street_piece SET valid = daterange(NULL, '2026-01-01') WHERE ordinal > 0"))
    assert len(read().ids) < len(first.ids)


def test_degrees_and_metres_lead_back_to_each_other(mesa: Database, mesa_scope: Scope) -> None:
    with mesa.session(mesa_scope, read_only=True) as session:
        county = mesa_county(session)
    places = [(-111.8312345, 33.4112345), (-111.82, 33.4)]
    assert to_degrees(county, to_metres(county, places)) == places
