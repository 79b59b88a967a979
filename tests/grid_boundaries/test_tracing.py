"""Lines traced from others go through the same vertices, and only those that somebody needs stay."""

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from grid_boundaries.faces import node
from grid_boundaries.schema import snap
from grid_boundaries.tracing import threaded, traced

SIDE = 0.01


def slanting():
    """Two neighbours with an odd line between them, on the lattice."""
    line = shapely.LineString([(118.0041234, 31.0), (118.0057891, 31.01)])
    west = shapely.Polygon([(118, 31), line.coords[0], line.coords[1], (118, 31.01)])
    east = shapely.Polygon([line.coords[0], (118.01, 31), (118.01, 31.01), line.coords[1]])
    return snap(np.array([west, east])), line


def cut_again(shapes, heights):
    """The same land after lines from west to east were drawn across, and the pieces put together again."""
    across = [shapely.LineString([(117.99, 31 + SIDE * y), (118.02, 31.0001 + SIDE * y)]) for y in heights]
    faces = shapely.get_parts(shapely.polygonize(node([*shapely.boundary(shapes), *snap(np.array(across))])))
    inner = shapely.point_on_surface(faces)
    return np.array([shapely.coverage_union_all(faces[shapely.dwithin(shape, inner, 1e-9)]) for shape in shapes])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0.05, 0.9), min_size=1, max_size=6))
def test_lines_that_were_cut_are_as_they_were_to_the_bit(heights):
    shapes, _ = slanting()
    cut = cut_again(shapes, heights)
    assert shapely.get_num_coordinates(cut).sum() > shapely.get_num_coordinates(shapes).sum()
    again = shapely.normalize(traced(cut, shapely.boundary(shapes)))
    assert [shape.equals_exact(own) for shape, own in zip(again, shapely.normalize(multi(shapes)), strict=True)] == [
        True,
        True,
    ]


def multi(shapes):
    return np.array([shapely.MultiPolygon([shape]) for shape in shapes])


def test_a_vertex_where_a_third_line_ends_stays():
    shapes, _ = slanting()
    cut = cut_again(shapes, [0.4])
    west, east = cut
    south, north = (shapely.box(118, low, 118.02, high) for low, high in ((31, 31.0041), (31.0041, 31.01)))
    three = np.array([west, *shapely.intersection(east, np.array([south, north]), grid_size=1e-7)])
    faces = shapely.get_parts(shapely.polygonize(node(shapely.boundary(three))))
    kept = traced(faces, shapely.boundary(shapes))
    assert shapely.coverage_is_valid(kept)
    assert len(kept) == 3
    corners = {tuple(place) for place in shapely.get_coordinates(kept)}
    meeting = {tuple(place) for place in np.round([(118.0048065, 31.0041)], 4)}
    assert any(abs(x - a) < 1e-4 and abs(y - b) < 1e-6 for x, y in corners for a, b in meeting)


def test_a_line_goes_through_the_places_that_lie_on_it_and_through_no_others():
    _, line = slanting()
    on = np.round([line.interpolate(share, normalized=True).coords[0] for share in (0.7, 0.2)], 7)
    off = on + np.array([5e-7, 0])
    found = threaded(np.array([line]), np.vstack([on, off, line.coords]))
    assert shapely.get_coordinates(found).tolist() == [list(line.coords[0]), *on[::-1].tolist(), list(line.coords[1])]
