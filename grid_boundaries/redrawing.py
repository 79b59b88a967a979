"""What changes without a line drawn here: a grid gets another name or kind, or a whole drawing comes from a file."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from grid_boundaries.codes import duplicated
from grid_boundaries.errors import EditError, OperationError, SchemaError
from grid_boundaries.neighbourhood import Edit, Ground
from grid_boundaries.repair import repair
from grid_boundaries.schema import CRS, normalise

WORDS = ("code", "name", "kind")


def describe(grids: GeoDataFrame, code: str, name: str | None = None, kind: str | None = None) -> Edit:
    """Return the edit that gives a grid another name or kind; None leaves it as it is.

    Raises EditError unknown_code.
    """
    row = Ground.of(grids).row(code)
    new = {word: value for word, value in (("name", name), ("kind", kind)) if value is not None}
    other = [word for word, value in new.items() if word not in grids or grids[word].iloc[row] != value]
    frame = grids.reset_index(drop=True)
    for word in other:
        values = frame[word].to_numpy(dtype=object, copy=True) if word in frame else np.full(len(frame), None, object)
        values[row] = new[word]
        frame[word] = values
    return Edit(frame, changed=(code,) if other else ())


def mend(grids: GeoDataFrame, tolerance_m: float) -> Edit:
    """Return the edit that mends hairs, slivers, small gaps and overlaps of the grids (`repair.repair`).

    Raises EditError nothing_to_mend when nothing is as narrow as the tolerance.
    """
    frame = grids.reset_index(drop=True)
    mended = repair(frame, tolerance_m=tolerance_m).grids
    other = ~shapely.equals_identical(mended.geometry.to_numpy(), frame.geometry.to_numpy())
    if not other.any():
        raise EditError("nothing_to_mend", f"nothing is narrower than {tolerance_m} m")
    return Edit(mended, changed=tuple(frame["code"][other]))


def features_of(value: Any, word: str = "features") -> GeoDataFrame:
    """Return grids given as a list of {code, name, kind, geometry as GeoJSON}, normalised; name and kind may lack.

    Raises OperationError with what is wrong.
    """
    if not isinstance(value, list | tuple) or not value:
        raise OperationError(f"{word} is a list of grids")
    if not all(isinstance(one, Mapping) and isinstance(one.get("geometry"), Mapping) for one in value):
        raise OperationError(f"each of {word} has a code and a geometry")
    try:
        # The library reads GeoJSON as text, and refuses there what is none, numbers that are not finite among it.
        shapes = shapely.from_geojson([json.dumps(one["geometry"], allow_nan=False) for one in value])
        columns = {column: [one.get(column) for one in value] for column in WORDS}
        grids = normalise(GeoDataFrame(columns, geometry=shapes, crs=CRS))
    except (shapely.errors.GEOSException, SchemaError, TypeError, ValueError, RecursionError) as error:
        raise OperationError(f"{word}: {error}") from error
    twice = duplicated(grids["code"])
    if twice.any():
        raise OperationError(f"{word}: codes given twice: {', '.join(sorted(set(grids['code'][twice])))}")
    return grids


def replace(grids: GeoDataFrame, features: GeoDataFrame) -> Edit:
    """Return the edit that puts a whole drawing, as `features_of` makes it, in the place of grids.

    A grid keeps by its code what is not drawn (community and other columns); a new one has it from the grid whose
    land it mostly is, which is also what it came from. changed: other lines, name or kind. Nothing is checked.
    Raises EditError duplicate_code when the grids have a code more than once.
    """
    ground = Ground.of(grids)
    if len(set(ground.codes)) < len(ground.codes):
        raise EditError("duplicate_code", "a code is there more than once among the grids")
    before = {str(code): row for row, code in enumerate(ground.codes)}
    codes = [str(code) for code in features["code"]]
    like = np.array([before.get(code, -1) for code in codes])
    new = np.flatnonzero(like < 0)
    like[new] = _mostly(ground.shapes, features.geometry.to_numpy()[new])
    frame = features.reset_index(drop=True)
    for column in grids.columns.drop([*WORDS, "leader", grids.geometry.name], errors="ignore"):
        frame[column] = _taken(grids[column], like)
    if "leader" in grids.columns:
        kept = np.where([code in before for code in codes], like, -1)
        frame["leader"] = _taken(grids["leader"], kept)
    frame = frame[[column for column in grids.columns if column in frame]]
    stays = np.flatnonzero([code in before for code in codes])
    shapes = shapely.normalize(frame.geometry.to_numpy()[stays])
    other = ~shapely.equals_identical(shapes, shapely.normalize(ground.shapes[like[stays]]))
    for word in ("name", "kind"):
        if word in frame:
            other |= frame[word].to_numpy(dtype=object)[stays] != grids[word].to_numpy(dtype=object)[like[stays]]
    return Edit(
        frame,
        tuple(code for code in before if code not in set(codes)),
        tuple(codes[row] for row in new),
        tuple(codes[row] for row in stays[other]),
        {codes[row]: (str(ground.codes[like[row]]),) if like[row] >= 0 else () for row in new},
    )


def _taken(values: pd.Series, rows: np.ndarray) -> pd.Series:
    """Values by position; none for −1."""
    return values.reset_index(drop=True).reindex(np.where(rows < 0, len(values), rows)).reset_index(drop=True)


def _mostly(shapes: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """For each drawn polygon the position of the one that has most of its land, −1 for none."""
    of = np.full(len(drawn), -1)
    first, second = shapely.STRtree(shapes).query(drawn)
    common = shapely.area(shapely.intersection(shapely.make_valid(drawn[first]), shapely.make_valid(shapes[second])))
    for at in np.argsort(common, kind="stable"):
        if common[at] > 0:
            of[first[at]] = second[at]
    return of
