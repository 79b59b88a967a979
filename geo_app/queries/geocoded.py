"""Addresses as places in degrees, and places as addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from pyproj import Transformer
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries import gazetteer
from geo_app.queries.gazetteer import Known
from geo_app.queries.grid_people import Term, terms
from geo_app.queries.placing import Place
from layers.incidents.address import normalise
from layers.incidents.geocode import Answer, Candidate, Here, geocode, reverse

DIGITS = 7  # of a degree: a centimetre
IN_FORCE = "county_id = :county AND valid @> CAST(:day AS date) AND upper_inf(recorded) AND geom && p.at AND ST_Covers(geom, p.at)"
AROUND = f"""
WITH p AS (SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS at)
SELECT level AS kind, name, NULL::bigint AS id, NULL AS code
  FROM geo_areas_on(:county, CAST(:day AS date)), p WHERE NOT retired AND geom && p.at AND ST_Covers(geom, p.at)
UNION ALL (SELECT 'grid', name, stable_id, code FROM grid, p WHERE {IN_FORCE} ORDER BY code LIMIT 1)
"""


@dataclass(frozen=True)
class Found:
    """A place with the name or address of the gazetteer that it was matched with, "" for one that was chosen by hand."""

    place: Place
    matched: str = ""


@dataclass(frozen=True)
class Answered:
    """The best place, None without one, and up to five candidates, best first. ``elsewhere``: the text names another
    county."""

    best: Found | None
    candidates: tuple[Found, ...] = ()
    elsewhere: bool = False

    @property
    def place(self) -> Place | None:
        """The best place."""
        return None if self.best is None else self.best.place


def answers(known: Known, texts: Sequence[str]) -> list[Answered]:
    """Answers to texts in their order; what somebody chose for a text by hand is the answer to it."""
    found = geocode(known.gazetteer, texts)
    xy = np.array([(one.x, one.y) for answer in found for one in answer.candidates]).reshape(-1, 2)
    lonlat = iter(_to_degrees(known, xy))
    answered = [_in_degrees(answer, [next(lonlat) for _ in answer.candidates]) for answer in found]
    if not known.by_hand:
        return answered
    chosen = (known.by_hand.get(normalise(text)) for text in texts)
    return [
        one if place is None else Answered(Found(place), one.candidates)
        for one, place in zip(answered, chosen, strict=True)
    ]


@dataclass(frozen=True)
class Responsible:
    """Who answers for a place on a day, "" and None for what is not known: names of areas of both trees, the grid, and
    who is in office in it."""

    town: str = ""
    community: str = ""
    station: str = ""
    zone: str = ""
    grid: str = ""
    grid_id: int | None = None
    grid_code: str = ""
    people: tuple[Term, ...] = ()


def responsible(session: Session, county: County, lon: float, lat: float, day: date) -> Responsible:
    """Who answers for a place (EPSG:4326), by what the session's scope sees. A place on a line between two grids is that
    of the lower code."""
    values = {"county": county.id, "day": day, "lon": lon, "lat": lat}
    around = {row.kind: row for row in session.execute(text(AROUND), values)}
    names = {kind: around[kind].name for kind in ("town", "community", "station", "zone", "grid") if kind in around}
    grid = around.get("grid")
    if grid is None:
        return Responsible(**names)
    people = (term for term in terms(session, county.id, [grid.id]) if term.holds(day))
    return Responsible(**names, grid_id=grid.id, grid_code=grid.code, people=tuple(people))


def here(session: Session, county: County, lon: float, lat: float) -> Here:
    """The nearest address and road of a place, by what the session's scope sees."""
    known = gazetteer.seen(session, county)
    xy = Transformer.from_crs(4326, known.srid, always_xy=True).transform(lon, lat)
    return reverse(known.gazetteer, np.array([xy]))[0]


def _in_degrees(answer: Answer, lonlat: Sequence[tuple[float, float]]) -> Answered:
    candidates = tuple(_found(one, place) for one, place in zip(answer.candidates, lonlat, strict=True))
    if answer.level == "none":
        return Answered(None, candidates, answer.elsewhere)
    first = candidates[0]
    best = replace(first.place, level=answer.level, radius_m=round(float(answer.radius_m), 1))
    return Answered(replace(first, place=best), candidates, answer.elsewhere)


def _found(one: Candidate, lonlat: tuple[float, float]) -> Found:
    place = Place(*lonlat, one.level, one.how, round(float(one.score), 4), round(float(one.radius_m), 1))
    return Found(place, one.matched)


def _to_degrees(known: Known, xy: np.ndarray) -> list[tuple[float, float]]:
    if not len(xy):
        return []
    moved = Transformer.from_crs(known.srid, 4326, always_xy=True).transform(*xy.T)
    return [(lon, lat) for lon, lat in np.column_stack(moved).round(DIGITS).tolist()]
