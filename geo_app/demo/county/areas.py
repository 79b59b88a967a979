"""Towns and their communities: every place lies in exactly one, borders are crooked as borders are, and fit exactly."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from scipy.spatial import KDTree

from geo_app.demo.county import names
from geo_app.demo.county.land import Land, chance, crooked, points_in

URBAN_SEAT, URBAN_TOWN = 8, 2  # communities (社区) in the seat and in each other town
LATTICE_M = 1.0  # borders are drawn to the metre: no two of them come nearer than a map can tell


def make_areas(seed: int, land: Land, town_streets: np.ndarray) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Towns (code of three digits, name, x, y of its middle) and communities (code of six digits, name, town as the
    number of its row, urban, x, y), in metres; communities in the order of their codes. Inside towns borders run along
    ``town_streets`` (lines)."""
    generator = chance(seed, "areas")
    town_names = names.towns(chance(seed, "names of towns"), len(land.towns))
    sites, town_of, urban = _sites(generator, land)
    cells = _cells(generator, sites, land.outline, town_streets)
    village_names = iter(names.villages(chance(seed, "names of villages"), len(land.villages)))
    rows = []
    for town in range(len(land.towns)):
        quarters = iter(names.streets(chance(seed, f"names of quarters {town}"), URBAN_SEAT))
        for number, row in enumerate(np.flatnonzero(town_of == town), 1):
            name = f"{next(quarters)}社区" if urban[row] else f"{next(village_names)}村"
            # 001–099 of a town's communities are urban, 200–399 villages.
            code = f"{100 + town:03d}{number if urban[row] else 200 + number:03d}"
            rows.append((code, name, town, bool(urban[row]), *sites[row], cells[row]))
    columns = ["code", "name", "town", "urban", "x", "y", "geometry"]
    communities = gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs=land.srid)
    towns = gpd.GeoDataFrame(
        {
            "code": [f"{100 + town:03d}" for town in range(len(land.towns))],
            "name": [f"{name}镇" for name in town_names],
            "x": land.towns[:, 0],
            "y": land.towns[:, 1],
        },
        geometry=[
            shapely.union_all(communities.geometry[communities["town"] == town]) for town in range(len(land.towns))
        ],
        crs=land.srid,
    )
    return towns, communities


def _sites(generator: np.random.Generator, land: Land) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Middles of communities (n, 2), the number of each one's town, and whether it is urban."""
    found, towns = [], []
    for town, (middle, radius) in enumerate(zip(land.towns, land.radius, strict=True)):
        count = URBAN_SEAT if town == 0 else URBAN_TOWN
        disc = shapely.Point(middle).buffer(radius * 0.8).intersection(land.outline)
        tried = points_in(generator, disc, 400)
        places = tried[:count]
        for _ in range(8):
            nearest = KDTree(places).query(tried)[1]
            places = np.array([tried[nearest == one].mean(axis=0) for one in range(count)])
        found.append(places)
        towns.append(np.full(count, town))
    # A village stands where no quarter of a town is.
    clear = KDTree(land.towns).query(land.villages)[0] > land.radius[land.town_of] * 1.15
    found.append(land.villages[clear])
    towns.append(land.town_of[clear])
    urban = np.arange(sum(map(len, found))) < sum(map(len, found[:-1]))
    return np.vstack(found), np.concatenate(towns), urban


def _cells(
    generator: np.random.Generator, sites: np.ndarray, outline: shapely.Geometry, town_streets: np.ndarray
) -> np.ndarray:
    """One polygon around each site (n, 2), which together are the outline: Voronoi cells with crooked edges."""
    edges = shapely.get_parts(
        shapely.voronoi_polygons(shapely.MultiPoint(sites), extend_to=outline.envelope, only_edges=True)
    )
    lines = []
    for edge in edges:
        times = int(np.clip(np.log2(max(edge.length, 1) / 60), 0, 6))
        lines.append(shapely.LineString(crooked(generator, shapely.get_coordinates(edge), times, 0.07)))
    faces = faces_between(np.array(lines, dtype=object), town_streets, outline, built_up(town_streets))
    owner = KDTree(sites).query(shapely.get_coordinates(shapely.point_on_surface(faces)))[1]
    return joined(faces, owner, len(sites))


def built_up(town_streets: np.ndarray) -> shapely.Geometry:
    """All blocks between the streets of towns."""
    return shapely.union_all(shapely.get_parts(shapely.polygonize(town_streets)))


def faces_between(
    lines: np.ndarray, streets: np.ndarray, outline: shapely.Geometry, built: shapely.Geometry
) -> np.ndarray:
    """What lines and streets divide an outline into. Inside what is ``built`` up the lines do not count."""
    every = [*shapely.difference(lines, built), *streets, shapely.boundary(outline)]
    borders = shapely.union_all(np.array(every, dtype=object), grid_size=LATTICE_M)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(borders)))
    inside = shapely.get_coordinates(shapely.point_on_surface(faces))
    around = outline.buffer(2 * LATTICE_M)
    shapely.prepare(around)
    return np.asarray(faces[shapely.contains_xy(around, inside)])


def joined(faces: np.ndarray, owner: np.ndarray, count: int) -> np.ndarray:
    """The faces of each owner as one polygon. What does not hang together with the largest part of its owner's goes to
    the neighbour with the longest common border."""
    owner = owner.copy()
    tree = shapely.STRtree(faces)
    for _ in range(8):
        astray = _astray(faces, owner)
        if not len(astray):
            break
        for face in astray:
            near = tree.query(faces[face], predicate="touches")
            near = near[owner[near] != owner[face]]
            if len(near):
                shared = shapely.length(shapely.intersection(faces[near], faces[face]))
                owner[face] = owner[near[np.argmax(shared)]]
    return np.array([shapely.union_all(faces[owner == one]) for one in range(count)], dtype=object)


def _astray(faces: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """Faces that do not hang together with the largest part of their owner."""
    found = []
    for one in np.unique(owner):
        mine = np.flatnonzero(owner == one)
        parts = shapely.get_parts(shapely.union_all(faces[mine]))
        if len(parts) > 1:
            largest = parts[np.argmax(shapely.area(parts))]
            found.append(mine[~shapely.contains(largest, shapely.point_on_surface(faces[mine]))])
    return np.concatenate(found) if found else np.array([], dtype=int)
