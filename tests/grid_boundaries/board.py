"""A board of square cells, shared out among grids: neighbours share their vertices, a grid may lie in several parts."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from hypothesis import strategies as st

from grid_boundaries.schema import normalise, snap

WEST, SOUTH, STEP = 118.0, 31.0, 0.001
SIDE = 6
WHOLE = shapely.box(WEST, SOUTH, WEST + SIDE * STEP, SOUTH + SIDE * STEP)
FIRST_DAY = date(2026, 1, 1)


def cell(x, y, width=1.0, height=1.0):
    west, south = WEST + STEP * x, SOUTH + STEP * y
    return snap(shapely.box(west, south, west + STEP * width, south + STEP * height))


def grids(*shapes, codes=None, **more):
    codes = codes or [f"{number:03d}" for number in range(len(shapes))]
    frame = normalise(GeoDataFrame({"code": codes}, geometry=list(shapes), crs=4326))
    return frame.assign(**more)


def at(*places):
    """Points, told in cells from the lower left corner."""
    return snap(shapely.points(np.array(places, dtype=float).reshape(-1, 2) * STEP + (WEST, SOUTH)))


def shared_out(owner):
    """The land of each owner, by owner; owner: whose each cell is, row by row from the south."""
    cells = np.array([cell(number % SIDE, number // SIDE) for number in range(SIDE**2)])
    return {one: shapely.unary_union(cells[np.array(owner) == one]) for one in sorted(set(owner))}


OWNERS = st.lists(st.integers(0, 4), min_size=SIDE**2, max_size=SIDE**2)
# Half cells, so that many lie on lines and on corners.
PLACES = st.lists(st.tuples(st.integers(0, 2 * SIDE), st.integers(0, 2 * SIDE)), min_size=1, max_size=40)


@st.composite
def boards(draw):
    """The board in up to five grids with codes in any order."""
    land = shared_out(draw(OWNERS))
    return grids(*land.values(), codes=draw(st.permutations([f"{one:03d}" for one in land])))


def day(number):
    return FIRST_DAY + timedelta(days=number)


def instant(number):
    return pd.Timestamp(day(number), tz="UTC")


def history(*rows):
    """Versions out of (stable_id, code, from, to, shape, reason), days as numbers, None for open; the id is the row."""
    columns = ["stable_id", "code", "valid_from", "valid_to", "geometry", "reason_code"]
    frame = pd.DataFrame(rows, columns=columns)
    for end in ("valid_from", "valid_to"):
        frame[end] = [None if pd.isna(number) else day(int(number)) for number in frame[end]]
    frame["id"] = range(1, len(frame) + 1)
    frame = frame.assign(recorded_from=instant(0), recorded_to=pd.NaT)
    return GeoDataFrame(frame, geometry="geometry", crs=4326)


def linked(*rows):
    """Links out of (parent, child, reason): ids of versions."""
    return pd.DataFrame(rows, columns=["parent_id", "child_id", "reason_code"]).assign(change_id=1)
