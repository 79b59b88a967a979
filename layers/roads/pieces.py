"""Streets cut into equal pieces: the unit of presence, visibility, demand and gap."""

from itertools import pairwise

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries

from layers.coordinates import require_metric
from layers.errors import FrameError, ParameterError

LONGEST_M = 100.0
# A cut this near to a vertex is made at the vertex: no piece begins with a step that nobody can see.
SNAP_M = 1e-6


def cut(lines: GeoSeries, longest_m: float = LONGEST_M) -> GeoDataFrame:
    """Return each line as the fewest pieces of equal length that are at most `longest_m` long.

    lines: LineStrings or MultiLineStrings in projected metres; a part of a MultiLineString is cut by itself.
    Returns columns parent (label of the line in `lines`), ordinal (0, 1, … along the parent) and geometry, in
    the order of `lines`, same CRS. Pieces keep every vertex of their parent and share their cut points to the
    bit; a line that is short enough, or has no length, stays as it is.
    Raises CoordinateError on degrees, FrameError on what is no line, ParameterError when longest_m is not
    positive.
    """
    require_metric(lines, "streets")
    if not longest_m > 0:
        raise ParameterError(f"longest_m must be positive, got {longest_m}")
    shapes = shapely.force_2d(lines.to_numpy())
    wrong = ~np.isin(shapely.get_type_id(shapes), (1, 5)) | shapely.is_empty(shapes)
    if wrong.any():
        labels = ", ".join(str(label) for label in lines.index[wrong][:5])
        raise FrameError(f"{int(wrong.sum())} streets are no lines or are empty, first: {labels}")
    parts, line = shapely.get_parts(shapes, return_index=True)
    number = np.maximum(1, np.ceil(shapely.length(parts) / longest_m)).astype(int)
    pieces = np.empty(number.sum(), dtype=object)
    first = np.cumsum(number) - number
    pieces[first[number == 1]] = parts[number == 1]
    for at, part, n in zip(first[number > 1], parts[number > 1], number[number > 1], strict=True):
        pieces[at : at + n] = _equal_parts(part, int(n))
    of_line = np.repeat(line, number)
    ordinal = pd.Series(of_line).groupby(of_line).cumcount().to_numpy()
    columns = {"parent": lines.index.to_numpy()[of_line], "ordinal": ordinal}
    return GeoDataFrame(columns, geometry=pieces, crs=lines.crs)


def _equal_parts(line: shapely.LineString, n: int) -> list[shapely.LineString]:
    xy = shapely.get_coordinates(line)
    steps = np.hypot(*np.diff(xy, axis=0).T)
    kept = np.concatenate([[True], steps > 0])
    xy, along = xy[kept], np.concatenate([[0.0], np.cumsum(steps[steps > 0])])
    cuts = along[-1] * np.arange(n + 1) / n
    nearest = along[np.abs(along[:, None] - cuts).argmin(axis=0)]
    cuts = np.where(np.abs(nearest - cuts) < SNAP_M, nearest, cuts)
    points = np.column_stack([np.interp(cuts, along, xy[:, 0]), np.interp(cuts, along, xy[:, 1])])
    inner = [xy[(along > low) & (along < high)] for low, high in pairwise(cuts)]
    return [shapely.LineString(np.vstack([points[k], between, points[k + 1]])) for k, between in enumerate(inner)]
