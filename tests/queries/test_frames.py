"""Frames have the columns that layers draw, hold for a day, and show what the scope sees."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from geo_app.models import County
from geo_app.queries import frames, visible
from geo_app.queries.sources import SOURCES
from geo_app.queries.terms import Terms, today
from layers.catalogue import LAYERS

DAY = date(2026, 11, 22)


def mesa_county(session) -> County:
    found = visible.county(session, "mesa")
    assert found is not None
    return found


def give_times_and_water(mesa: Database, scope: Scope) -> None:
    """Mesa's crimes say nothing of when they happened, and a place of repeated calls is one within days; nor has it a
    river."""
    with mesa.session(scope) as session:
        session.execute(
            text("UPDATE incident SET occurred_from = '2026-11-02 10:00Z', occurred_to = '2026-11-02 10:00Z'")
        )
        session.execute(
            text(
                "INSERT INTO water (county_id, admin_area_id, police_area_id, geom) SELECT county_id, admin_area_id,"
                " police_area_id, ST_Buffer(geom, 0.001) FROM street LIMIT 1"
            )
        )


def test_every_layer_has_a_source_and_every_source_a_layer() -> None:
    assert {layer.source for layer in LAYERS.values()} == set(SOURCES)


@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)
def test_a_source_gives_what_its_layer_draws(mesa: Database, mesa_scope: Scope, layer) -> None:
    give_times_and_water(mesa, mesa_scope)
    with mesa.session(mesa_scope, read_only=True) as session:
        frame = SOURCES[layer.source](session, mesa_county(session), Terms(DAY))
    assert frame.crs.to_epsg() == 4326
    drawing = layer.draw(frame)
    assert drawing.legend.n > 0


@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)
def test_a_county_without_rows_gives_empty_frames_that_draw(
    database: Database, county: County, county_scope: Scope, layer
) -> None:
    with database.session(county_scope, read_only=True) as session:
        found = visible.county(session, county.code)
        assert found is not None
        frame = SOURCES[layer.source](session, found, Terms(DAY))
    assert len(frame) == 0
    assert layer.draw(frame).legend.n == 0


@pytest.mark.parametrize("key", SOURCES)
def test_B12_without_a_scope_there_is_no_county_and_with_another_there_are_no_rows(
    mesa: Database, mesa_scope: Scope, key: str
) -> None:
    give_times_and_water(mesa, mesa_scope)
    with mesa.session(mesa_scope, read_only=True) as session:
        county = mesa_county(session)
        assert len(SOURCES[key](session, county, Terms(DAY))) > 0
    with mesa.session(Scope.none(), read_only=True) as session:
        assert visible.county(session, "mesa") is None
        assert visible.counties(session) == []
        # Even who has the county's row in hand gets nothing, and nothing out of the cache.
        assert len(SOURCES[key](session, county, Terms(DAY))) == 0


def test_a_route_of_yesterday_is_not_there_today(mesa: Database, mesa_scope: Scope) -> None:
    with mesa.session(mesa_scope) as session:
        session.execute(text("UPDATE patrol_route SET valid = daterange('2026-01-01', '2026-11-22')"))
    with mesa.session(mesa_scope, read_only=True) as session:
        county = mesa_county(session)
        assert len(frames.patrol_routes(session, county, Terms(date(2026, 11, 21)))) == 3
        assert len(frames.patrol_routes(session, county, Terms(DAY))) == 0


def test_a_row_that_was_corrected_is_no_longer_shown(mesa: Database, mesa_scope: Scope) -> None:
    with mesa.session(mesa_scope) as session:
        session.execute(text("UPDATE camera SET recorded = tstzrange(lower(recorded), now()) WHERE code LIKE '%1'"))
        left = session.execute(text("SELECT count(*) FROM camera WHERE code NOT LIKE '%1'")).scalar_one()
    with mesa.session(mesa_scope, read_only=True) as session:
        assert len(frames.cameras(session, mesa_county(session), Terms(DAY))) == left < 10


def test_today_is_the_day_of_the_county_not_of_the_server() -> None:
    evening_in_london = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
    assert today(County(time_zone="Asia/Shanghai"), evening_in_london) == date(2026, 11, 23)
    assert today(County(time_zone="America/Phoenix"), evening_in_london) == date(2026, 11, 22)


def test_times_of_incidents_are_those_of_the_county(mesa: Database, mesa_scope: Scope) -> None:
    with mesa.session(mesa_scope) as session:
        session.execute(text("UPDATE incident SET occurred_from = '2026-03-01 08:30+00' WHERE id % 2 = 0"))
    with mesa.session(mesa_scope, read_only=True) as session:
        frame = frames.incidents(session, mesa_county(session), Terms(DAY))
    known = frame["occurred_from"].dropna()
    assert 0 < len(known) < len(frame)
    assert {moment.isoformat() for moment in known} == {"2026-03-01T01:30:00-07:00"}


def test_an_incident_without_a_place_is_counted_and_not_drawn(mesa: Database, mesa_scope: Scope) -> None:
    with mesa.session(mesa_scope) as session:
        session.execute(text("UPDATE incident SET geom = NULL WHERE id IN (SELECT min(id) FROM incident)"))
    with mesa.session(mesa_scope, read_only=True) as session:
        county = mesa_county(session)
        legend = LAYERS["incidents"].draw(frames.incidents(session, county, Terms(DAY))).legend
        assert (legend.n, legend.unplaced) == (286, 1)
        assert len(SOURCES["patrol_gaps"](session, county, Terms(DAY))) == 512


def test_a_box_shows_what_touches_it(mesa: Database, mesa_scope: Scope) -> None:
    with mesa.session(mesa_scope, read_only=True) as session:
        county = mesa_county(session)
        west, south, east, north = visible.bounds(session, county.id) or (0, 0, 0, 0)
        middle = ((west + east) / 2, (south + north) / 2)
        whole = frames.streets(session, county, Terms(DAY))
        part = frames.streets(session, county, Terms(DAY, box=(west, south, *middle)))
    assert 0 < len(part) < len(whole)
    from shapely import box

    assert set(part["id"]) == set(whole["id"][whole.intersects(box(west, south, *middle))])


def test_B11_a_box_query_under_row_security_uses_the_spatial_index(mesa: Database, mesa_scope: Scope) -> None:
    with mesa.session(mesa_scope, read_only=True) as session:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        # The areas have indexes too; what counts is that the box may be looked up in its own.
        plan = "\n".join(
            row[0]
            for row in session.execute(
                text(
                    "EXPLAIN SELECT id FROM street_piece WHERE geom && ST_MakeEnvelope(-111.83, 33.41, -111.829, 33.411, 4326)"
                    " AND ST_Intersects(geom, ST_MakeEnvelope(-111.83, 33.41, -111.829, 33.411, 4326))"
                )
            )
        )
    assert "ix_street_piece_geom" in plan
