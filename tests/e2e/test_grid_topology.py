"""What the editor knows of shared boundaries by itself, in the browser: against shapely and the ellipsoid."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import shapely

from grid_boundaries.coverage import area_m2
from tests.e2e.browsing import Visit
from tests.made_grids import Governed, code_of, made_grids, vertex
from tests.serving import served

Run = Callable[..., Any]
READY = """
async (features) => {
  const { Topology } = await import("/static/js/grids_edit_topology.js");
  window.made = new Topology();
  made.takeAll(features);
  window.shapes = () => Object.fromEntries([...made.grids.keys()].map((code) => [code, made.feature(code).geometry]));
}
"""


@pytest.fixture
def run(visit: Callable[..., Visit], governed: Governed) -> Iterator[Run]:
    """Runs a script beside `made`, the topology of the made county's grids."""
    with served(governed.app) as address:
        tab = visit(address).tab
        tab.goto(f"{address}/sign-in")
        tab.evaluate(READY, features())
        yield tab.evaluate


def features() -> list[dict[str, Any]]:
    return [
        {
            "type": "Feature",
            "properties": {"code": code, "name": name, "community": community},
            "geometry": json.loads(shapely.to_geojson(shapely.MultiPolygon([shape]))),
        }
        for code, name, community, shape in made_grids()[["code", "name", "community", "geometry"]].itertuples(
            index=False
        )
    ]


def shapes(run: Run) -> dict[str, shapely.Geometry]:
    return {code: shapely.geometry.shape(one) for code, one in run("shapes()").items()}


def test_a_vertex_moves_in_every_grid_that_has_it_and_the_coverage_stays_whole(run: Run) -> None:
    whole = shapely.union_all(made_grids().geometry.to_numpy())
    before = shapes(run)
    at = vertex(3, 2)
    moved = run("([at, to]) => made.move(at, to)", [at, (at[0] + 0.00071234567, at[1] - 0.0004)])
    assert set(moved) == {code_of(2, 1), code_of(3, 1), code_of(2, 2), code_of(3, 2)}
    after = shapes(run)
    assert {code for code in after if not after[code].equals(before[code])} == set(moved)
    assert shapely.coverage_is_valid(list(after.values()))
    assert shapely.union_all(list(after.values())).symmetric_difference(whole).area < 1e-13
    points = shapely.get_coordinates(list(after.values()))
    assert (points == np.round(points, 7)).all()  # on the lattice


def test_a_vertex_put_on_a_line_enters_both_sides_and_changes_no_size(run: Run) -> None:
    before = shapes(run)
    one, other = vertex(2, 1.5), vertex(2, 2)
    place = ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
    touched = run("([point, from, to]) => made.insert(point, from, to)", [place, other, one])  # either way round
    assert set(touched) == {code_of(1, 1), code_of(2, 1)}
    after = shapes(run)
    for code in touched:
        assert shapely.get_num_coordinates(after[code]) == shapely.get_num_coordinates(before[code]) + 1
        assert after[code].symmetric_difference(before[code]).area < 1e-10
    assert shapely.coverage_is_valid(list(after.values()))


def test_vertices_of_the_outer_line_are_known(run: Run) -> None:
    assert run("(at) => made.isOnOutline(at)", vertex(0, 2)) and run("(at) => made.isOnOutline(at)", vertex(5.5, 4))
    assert not run("(at) => made.isOnOutline(at)", vertex(4, 2))
    assert run("([from, to]) => made.besides(from, to)", [vertex(0, 1), vertex(0, 1.5)]) == [code_of(0, 1)]


def test_sizes_are_those_that_the_server_measures(run: Run) -> None:
    told = run("Object.fromEntries([...made.grids.keys()].map((code) => [code, made.area(code)]))")
    for code, shape in shapes(run).items():
        assert told[code] == pytest.approx(area_m2(shape), rel=1e-6)


def test_places_lines_and_areas_find_the_grid_that_shapely_finds(run: Run) -> None:
    grids = shapes(run)
    rng = np.random.default_rng(7)
    west, south, east, north = shapely.total_bounds(list(grids.values()))
    places = rng.uniform((west - 0.001, south - 0.001), (east + 0.001, north + 0.001), (300, 2))
    told = run("(places) => places.map((place) => made.gridAt(place))", places.tolist())
    for place, code in zip(places, told, strict=True):
        point = shapely.Point(place)
        assert (code is None and not any(shape.contains(point) for shape in grids.values())) or grids[code].contains(
            point
        )
    for x, y in rng.uniform((west, south), (east - 0.004, north - 0.004), (40, 2)):
        line = shapely.LineString([(x, y), (x + 0.0035, y + 0.0027)])
        area = shapely.box(x, y, x + 0.003, y + 0.003)
        for asked, found, size in (
            (line, run("(line) => made.gridAlong(line)", list(line.coords)), shapely.length),
            (area, run("(ring) => made.gridUnder(ring)", list(area.exterior.coords)), shapely.area),
        ):
            shares = {code: size(shape.intersection(asked)) / size(asked) for code, shape in grids.items()}
            assert shares[found] > max(shares.values()) - 0.05  # by samples: of two about equal, either


def test_neighbours_share_an_edge_not_only_a_corner(run: Run) -> None:
    ask = "([one, other]) => made.areNeighbours(one, other)"
    assert run(ask, [code_of(1, 1), code_of(2, 1)]) and not run(ask, [code_of(1, 1), code_of(2, 2)])
    assert set(run("(code) => made.neighbours(code)", code_of(0, 0))) == {code_of(1, 0), code_of(0, 1), code_of(1, 1)}


def test_the_line_between_communities_is_told_apart(run: Run) -> None:
    edges = run("made.edgesWhere((one, other) => one.community !== other.community)")
    lines = shapely.union_all([shapely.LineString(edge) for edge in edges])
    parts = [shapely.union_all(part.geometry.to_numpy()) for _, part in made_grids().groupby("community")]
    assert shapely.line_merge(lines).length == pytest.approx(
        sum(part.length for part in parts) - parts[0].intersection(parts[1]).length
    )
