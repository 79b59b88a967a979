"""WGS84, GCJ-02 and BD-09 into each other: the shifts of Chinese web maps, forwards and exactly backwards.

GCJ-02 moves a place by a polynomial and waves of its longitude and latitude; BD-09 stretches and turns the outcome a
little. Neither is published: these are the formulas in general use (eviltransform; BD-09 with the factor 3000π/180).

All waves of one axis are multiples of one angle, so that four sines and cosines serve for a place; backwards, where the
place is sought, they are turned by the small angle in between.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

LonLat: TypeAlias = tuple[np.ndarray, np.ndarray]
Wave: TypeAlias = tuple[np.ndarray, np.ndarray]  # sine and cosine of one angle

WEST, SOUTH, EAST, NORTH = 72.004, 0.8293, 137.8347, 55.8271  # where GCJ-02 applies
EDGE = 1e-8  # a millimetre: what comes back from the box's edge still belongs to it
BLOCK = 8192  # points whose intermediate arrays stay in the processor's cache

LON_0, LAT_0 = 105.0, 35.0
AXIS_M, ECCENTRICITY2 = 6378245.0, 0.00669342162296594323  # Krasovsky's ellipsoid
EAST_DEGREES = 180 / (np.pi * AXIS_M)  # of a metre along the equator
NORTH_DEGREES = EAST_DEGREES / (1 - ECCENTRICITY2)  # of a metre along the meridian, at the equator
SIN_LAT_0, COS_LAT_0 = np.sin(np.radians(LAT_0)), np.cos(np.radians(LAT_0))

BD_LON, BD_LAT = 0.0065, 0.006
BD_STRETCH, BD_TURN = 0.00002, 0.000003
BD_WAVE = 3000 * np.pi / 180


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> LonLat:
    """Return longitude and latitude in GCJ-02.

    lon, lat: degrees in WGS84, of one shape; left as they are. A place outside China's box, or NaN, comes back as it is.
    The six functions of this module undo each other to within a millimetre for every place whose WGS84 is in the box.
    """
    return _forth(_to_gcj, lon, lat)


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> LonLat:
    """Return the longitude and latitude in WGS84 that GCJ-02 moves to these; otherwise as `wgs84_to_gcj02`."""
    return _back(_from_gcj, lon, lat)


def gcj02_to_bd09(lon: ArrayLike, lat: ArrayLike) -> LonLat:
    """Return longitude and latitude in BD-09 of those in GCJ-02; otherwise as `wgs84_to_gcj02`."""
    return _forth(_to_bd, lon, lat)


def bd09_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> LonLat:
    """Return the longitude and latitude in GCJ-02 that BD-09 moves to these; otherwise as `wgs84_to_gcj02`."""
    return _back(_from_bd, lon, lat)


def wgs84_to_bd09(lon: ArrayLike, lat: ArrayLike) -> LonLat:
    """Return longitude and latitude in BD-09 of those in WGS84; otherwise as `wgs84_to_gcj02`."""
    return _forth(lambda lon, lat: _to_bd(*_to_gcj(lon, lat)), lon, lat)


def bd09_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> LonLat:
    """Return the longitude and latitude in WGS84 of those in BD-09; otherwise as `wgs84_to_gcj02`."""
    return _back(lambda lon, lat: _from_gcj(*_from_bd(lon, lat)), lon, lat)


def in_china_box(lon: ArrayLike, lat: ArrayLike, beyond: float = 0.0) -> np.ndarray:
    """Return whether GCJ-02 applies at these degrees, or `beyond` degrees around; False for NaN."""
    lon, lat = np.asarray(lon), np.asarray(lat)
    across = (lon >= WEST - beyond) & (lon <= EAST + beyond)
    return across & (lat >= SOUTH - beyond) & (lat <= NORTH + beyond)


def _forth(formula: Callable[..., LonLat], lon: ArrayLike, lat: ArrayLike) -> LonLat:
    """What the formula makes of the places in the box; the others as they are."""

    def moved(lon: np.ndarray, lat: np.ndarray) -> LonLat:
        inside = in_china_box(lon, lat)
        if inside.all():
            return formula(lon, lat)
        found = formula(np.where(inside, lon, LON_0), np.where(inside, lat, LAT_0))
        return np.where(inside, found[0], lon), np.where(inside, found[1], lat)

    return _in_blocks(moved, lon, lat)


def _back(formula: Callable[..., LonLat], lon: ArrayLike, lat: ArrayLike) -> LonLat:
    """Where the places came from. The box is asked where that is: what was moved out of it comes back too."""

    def moved(lon: np.ndarray, lat: np.ndarray) -> LonLat:
        near = in_china_box(lon, lat, beyond=1.0)
        found = formula(np.where(near, lon, LON_0), np.where(near, lat, LAT_0))
        if near.all() and in_china_box(*found).all():
            return found
        inside = near & in_china_box(*found, beyond=EDGE)
        lon = np.where(inside, np.clip(found[0], WEST, EAST), lon)
        return lon, np.where(inside, np.clip(found[1], SOUTH, NORTH), lat)

    return _in_blocks(moved, lon, lat)


def _in_blocks(formula: Callable[..., LonLat], lon: ArrayLike, lat: ArrayLike) -> LonLat:
    lon, lat = np.broadcast_arrays(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))
    shape, lon, lat = lon.shape, lon.ravel(), lat.ravel()
    east, north = np.empty_like(lon), np.empty_like(lat)
    for start in range(0, lon.size, BLOCK):
        part = slice(start, start + BLOCK)
        east[part], north[part] = formula(lon[part], lat[part])
    return east.reshape(shape), north.reshape(shape)


def _to_gcj(lon: np.ndarray, lat: np.ndarray) -> LonLat:
    x, y = lon - LON_0, lat - LAT_0
    east, north, *_ = _gcj_shift(x, y, _wave(x, np.pi / 60), _wave(y, np.pi / 180))
    return lon + east, lat + north


def _from_gcj(lon: np.ndarray, lat: np.ndarray) -> LonLat:
    """Newton's method; two steps come to a tenth of a millimetre."""
    x, y = lon - LON_0, lat - LAT_0
    of_x, of_y = _wave(x, np.pi / 60), _wave(y, np.pi / 180)
    back_x, back_y = _solved(*_gcj_shift(x, y, of_x, of_y))
    turned = _turned(of_x, back_x * (-np.pi / 60)), _turned(of_y, back_y * (-np.pi / 180))
    east, north, *slopes = _gcj_shift(x - back_x, y - back_y, *turned)
    more_x, more_y = _solved(east - back_x, north - back_y, *slopes)
    return lon - back_x - more_x, lat - back_y - more_y


def _solved(
    east: np.ndarray, north: np.ndarray, east_by_x: np.ndarray, north_by_x: np.ndarray, north_by_y: np.ndarray
) -> LonLat:
    back_x = east / (1 + east_by_x)
    return back_x, (north - north_by_x * back_x) / (1 + north_by_y)


def _gcj_shift(x: np.ndarray, y: np.ndarray, of_x: Wave, of_y: Wave) -> tuple[np.ndarray, ...]:
    """Degrees to the east and to the north, and the slopes of their waves: east by x, north by x, north by y.

    x, y: degrees from the middle. of_x: of the angle πx/60. of_y: of πy/180, which is also the latitude's. What the
    slopes leave out, the polynomial and the change of a degree's length, is under a thousandth.
    """
    sin_y, cos_y = of_y
    sin_lat, cos_lat = sin_y * COS_LAT_0 + cos_y * SIN_LAT_0, cos_y * COS_LAT_0 - sin_y * SIN_LAT_0
    wave_x, slope_x, third_x = _long_waves(of_x, 100.0, 200.0)
    wave_y, slope_y, _ = _long_waves(_triple(of_y), 320 / 3, 640 / 3)
    sin_2, cos_2 = _double(_triple(third_x))
    squared = cos_2 * cos_2
    short = (160 / 3) * sin_2 * squared  # 2/3 (20 sin 6πx + 20 sin 2πx)
    short_slope = (320 * np.pi / 3) * cos_2 * (3 * squared - 2)
    root, product = np.sqrt(np.abs(x)), 0.1 * x * y
    east = 300 + x + 2 * y + 0.1 * x * x + product + 0.1 * root + short + wave_x
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + product + 0.2 * root + short + wave_y
    flatness = 1 - ECCENTRICITY2 * sin_lat * sin_lat
    east_degrees = EAST_DEGREES * np.sqrt(flatness) / cos_lat
    north_degrees = NORTH_DEGREES * flatness * np.sqrt(flatness)
    return (
        east * east_degrees,
        north * north_degrees,
        (short_slope + slope_x) * east_degrees,
        short_slope * north_degrees,
        slope_y * north_degrees,
    )


def _long_waves(base: Wave, twelfth: float, thirtieth: float) -> tuple[np.ndarray, np.ndarray, Wave]:
    """2/3 (20 sin πt + 40 sin πt/3) + twelfth · sin πt/12 + thirtieth · sin πt/30, its slope, and the wave πt/3.

    base: of the angle πt/60.
    """
    sin_12, cos_12 = of_12 = _five_times(base)
    sin_30, cos_30 = _double(base)
    sin_3, cos_3 = of_3 = _double(_double(of_12))
    squared = sin_3 * sin_3
    wave = (40 / 3) * sin_3 * (5 - 4 * squared) + twelfth * sin_12 + thirtieth * sin_30
    slope = (200 * np.pi / 9) * cos_3 * (1 - 2.4 * squared)
    slope += (twelfth * np.pi / 12) * cos_12 + (thirtieth * np.pi / 30) * cos_30
    return wave, slope, of_3


def _to_bd(lon: np.ndarray, lat: np.ndarray) -> LonLat:
    stretch = 1 + BD_STRETCH * np.sin(BD_WAVE * lat) / np.sqrt(lon * lon + lat * lat)
    turn = BD_TURN * np.cos(BD_WAVE * lon)
    x, y = _rotated(lon, lat, turn)
    return stretch * x + BD_LON, stretch * y + BD_LAT


def _from_bd(lon: np.ndarray, lat: np.ndarray) -> LonLat:
    """Fixed point: each of three rounds leaves a fiftieth of what was missing, 40 m at the start."""
    x, y = lon - BD_LON, lat - BD_LAT
    of_x, of_y = _wave(x, BD_WAVE), _wave(y, BD_WAVE)
    shrinking = BD_STRETCH / np.sqrt(x * x + y * y)
    found = _bd_undone(x, y, shrinking, of_x, of_y)
    for _ in range(2):
        turned = _turned(of_x, (found[0] - x) * BD_WAVE), _turned(of_y, (found[1] - y) * BD_WAVE)
        found = _bd_undone(x, y, shrinking, *turned)
    return found


def _bd_undone(x: np.ndarray, y: np.ndarray, shrinking: np.ndarray, of_x: Wave, of_y: Wave) -> LonLat:
    """x, y without the stretch and the turn of a place with these waves."""
    stretch = 1 - shrinking * of_y[0]
    return _rotated(x * stretch, y * stretch, of_x[1] * -BD_TURN)


def _rotated(x: np.ndarray, y: np.ndarray, angle: np.ndarray) -> LonLat:
    """Turned about the origin by a few millionths, where an angle is its own sine."""
    cosine = 1 - angle * angle / 2
    return x * cosine - y * angle, y * cosine + x * angle


def _wave(t: np.ndarray, factor: float) -> Wave:
    """Sine and cosine of t × factor, from the sine of half the angle: a square root is had for less than a cosine."""
    turns = t * (factor / (2 * np.pi))
    half = np.sin((turns - np.rint(turns)) * np.pi)
    return 2 * half * np.sqrt(1 - half * half), 1 - 2 * half * half


def _turned(wave: Wave, angle: np.ndarray) -> Wave:
    """The wave at an angle further on by a fiftieth at most, where three terms of the series are exact to 1e-8."""
    sine, cosine = wave
    squared = angle * angle
    cos_angle, sin_angle = 1 - squared / 2, angle - angle * squared / 6
    return sine * cos_angle + cosine * sin_angle, cosine * cos_angle - sine * sin_angle


def _double(wave: Wave) -> Wave:
    sine, cosine = wave
    return 2 * sine * cosine, 1 - 2 * sine * sine


def _triple(wave: Wave) -> Wave:
    sine, cosine = wave
    return sine * (3 - 4 * sine * sine), cosine * (4 * cosine * cosine - 3)


def _five_times(wave: Wave) -> Wave:
    sine, cosine = wave
    s, c = sine * sine, cosine * cosine
    return sine * ((16 * s - 20) * s + 5), cosine * ((16 * c - 20) * c + 5)
