"""How lines are drawn that are too many to be drawn one by one: joined by style, without what the eye cannot see.

In degrees, because this is for the eye alone; nothing is measured here.
"""

import numpy as np
import shapely

Box = tuple[float, float, float, float]

# In the attributes of a frame: the box (west, south, east, north in degrees) that somebody looks at, None for all of
# it. A frame without the attribute is drawn whole.
VIEW = "view"
# Likewise: how many cases there are in all, placed ones and others, where the frame holds a part of them.
WHOLE = "whole"
MOST = 6000  # features that are drawn one by one, with what their popups show
MOST_CORNERS = 60_000  # of lines that are not: some 1.3 MB of JSON
PIXELS = 1600  # across a view; what is smaller than one is not seen
DIGITS = 6  # a decimetre
COARSER = (1, 2, 4)  # pixels


def near(shapes: np.ndarray, box: Box | None) -> np.ndarray:
    """Return a mask of the shapes whose bounding boxes touch the box; all of them without one."""
    if box is None:
        return np.ones(len(shapes), dtype=bool)
    west, south, east, north = shapely.bounds(shapes).T
    return (west <= box[2]) & (east >= box[0]) & (south <= box[3]) & (north >= box[1])


def joined(lines: np.ndarray, keys: np.ndarray, box: Box | None = None) -> dict[str, shapely.MultiLineString]:
    """Return the lines of each key as one multi-line, simplified to what a view of the box can show.

    lines: EPSG:4326, longitude first, at least one; keys: the style of each. The view is that of all the lines
    without a box. Where that leaves more than MOST_CORNERS corners, they are simplified to a few pixels, and if need
    be only the longest are kept.
    """
    pixel = _pixel(box or _box(lines))
    groups = {str(key): _chained(lines[keys == key]) for key in dict.fromkeys(keys.tolist())}
    found: dict[str, np.ndarray] = {}
    for pixels in COARSER:
        found = {key: _simplified(chains, pixels * pixel) for key, chains in groups.items()}
        if sum(_corners(chains).sum() for chains in found.values()) <= MOST_CORNERS:
            break
    else:
        found = _longest(found)
    return {key: shapely.multilinestrings(chains) for key, chains in found.items() if len(chains)}


def _chained(lines: np.ndarray) -> np.ndarray:
    """Lines that meet end to end as one: the pieces of a street need no corner where they meet."""
    whole = shapely.line_merge(shapely.multilinestrings(shapely.get_parts(lines)))
    return np.asarray(shapely.get_parts(whole))


def _simplified(lines: np.ndarray, tolerance: float) -> np.ndarray:
    thin = shapely.simplify(lines, tolerance, preserve_topology=False)
    thin = shapely.transform(shapely.force_2d(thin), lambda xy: np.round(xy, DIGITS))
    return np.asarray(thin[shapely.length(thin) > 0])


def _longest(groups: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    lines = np.concatenate(list(groups.values()))
    order = np.argsort(-shapely.length(lines), kind="stable")
    kept = np.zeros(len(lines), dtype=bool)
    kept[order[np.cumsum(_corners(lines)[order]) <= MOST_CORNERS]] = True
    masks = np.split(kept, np.cumsum([len(chains) for chains in groups.values()])[:-1])
    return {key: chains[mask] for (key, chains), mask in zip(groups.items(), masks, strict=True)}


def _corners(lines: np.ndarray) -> np.ndarray:
    return np.asarray(shapely.get_num_coordinates(lines))


def _box(lines: np.ndarray) -> Box:
    west, south, east, north = shapely.total_bounds(lines).tolist()
    return west, south, east, north


def _pixel(box: Box) -> float:
    """The size of a pixel in degrees of latitude, when the box fills a view."""
    west, south, east, north = box
    shrunk = np.cos(np.radians((south + north) / 2))
    return float(max((east - west) * shrunk, north - south)) / PIXELS
