"""A route that is drawn in a large town: 50,000 pieces, 200 routes, 5,000 incidents, over HTTP.

What is measured is the whole answer of a real server in this process (Werkzeug with threads that stay, as gunicorn's
do) on a real PostGIS: session, rule, county, path, what is newly seen, gaps before and after, JSON. Rows are made, and
copied into the tables. The table shows time on the clock, wanted below 300 ms on a quiet machine; what is held to is
the time of the processor, of client and server together, which a busy machine changes little.
"""

from __future__ import annotations

import http.client
import itertools
import json
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import numpy as np
import psycopg
import pytest
import shapely
from geopandas import GeoSeries
from psycopg import sql
from sqlalchemy import select
from sqlalchemy.engine import make_url

from geo_app import create_app
from geo_app.models import Area, County
from geo_app.services.users import add_user
from tests.benchmarks.test_coverage_speed import METRIC, plan, town
from tests.mesa import browser_of
from tests.security.browsing import PASSWORD, csrf_token, token_of
from tests.serving import served

PIECES, ROUTES, INCIDENTS = 50_000, 200, 5_000


def as_hex(shapes: GeoSeries) -> list[str]:
    return shapely.to_wkb(shapely.set_srid(shapes.to_crs(4326).to_numpy(), 4326), hex=True, include_srid=True).tolist()


def fill(url: str, county: County, streets: GeoSeries) -> None:
    """Copies streets, routes and incidents into the county."""
    rng = np.random.default_rng(5)
    west, south, east, north = streets.total_bounds
    points = GeoSeries(shapely.points(rng.uniform((west, south), (east, north), (INCIDENTS, 2))), crs=METRIC)
    routes = plan(streets, ROUTES)
    driver_url = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(driver_url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT tree, id FROM area WHERE county_id = %s", (county.id,))
        areas = dict(cursor.fetchall())
        own = (county.id, areas["admin"], areas["police"])

        def copy(table: str, columns: str, rows) -> None:
            names = ["county_id", "admin_area_id", "police_area_id", *columns.split()]
            into = sql.SQL("COPY {} ({}) FROM STDIN").format(
                sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names))
            )
            with cursor.copy(into) as stream:
                for row in rows:
                    stream.write_row((*own, *row))

        shapes, lengths = as_hex(streets), streets.length.tolist()
        copy("street", "id stable_id network_version geom", [(n, n, 0, shape) for n, shape in enumerate(shapes, 1)])
        copy(
            "street_piece",
            "id street_id ordinal length_m geom",
            [(n, n, 0, length, shape) for n, (length, shape) in enumerate(zip(lengths, shapes, strict=True), 1)],
        )
        times = "{08:30,14:00,20:00}"
        ways = enumerate(as_hex(routes.geometry), 1)
        copy("patrol_route", "id stable_id name departures geom", [(n, n, f"{n}", times, way) for n, way in ways])
        copy("incident", "case_kind geom", [("incident", point) for point in as_hex(points)])


@pytest.fixture
def server(settings, database, county, database_url) -> Iterator[tuple[http.client.HTTPConnection, dict, GeoSeries]]:
    """A connection to a server of the large town, what a signed-in planner sends with each question, and the streets."""
    streets = town(PIECES)
    fill(database_url, county, streets)
    with database.owner_session() as owner:
        add_user(owner, "planner", "王建国", PASSWORD, roles=["planner"], area_ids=owner.scalars(select(Area.id)).all())
    app = create_app(settings, database)
    client = browser_of(app, "planner")
    headers = {
        "Content-Type": "application/json",
        "X-CSRFToken": csrf_token(client, "/password"),
        "Cookie": f"geo_session={token_of(client)}",
    }
    with served(app) as address:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        yield connection, headers, streets
        connection.close()


def test_a_preview_on_50000_pieces_and_200_routes_over_http(benchmark, server):
    connection, headers, streets = server
    rng = np.random.default_rng(6)
    middle = streets.sample(1, random_state=7).iloc[0].centroid
    turns = np.array([middle.x, middle.y]) + np.cumsum(rng.uniform(-400, 400, (12, 2)), axis=0)
    points = [[p.x, p.y] for p in GeoSeries(shapely.points(turns), crs=METRIC).to_crs(4326)]
    moved, worked = itertools.count(), []

    def ask() -> dict:
        points[6][0] += 1e-5 * (next(moved) % 7 - 3)  # a point is dragged: no question is like the one before
        body = {"county": "340523", "points": points, "departures": ["08:00", "10:00", "12:00"]}
        began = time.process_time()
        connection.request("POST", "/api/routes/preview", json.dumps(body), headers)
        answer = connection.getresponse()
        read = answer.read()
        worked.append(time.process_time() - began)
        assert answer.status == 200, read
        return json.loads(read)

    began = time.perf_counter()
    ask()
    cold = time.perf_counter() - began
    for _ in range(8):
        ask()  # every thread has been at work
    said = benchmark.pedantic(ask, rounds=30, warmup_rounds=2)
    assert said["length_m"] > 2_000 and said["newly_seen"]["pieces"] > 10 and said["gaps"]["before"] > 0
    benchmark.extra_info.update(**{"seconds until the first answer of a process": round(cold, 2)})
    benchmark.extra_info.update(pieces=len(streets), routes=ROUTES, server="Werkzeug, threads that stay, one process")
    benchmark.extra_info["ms of the processor"] = round(1000 * float(np.median(worked[9:])))
    if benchmark.stats is not None:
        assert np.median(worked[9:]) < 0.1
