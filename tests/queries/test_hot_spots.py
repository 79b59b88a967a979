"""Hot spots of what is chosen and seen: on cells, on grids, and the places of one house where nothing is significant."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import shapely
from sqlalchemy import text

from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from geo_app.queries import hot_spots, hot_streets, incident_columns, visible
from geo_app.queries.terms import Terms
from layers.base import DATES, drawing_json
from layers.catalogue import LAYERS
from layers.incidents.choice import Choice

TERMS = Terms(date(2026, 11, 22))


def asked(database: Database, scope: Scope, terms: Terms = TERMS, read=hot_spots.hot_spots):
    with database.session(scope, read_only=True) as session:
        county = visible.county(session, "mesa")
        assert county is not None
        return read(session, county, terms)


def drawn(frame):
    return drawing_json(LAYERS["hot_spots"].drawing(frame))


@pytest.fixture
def hot(mesa: Database) -> Database:
    """Mesa with ten incidents at each of forty houses in its middle, half of them on one evening."""
    with mesa.owner_session() as owner:
        owner.execute(
            text(
                """
                WITH house AS (
                  SELECT geom, county_id, admin_area_id, police_area_id FROM street_piece, (
                    SELECT ST_Centroid(ST_Extent(geom)) AS middle FROM street_piece) AS town
                  ORDER BY ST_Centroid(geom) <-> ST_SetSRID(middle, 4326) LIMIT 40)
                INSERT INTO incident (county_id, admin_area_id, police_area_id, category, occurred_from, geom, simulated)
                SELECT county_id, admin_area_id, police_area_id, '纠纷',
                  CASE WHEN n > 5 THEN timestamptz '2026-03-01 20:00-07' END, ST_StartPoint(geom), n = 1
                FROM house, generate_series(1, 10) AS n
                """
            )
        )
    return mesa


def test_of_mesa_chance_explains_every_cell_and_the_map_says_so_and_shows_houses(
    mesa: Database, mesa_scope: Scope
) -> None:
    frame = asked(mesa, mesa_scope)
    drawing = drawn(frame)
    assert drawing["notice"].startswith("No cell has more incidents than chance explains.")
    assert set(frame["kind"]) == {"place"} and drawing["facts"]["hot"] == 0
    assert drawing["facts"]["incidents"] == 287 and drawing["facts"]["compared"] > 100
    with mesa.owner_session() as owner:
        most = owner.execute(text("SELECT count(*) FROM incident GROUP BY geom ORDER BY 1 DESC LIMIT 1")).scalar_one()
        point = owner.execute(
            text("SELECT ST_AsText(geom) FROM incident GROUP BY geom ORDER BY count(*) DESC LIMIT 1")
        ).scalar_one()
    assert frame["incidents"].iloc[0] >= most
    assert shapely.distance(frame.geometry.iloc[0], shapely.from_wkt(point)) < 1e-4


def test_cells_above_chance_are_squares_with_what_lies_in_them(hot: Database, mesa_scope: Scope) -> None:
    frame = asked(hot, mesa_scope)
    drawing = drawn(frame)
    assert set(frame["kind"]) == {"cell"} and drawing["notice"] is None
    facts = drawing["facts"]
    assert facts["hot"] == len(frame) > 0 and facts["hot_incidents"] == frame["incidents"].sum() > 250
    metres = frame.to_crs(26949).geometry
    assert np.allclose(metres.area, facts["cell_m"] ** 2, rtol=1e-3)
    with hot.session(mesa_scope, read_only=True) as session:
        for row in frame.itertuples():
            inside = session.scalar(
                text("SELECT count(*) FROM incident WHERE ST_Intersects(geom, ST_GeomFromText(:cell, 4326))"),
                {"cell": row.geometry.wkt},
            )
            assert inside == row.incidents
    assert frame["simulated"].any() and drawing["simulated"] > 0


def test_period_category_and_size_choose_what_is_compared(hot: Database, mesa_scope: Scope) -> None:
    of_march = replace(TERMS, choice=Choice(date(2026, 3, 1), date(2026, 3, 1)))
    frame = asked(hot, mesa_scope, of_march)
    assert frame.attrs["facts"]["incidents"] == 200 and frame.attrs[DATES] == (date(2026, 3, 1),) * 2
    nothing = asked(hot, mesa_scope, replace(TERMS, choice=Choice(categories=frozenset({"no such"}))))
    assert drawn(nothing)["notice"].startswith("No incidents are chosen") and len(nothing) == 0
    wide = asked(hot, mesa_scope, replace(TERMS, bandwidth_m=400.0)).attrs["facts"]
    tiny = asked(hot, mesa_scope, replace(TERMS, bandwidth_m=20.0)).attrs["facts"]
    assert (wide["cell_m"], tiny["cell_m"]) == (400, 50) and wide["compared"] < tiny["compared"]
    assert wide["proposed_m"] == tiny["proposed_m"]


def test_grids_are_compared_by_incidents_a_square_kilometre(hot: Database, mesa_scope: Scope) -> None:
    on_grids = replace(TERMS, unit="grids")
    with hot.owner_session() as owner:
        owner.execute(text("DELETE FROM grid"))
    none = asked(hot, mesa_scope, on_grids)
    assert drawn(none)["notice"].startswith("There are no grids")
    with hot.owner_session() as owner:
        owner.execute(
            text(
                """
                INSERT INTO grid (county_id, admin_area_id, police_area_id, stable_id, code, name, geom)
                SELECT county_id, admin_area_id, police_area_id, 100 * i + j, 'G' || i || '-' || j, '网格', ST_Multi(
                  ST_MakeEnvelope(w + i * (e - w) / 12, s + j * (n - s) / 12, w + (i + 1) * (e - w) / 12,
                  s + (j + 1) * (n - s) / 12, 4326))
                FROM generate_series(0, 11) AS i, generate_series(0, 11) AS j,
                  (SELECT county_id, admin_area_id, police_area_id FROM street_piece LIMIT 1) AS area,
                  (SELECT ST_XMin(b) AS w, ST_YMin(b) AS s, ST_XMax(b) AS e, ST_YMax(b) AS n
                   FROM (SELECT ST_Extent(geom) AS b FROM street_piece) AS box) AS town
                """
            )
        )
        owner.execute(
            text(
                "UPDATE incident SET grid_stable_id = (SELECT max(stable_id) FROM grid WHERE grid.geom && incident.geom)"
            )
        )
    frame = asked(hot, mesa_scope, on_grids)
    every = asked(hot, mesa_scope, on_grids, hot_spots.hot_grids)
    assert set(frame["kind"]) == {"grid"} and 0 < len(frame) < 40
    assert len(every) == 144 and set(every.loc[every["hot"], "id"]) == set(frame["id"])
    with hot.owner_session() as owner:
        counts = dict(owner.execute(text("SELECT grid_stable_id, count(*) FROM incident GROUP BY 1")).all())
    assert every["incidents"].tolist() == [counts.get(stable_id, 0) for stable_id in every["stable_id"]]


@pytest.mark.parametrize(
    "change",
    ["DELETE FROM incident", "UPDATE incident SET geom = NULL", "DELETE FROM incident WHERE id > (SELECT min(id) FROM incident)"],
    ids=["none", "unplaced", "one"],
)  # fmt: skip
def test_with_no_incident_none_placed_or_one_nothing_is_drawn_and_the_map_says_why(
    mesa: Database, mesa_scope: Scope, change: str
) -> None:
    with mesa.owner_session() as owner:
        owner.execute(text(change))
    drawing = drawn(asked(mesa, mesa_scope))
    assert drawing["features"]["features"] == [] and drawing["notice"]
    facts = asked(mesa, mesa_scope, read=hot_streets.hot_streets).attrs["facts"]
    assert facts["incident_percent"] in (None, 100)


def test_all_incidents_at_one_house_are_one_place(mesa: Database, mesa_scope: Scope) -> None:
    with mesa.owner_session() as owner:
        owner.execute(text("UPDATE incident SET geom = (SELECT ST_StartPoint(geom) FROM street_piece LIMIT 1)"))
    frame = asked(mesa, mesa_scope)
    assert (frame["kind"].tolist(), frame["incidents"].tolist()) == (["place"], [287])


def test_B07_hot_spots_of_one_scope_are_never_given_to_another(hot: Database, mesa_scope: Scope) -> None:
    whole = asked(hot, mesa_scope)
    with hot.session(Scope.none(), read_only=True) as session:
        with hot.session(mesa_scope, read_only=True) as other:
            county = visible.county(other, "mesa")
        assert county is not None
        nobody = hot_spots.hot_spots(session, county, TERMS)
    assert len(whole) and not len(nobody) and nobody.attrs["facts"]["incidents"] == 0
    assert asked(hot, mesa_scope) is whole


def test_hot_streets_hold_half_of_the_incidents_and_say_on_how_much_length(mesa: Database, mesa_scope: Scope) -> None:
    frame = asked(mesa, mesa_scope, read=hot_streets.hot_streets)
    hot = frame[frame["level"] != ""]
    facts = drawing_json(LAYERS["hot_streets"].drawing(frame))["facts"]
    assert frame["incidents"].sum() + facts["far"] == 287
    assert facts["incident_percent"] == pytest.approx(100 * hot["incidents"].sum() / frame["incidents"].sum(), abs=0.01)
    assert 50 <= facts["incident_percent"] < 55 and facts["street_percent"] < 20
    assert facts["sentence"].startswith(f"{facts['street_percent']:.1f} % of the street length")
    with mesa.session(mesa_scope, read_only=True) as session:
        county = visible.county(session, "mesa")
        assert county is not None
        nearest = session.execute(
            text(
                "SELECT count(*) FROM incident i CROSS JOIN LATERAL (SELECT id FROM street_piece p"
                " WHERE ST_DWithin(p.geom::geography, i.geom::geography, 50)"
                " ORDER BY p.geom::geography <-> i.geom::geography LIMIT 1) AS near WHERE near.id = ANY (:ids)"
            ),
            {"ids": hot["id"].tolist()},
        ).scalar_one()
        assert len(incident_columns.chosen(session, county, TERMS)) == 287
    assert nearest == pytest.approx(hot["incidents"].sum(), abs=6)  # at crossings several are equally near


def test_without_streets_the_cells_that_ever_had_incidents_are_compared(hot: Database, mesa_scope: Scope) -> None:
    with hot.owner_session() as owner:
        owner.execute(text("UPDATE street_piece SET valid = daterange(NULL, '2026-01-01')"))
    of_march = replace(TERMS, choice=Choice(date(2026, 3, 1), date(2026, 3, 1)))
    facts = asked(hot, mesa_scope, of_march).attrs["facts"]
    assert facts["hot"] > 0 and facts["compared"] > facts["hot"]
