"""Two years of calls: when, where and how often each category comes, hot spots that move, near repeats, typed addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import KDTree

from geo_app.demo.county import names
from geo_app.demo.county.land import Land, chance

CALLS = 60_000  # at scale 1
FIRST, LAST = date(2024, 11, 1), date(2026, 10, 31)
SPRING_FESTIVALS = (date(2025, 1, 29), date(2026, 2, 17))
HOT_SPOTS = 14  # that last for two to seven months each
HOT_SHARE = 0.22  # of the calls of categories that have them
HOT_M = 130.0
NEAR_M, NEAR_DAYS = 70.0, 4.0  # means of how far and how long after its forerunner a near repeat lies


@dataclass(frozen=True)
class Category:
    """How a category behaves. ``share`` of all calls; ``peak`` hours with their weights; ``weekend``: as many times as on
    a weekday; ``summer`` and ``festival``: as many times as else; ``town``: as many times in a town as in the country;
    ``repeat``: share of near repeats; ``span_h``: longest time within which it may have happened."""

    name: str
    kind: str
    share: float
    peak: tuple[tuple[float, float, float], ...]  # hour, spread in hours, weight
    weekend: float = 1.0
    summer: float = 1.0
    festival: float = 1.0
    town: float = 2.0
    repeat: float = 0.0
    span_h: float = 0.0
    preventable: bool = False
    on_road: bool = False
    non_police: bool = False
    valid: float = 0.98


EVEN = ((12.0, 9.0, 1.0),)
# Criminal and administrative shares after the small station of the domain's notes: 12 and 33 of 573 calls.
CATEGORIES = (
    Category("入室盗窃", "刑事", 0.007, ((3, 2.5, 1), (14, 3, 0.6)), 0.9, 1.1, 1.7, 1.6, 0.35, 12, True),
    Category("盗窃电动车", "刑事", 0.006, ((22, 3, 1), (18, 3, 0.8)), 1.0, 1.2, 0.7, 4.0, 0.25, 8, True),
    Category("电信网络诈骗", "刑事", 0.008, ((10, 3, 1), (16, 4, 1)), 0.8, 1.0, 0.8, 2.0),
    Category("殴打他人", "治安", 0.024, ((22, 2.5, 1), (17, 4, 0.5)), 1.5, 1.3, 1.2, 3.0, 0.1, 0, True),
    Category("赌博", "治安", 0.012, ((21, 3, 1), (15, 3, 0.7)), 1.3, 0.9, 2.2, 1.2),
    Category("故意损毁财物", "治安", 0.012, ((23, 3, 1),), 1.2, 1.1, 1.1, 2.5, 0.2, 6, True),
    Category("扰乱公共秩序", "治安", 0.010, ((20, 3, 1),), 1.3, 1.2, 1.0, 4.0),
    Category("交通事故", "交通", 0.215, ((7.6, 1.2, 1), (17.6, 1.6, 1.2), (12, 4, 0.8)), 0.9, 1.0, 1.2, 1.0, on_road=True),
    Category("违法停车", "交通", 0.045, ((9, 2, 1), (18, 2, 1)), 1.1, 1.0, 1.3, 6.0, 0.15, on_road=True, non_police=True),
    Category("邻里纠纷", "纠纷", 0.075, ((19, 3, 1), (9, 3, 0.6)), 1.2, 1.1, 1.1, 0.9),
    Category("家庭纠纷", "纠纷", 0.07, ((21, 3, 1), (7, 3, 0.3)), 1.3, 1.0, 1.6, 1.2),
    Category("消费纠纷", "纠纷", 0.045, ((15, 3, 1), (20, 2, 0.6)), 1.3, 1.0, 0.8, 5.0, non_police=True),
    Category("求助", "群众求助", 0.24, EVEN, 1.0, 1.0, 1.0, 1.5, non_police=True),
    Category("走失", "群众求助", 0.03, ((16, 4, 1),), 1.1, 1.1, 1.2, 1.5),
    Category("噪音扰民", "其他", 0.1, ((22, 2, 1), (6, 1.5, 0.3)), 1.3, 1.6, 0.9, 5.0, 0.2),
    Category("骚扰电话", "其他", 0.101, EVEN, 1.0, 1.0, 0.9, 1.0, valid=0.06),
)  # fmt: skip


def make_calls(
    seed: int, scale: float, land: Land, streets: gpd.GeoDataFrame, houses: gpd.GeoDataFrame, addresses: pd.Series
) -> gpd.GeoDataFrame:
    """Calls in the order of their times: category, kind, reported (local time), first and last (when it happened), valid,
    preventable, non_police, house (its row, -1 on a road), street, source ("house", "road", "hot spot", "near repeat"),
    spot (the number of its hot spot, or -1), origin (the row that it repeats, or -1), address (in proper form), geometry
    in metres. ``addresses``: of each house."""
    generator = chance(seed, "calls")
    count = max(1, round(CALLS * scale))
    shares = np.array([one.share for one in CATEGORIES])
    category = generator.choice(len(CATEGORIES), count, p=shares / shares.sum())
    middles = shapely.get_coordinates(shapely.centroid(houses.geometry.to_numpy()))
    house, street, at = _placed(generator, land, category, streets, houses, middles)
    day = _days(generator, category)
    spot = _hot_spots(generator, land, category, day, house, street, at, middles, houses)
    origin = _near_repeats(generator, category, day, spot, house, street, at, middles, houses)
    hour = _hours(generator, category)
    begin = pd.Timestamp(FIRST)
    happened = begin + pd.to_timedelta(day, unit="D") + pd.to_timedelta(np.round(hour * 3600), unit="s")
    delay = pd.to_timedelta(np.round(generator.gamma(1.5, 200, count)), unit="s")
    spans = np.array([one.span_h for one in CATEGORIES])[category] * generator.uniform(0.2, 1, count)
    back = pd.to_timedelta(np.round(spans * 60) * 60, unit="s")
    source = np.where(
        origin >= 0, "near repeat", np.where(spot >= 0, "hot spot", np.where(house >= 0, "house", "road"))
    )
    calls = gpd.GeoDataFrame(
        {
            "category": np.array([one.name for one in CATEGORIES])[category],
            "kind": np.array([one.kind for one in CATEGORIES])[category],
            "reported": happened + delay,
            "first": happened - back,
            "last": happened,
            "valid": generator.random(count) < np.array([one.valid for one in CATEGORIES])[category],
            "preventable": np.array([one.preventable for one in CATEGORIES])[category],
            "non_police": np.array([one.non_police for one in CATEGORIES])[category],
            "house": house, "street": street, "source": source, "spot": spot, "origin": origin,
            "caller": names.people(generator, count),
        },
        geometry=shapely.points(at.round(2)),
        crs=streets.crs,
    )  # fmt: skip
    calls["address"] = _addresses(generator, calls, streets, addresses)
    order = np.argsort(calls["reported"].to_numpy(), kind="stable")
    place = np.empty(count + 1, dtype=int)
    place[order], place[-1] = np.arange(count), -1
    calls = calls.iloc[order].reset_index(drop=True)
    calls["origin"] = place[calls["origin"].to_numpy()]
    return calls


def _placed(
    generator: np.random.Generator, land: Land, category: np.ndarray, streets: gpd.GeoDataFrame,
    houses: gpd.GeoDataFrame, middles: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Where each call comes from: the row of its house or -1, of its street, and the place (n, 2) in metres. A few streets
    have most of them, and some towns are quiet. ``middles``: of the houses."""
    in_town = (houses["block"] >= 0).to_numpy()
    # A few streets have most of it, for years.
    fate = generator.lognormal(0, 1.25, len(streets))
    weight = np.maximum(houses["households"].to_numpy(), 1) ** 0.5 * fate[houses["street"].to_numpy()]
    # Some towns are quiet, and the seat is not.
    busy = np.concatenate([[1.6], generator.permutation(np.linspace(0.195, 1.0, len(land.towns) - 1))])
    lure = KDTree(land.towns)
    weight = weight * busy[lure.query(middles)[1]]
    on_streets = shapely.get_coordinates(
        shapely.line_interpolate_point(streets.geometry.to_numpy(), 0.5, normalized=True)
    )
    roads = fate**0.7 * busy[lure.query(on_streets)[1]]
    house, street = np.full((2, len(category)), -1)
    at = np.empty((len(category), 2))
    for number, one in enumerate(CATEGORIES):
        mine = np.flatnonzero(category == number)
        if one.on_road:
            _on_roads(generator, mine, one, streets, roads, street, at)
        else:
            share = weight * np.where(in_town, one.town, 1.0)
            house[mine] = generator.choice(len(houses), len(mine), p=share / share.sum())
            at[mine] = middles[house[mine]]
            street[mine] = houses["street"].to_numpy()[house[mine]]
    return house, street, at


def _on_roads(
    generator: np.random.Generator, mine: np.ndarray, one: Category, streets: gpd.GeoDataFrame, weight: np.ndarray,
    street: np.ndarray, at: np.ndarray,
) -> None:  # fmt: skip
    """Puts calls on streets, most on the large ones; half of accidents at a street's end, where it meets others."""
    busy = streets["road_class"].map(
        {"primary": 9, "secondary": 6, "tertiary": 4, "unclassified": 0.4, "residential": 0.7}
    )
    share = streets.length.to_numpy() * busy.fillna(0.1).to_numpy() * weight
    share = share * np.where(streets["town"] >= 0, one.town * 2, 1)
    street[mine] = generator.choice(len(streets), len(mine), p=share / share.sum())
    lines = streets.geometry.to_numpy()[street[mine]]
    along = generator.random(len(mine))
    along = np.where(generator.random(len(mine)) < 0.5, np.round(along), along)
    at[mine] = shapely.get_coordinates(shapely.line_interpolate_point(lines, along, normalized=True))


def _days(generator: np.random.Generator, category: np.ndarray) -> np.ndarray:
    """The day of each call, counted from the first one: more at weekends, in summer or about 春节, as its category is."""
    days = pd.date_range(FIRST, LAST)
    weekend = np.asarray(days.day_of_week) >= 5
    summer = np.clip(np.cos((np.asarray(days.day_of_year) - 205) / 365 * 2 * np.pi), 0, None)
    festival = np.zeros(len(days), dtype=bool)
    for day in SPRING_FESTIVALS:
        festival |= np.abs(np.asarray((days - pd.Timestamp(day)).days) - 2) <= 8
    trend = np.linspace(0.94, 1.06, len(days))
    found = np.empty(len(category), dtype=int)
    for number, one in enumerate(CATEGORIES):
        mine = np.flatnonzero(category == number)
        share = (
            np.where(weekend, one.weekend, 1) * (1 + (one.summer - 1) * summer) * np.where(festival, one.festival, 1)
        )
        share = share * trend
        found[mine] = generator.choice(len(days), len(mine), p=share / share.sum())
    return found


def _hours(generator: np.random.Generator, category: np.ndarray) -> np.ndarray:
    """The hour of each call, 0 to 24: by its category's peaks, and a fifth at any waking time."""
    found = np.empty(len(category))
    for number, one in enumerate(CATEGORIES):
        mine = np.flatnonzero(category == number)
        weights = np.array([weight for _, _, weight in one.peak])
        peak = generator.choice(len(one.peak), len(mine), p=weights / weights.sum())
        hours, spread = (np.array([part[at] for part in one.peak])[peak] for at in (0, 1))
        found[mine] = np.where(
            generator.random(len(mine)) < 0.2, generator.uniform(6, 24, len(mine)), generator.normal(hours, spread)
        )
    return found % 24


def _hot_spots(
    generator: np.random.Generator, land: Land, category: np.ndarray, day: np.ndarray, house: np.ndarray,
    street: np.ndarray, at: np.ndarray, middles: np.ndarray, houses: gpd.GeoDataFrame,
) -> np.ndarray:  # fmt: skip
    """Moves some calls to where it is hot in those months; the number of each one's hot spot, or -1."""
    spot = np.full(len(category), -1)
    hot = np.array([one.repeat > 0 and not one.on_road for one in CATEGORIES])
    towns = np.flatnonzero((houses["block"] >= 0).to_numpy())
    if not len(towns):
        return spot
    days = (LAST - FIRST).days
    tree = KDTree(middles)
    for number in range(HOT_SPOTS):
        centre = middles[generator.choice(towns)]
        begin, lasts = int(generator.integers(0, days - 60)), int(generator.integers(60, 210))
        here = np.array(tree.query_ball_point(centre, HOT_M))
        now = np.flatnonzero(hot[category] & (day >= begin) & (day < begin + lasts) & (spot < 0))
        moved = now[generator.random(len(now)) < HOT_SHARE]
        house[moved] = generator.choice(here, len(moved))
        spot[moved] = number
    hot_now = np.flatnonzero(spot >= 0)
    at[hot_now], street[hot_now] = middles[house[hot_now]], houses["street"].to_numpy()[house[hot_now]]
    return spot


def _near_repeats(
    generator: np.random.Generator, category: np.ndarray, day: np.ndarray, spot: np.ndarray, house: np.ndarray,
    street: np.ndarray, at: np.ndarray, middles: np.ndarray, houses: gpd.GeoDataFrame,
) -> np.ndarray:  # fmt: skip
    """Moves some calls near to an earlier one of their category in place and time; the row of that one, or -1."""
    origin = np.full(len(category), -1)
    last = (LAST - FIRST).days
    tree = KDTree(middles)
    for number, one in enumerate(CATEGORIES):
        mine = np.flatnonzero((category == number) & (spot < 0))
        if not one.repeat or one.on_road or len(mine) < 4:
            continue
        again = generator.random(len(mine)) < one.repeat
        repeats, firsts = mine[again], mine[~again]
        if not len(firsts):
            continue
        origin[repeats] = generator.choice(firsts, len(repeats))
        beside = generator.exponential(NEAR_M, len(repeats))[:, None] * _unit(generator, len(repeats))
        house[repeats] = tree.query(at[origin[repeats]] + beside)[1]
        day[repeats] = np.minimum(day[origin[repeats]] + np.ceil(generator.exponential(NEAR_DAYS, len(repeats))), last)
        at[repeats], street[repeats] = middles[house[repeats]], houses["street"].to_numpy()[house[repeats]]
    return origin


def _unit(generator: np.random.Generator, count: int) -> np.ndarray:
    angle = generator.uniform(0, 2 * np.pi, count)
    return np.column_stack([np.cos(angle), np.sin(angle)])


def _addresses(
    generator: np.random.Generator, calls: gpd.GeoDataFrame, streets: gpd.GeoDataFrame, addresses: pd.Series
) -> np.ndarray:
    """Where each call was, in proper form: a house's address, or a place on a street."""
    house = calls["house"].to_numpy()
    named = streets["name"].to_numpy()[calls["street"].to_numpy()]
    on_road = np.char.add(
        named.astype(str), generator.choice(["中段", "路口", "附近", "桥头"], len(calls), p=[0.6, 0.25, 0.1, 0.05])
    )
    return np.where(house >= 0, addresses.to_numpy(dtype=str)[np.maximum(house, 0)], on_road)
