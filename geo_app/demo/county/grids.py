"""Grids of 300 to 500 households inside communities: in towns along streets, in the country from hamlet to hamlet."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo_app.demo.county import names
from geo_app.demo.county.areas import faces_between, joined
from geo_app.demo.county.land import chance, crooked
from grid_boundaries.regions import Parts, regions

HOUSEHOLDS, MOST = 360, 450
STARTS = 2  # tries at putting them together
FACES = 4  # of which a grid in the country is made


def make_grids(
    seed: int, communities: gpd.GeoDataFrame, houses: gpd.GeoDataFrame, town_streets: np.ndarray
) -> gpd.GeoDataFrame:
    """Grids: code of nine digits (three of them run inside the community, west to east), community (its row), name,
    leader, workers, households, geometry in metres. They share every vertex of their borders."""
    generator = chance(seed, "grids")
    places = shapely.get_coordinates(shapely.centroid(houses.geometry.to_numpy()))
    weight = houses["households"].to_numpy(dtype=float)
    lives = within(communities.geometry.to_numpy(), places)
    cuts = [shapely.boundary(one) for one in communities.geometry]
    counts = np.ones(len(communities), dtype=int)
    for number, outline in enumerate(communities.geometry):
        mine = np.flatnonzero(lives == number)
        counts[number] = max(1, round(weight[mine].sum() / HOUSEHOLDS))
        if counts[number] > 1:
            _halve(generator, places, weight, mine, int(counts[number]) * FACES, cuts, outline)
    outline = shapely.union_all(communities.geometry.to_numpy())
    # A block is not divided unless it alone is more than a grid.
    blocks = shapely.get_parts(shapely.polygonize(town_streets))
    at = within(blocks, places)
    lived = np.bincount(at[at >= 0], weight[at >= 0], minlength=len(blocks))
    whole = shapely.union_all(blocks[lived <= MOST])
    faces = faces_between(np.array(cuts, dtype=object), town_streets, outline, whole)
    of_face = within(communities.geometry.to_numpy(), shapely.get_coordinates(shapely.point_on_surface(faces)))
    at = within(faces, places)
    lived = np.bincount(at[at >= 0], weight[at >= 0], minlength=len(faces))
    used, owner = np.unique(_zoned(faces, of_face, lived, counts), return_inverse=True)
    shapes = joined(faces, owner, len(used))
    community = np.repeat(np.arange(len(counts)), counts)[used]
    west = shapely.get_x(shapely.centroid(shapes))
    order = np.lexsort((west, community))
    grids = gpd.GeoDataFrame({"community": community[order]}, geometry=shapes[order], crs=communities.crs)
    nth = grids.groupby("community").cumcount().to_numpy() + 1
    rows = grids["community"].to_numpy()
    grids.insert(
        0, "code", [f"{code}{n:03d}" for code, n in zip(communities["code"].to_numpy()[rows], nth, strict=True)]
    )
    named = communities["name"].to_numpy()[rows]
    grids["name"] = [f"{name}第{NUMERALS.get(n, n)}网格" for name, n in zip(named, nth.tolist(), strict=True)]
    grids["leader"], grids["workers"] = names.people(generator, len(grids)), names.people(generator, len(grids))
    lives_in = within(shapes[order], places)
    grids["households"] = np.bincount(lives_in[lives_in >= 0], weight[lives_in >= 0], minlength=len(grids)).astype(int)
    return grids


NUMERALS = dict(enumerate("零一二三四五六七八九十"))


def within(outlines: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The number of the first outline that holds each place (n, 2); -1 for none."""
    found = np.full(len(places), -1)
    at, of = shapely.STRtree(outlines).query(shapely.points(places), predicate="intersects")
    last_first = np.argsort(-of, kind="stable")
    found[at[last_first]] = of[last_first]
    return found


def _zoned(faces: np.ndarray, of_face: np.ndarray, lived: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The grid of each face: those of a community put together into its number of grids with like many households."""
    owner = (np.cumsum(counts) - counts)[of_face]
    middles = shapely.get_coordinates(shapely.point_on_surface(faces))
    a, b = shapely.STRtree(faces).query(faces, predicate="touches")
    a, b = np.stack([a, b])[:, (a < b) & (of_face[a] == of_face[b])]
    shared = shapely.length(shapely.intersection(faces[a], faces[b]))
    links, shared = np.stack([a, b], axis=1)[shared > 0], shared[shared > 0]
    graph = Parts(lived, middles, links, shared, 0.0)
    size = len(faces)
    together = connected_components(coo_array((np.ones(len(links)), links.T), shape=(size, size)), directed=False)[1]
    for community in np.flatnonzero(counts > 1):
        here = np.flatnonzero(of_face == community)
        members = here[together[here] == np.bincount(together[here]).argmax()]
        parts = graph.among(members, float(shapely.area(faces[members]).sum()))
        owner[members] += regions(parts, min(int(counts[community]), len(members)), STARTS)
    return owner


def _halve(
    generator: np.random.Generator,
    places: np.ndarray,
    weight: np.ndarray,
    mine: np.ndarray,
    count: int,
    cuts: list[shapely.Geometry],
    outline: shapely.Geometry,
) -> None:
    """Draws the lines between ``count`` parts of equal weight."""
    if count == 1 or len(mine) < 2:
        return
    here = places[mine]
    axis = int(np.ptp(here[:, 1]) > np.ptp(here[:, 0]))
    order = mine[np.argsort(here[:, axis], kind="stable")]
    half = count // 2
    sums = np.cumsum(weight[order])
    cut = int(np.clip(np.searchsorted(sums, sums[-1] * half / count), 1, len(order) - 1))
    position = (places[order[cut - 1], axis] + places[order[cut], axis]) / 2
    west, south, east, north = outline.bounds
    ends = [(position, south - 1), (position, north + 1)] if axis == 0 else [(west - 1, position), (east + 1, position)]
    line = shapely.LineString(crooked(generator, np.array(ends), 4, 0.03)).intersection(outline)
    cuts.append(line)
    _halve(generator, places, weight, order[:cut], half, cuts, outline)
    _halve(generator, places, weight, order[cut:], count - half, cuts, outline)
