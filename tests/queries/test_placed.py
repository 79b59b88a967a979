"""What was found roughly, through the database: in densities, hot spots, grids, streets and gaps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
from geopandas import GeoDataFrame
from sqlalchemy import text

from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from geo_app.queries import incident_columns, visible
from geo_app.queries.grid_numbers import TOTAL, grid_numbers
from geo_app.queries.sources import SOURCES
from geo_app.queries.terms import Terms
from layers.base import PLACED
from layers.catalogue.hot_streets import FACTS
from layers.incidents.placed import LEVELS

TERMS = Terms(date(2026, 11, 1))
RESTS_ON_INCIDENTS = ("incidents", "density", "hot_spots", "hot_streets", "patrol_gaps")


def asked(database: Database, scope: Scope, read: Callable[..., GeoDataFrame], terms: Terms = TERMS) -> GeoDataFrame:
    with database.session(scope, read_only=True) as session:
        county = visible.county(session, "mesa")
        assert county is not None
        return read(session, county, terms)


def test_columns_carry_level_and_radius_as_the_rows_say(found: Database, mesa_scope: Scope) -> None:
    columns = asked(found, mesa_scope, lambda session, county, terms: incident_columns.incidents(session, county))
    with found.owner_session() as owner:
        rows = owner.execute(text("SELECT match_level, coalesce(radius_m, 0) FROM incident ORDER BY id")).all()
    assert [(LEVELS[level], radius) for level, radius in zip(columns.level, columns.radius_m, strict=True)] == [
        tuple(row) for row in rows
    ]
    whole = asked(found, mesa_scope, lambda session, county, terms: incident_columns.of_whole_county(session, county))
    assert sorted(whole.level) == sorted(columns.level) and whole.radius_m.sum() == columns.radius_m.sum()


def test_a_point_of_which_nothing_is_said_was_given(mesa: Database, mesa_scope: Scope) -> None:
    with mesa.owner_session() as owner:
        owner.execute(
            text("UPDATE incident SET match_level = (ARRAY['none', '不知道', 'road'])[1 + id % 3], radius_m = NULL")
        )
    columns = asked(mesa, mesa_scope, lambda session, county, terms: incident_columns.incidents(session, county))
    assert {LEVELS[level] for level in columns.level} == {"given", "road"}
    # A rough place without a radius is never taken for an exact one.
    assert set(columns.radius_m[columns.level == LEVELS.index("road")]) == {1000.0}
    assert set(columns.radius_m[columns.level == 0]) == {0.0}


def test_every_map_that_rests_on_incidents_says_how_they_were_placed(found: Database, mesa_scope: Scope) -> None:
    with found.owner_session() as owner:
        rows = dict(owner.execute(text("SELECT match_level, count(*) FROM incident WHERE valid GROUP BY 1")).all())
    for source in RESTS_ON_INCIDENTS:
        frame = asked(found, mesa_scope, SOURCES[source])
        assert {one.level: one.count for one in frame.attrs[PLACED]} == rows, source
    assert {one.level: one.count for one in asked(found, mesa_scope, grid_numbers).attrs[PLACED]} == rows
    for source in set(SOURCES) - set(RESTS_ON_INCIDENTS):
        assert PLACED not in asked(found, mesa_scope, SOURCES[source]).attrs, source


def test_a_density_spreads_what_is_rough_and_keeps_its_mass(found: Database, mesa_scope: Scope) -> None:
    surface = asked(found, mesa_scope, SOURCES["density"])["surface"].iloc[0]
    with found.owner_session() as owner:
        # The same places, as if they were all exact.
        owner.execute(text("UPDATE incident SET match_level = 'given', radius_m = 0 WHERE geom IS NOT NULL"))
    # By the bandwidth of the first, since that proposed hangs on how exact places are.
    terms = replace(TERMS, bandwidth_m=surface.bandwidth_m)
    exact = asked(found, mesa_scope, SOURCES["density"], terms)["surface"].iloc[0]
    assert surface.values.shape == exact.values.shape
    assert surface.values.max() < 0.7 * exact.values.max()  # 41 incidents of the community stand at one spot
    masses = [one.values.sum() * one.cell_m**2 / 1e6 for one in (surface, exact)]
    assert masses[1] > 245.9 and 0.93 * masses[1] < masses[0] < masses[1]  # what leaves the picture is little


def test_streets_gaps_and_places_leave_out_what_is_too_rough_for_them(found: Database, mesa_scope: Scope) -> None:
    with found.owner_session() as owner:
        levels = dict(owner.execute(text("SELECT match_level, count(*) FROM incident GROUP BY 1")).all())
    streets = asked(found, mesa_scope, SOURCES["hot_streets"])
    rough = levels["place"] + levels["road"] + levels["community"]  # all of a radius over 50 m
    assert streets.attrs[FACTS]["rough"] == rough
    counted = int(streets["incidents"].sum()) + streets.attrs[FACTS]["far"]
    assert counted == sum(levels.values()) - levels["none"] - rough
    near = asked(found, mesa_scope, SOURCES["patrol_gaps"])["incidents_near"].sum()
    with found.owner_session() as owner:
        owner.execute(text("UPDATE incident SET radius_m = 50 WHERE match_level IN ('place', 'road', 'community')"))
    assert asked(found, mesa_scope, SOURCES["patrol_gaps"])["incidents_near"].sum() > near
    assert asked(found, mesa_scope, SOURCES["hot_streets"]).attrs[FACTS]["rough"] == 0


def test_the_middle_of_a_community_is_no_place_that_incidents_come_back_to_but_a_market_is(
    found: Database, mesa_scope: Scope
) -> None:
    frame = asked(found, mesa_scope, SOURCES["hot_spots"])
    facts = frame.attrs["facts"]
    assert facts["rough"] >= 41 and facts["incidents"] == 246
    assert set(frame["kind"]) == {"place"} and frame["incidents"].max() < 41
    with found.owner_session() as owner:
        owner.execute(text("UPDATE incident SET match_level = 'place' WHERE match_level = 'community'"))
    assert asked(found, mesa_scope, SOURCES["hot_spots"])["incidents"].max() >= 41


def test_grids_count_what_is_known_to_their_size(found: Database, mesa_scope: Scope) -> None:
    frame = asked(found, mesa_scope, grid_numbers)
    total = frame.attrs[TOTAL]
    with found.owner_session() as owner:
        stamped = owner.execute(
            text("SELECT count(*) FROM incident WHERE valid AND geom IS NOT NULL AND grid_stable_id IS NOT NULL")
        ).scalar_one()
    assert total["rough"] > 0 and total["incidents"] + total["rough"] == stamped
    assert int(np.sum(frame["incidents"])) == total["incidents"]
