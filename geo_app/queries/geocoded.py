"""Addresses as places in degrees, and places as addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
from pyproj import Transformer
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries import gazetteer
from geo_app.queries.gazetteer import Known
from geo_app.queries.placing import Place
from geo_app.queries.terms import today
from layers.incidents.address import normalise
from layers.incidents.geocode import Answer, Candidate, Here, geocode, reverse

DIGITS = 7  # of a degree: a centimetre
IN_FORCE = "county_id = :county AND valid @> CAST(:day AS date) AND upper_inf(recorded) AND geom && p.at AND ST_Covers(geom, p.at)"
AROUND = f"""
WITH p AS (SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS at)
SELECT level AS kind, name FROM area, p WHERE tree = 'admin' AND {IN_FORCE}
UNION ALL SELECT 'grid', name FROM grid, p WHERE {IN_FORCE}
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


def here(session: Session, county: County, lon: float, lat: float) -> Here:
    """What is at a place, by what the session's scope sees; areas by the names that they have on the map."""
    known = gazetteer.seen(session, county)
    xy = Transformer.from_crs(4326, known.srid, always_xy=True).transform(lon, lat)
    found = reverse(known.gazetteer, np.array([xy]))[0]
    around = session.execute(
        text(AROUND), {"county": county.id, "day": today(county, datetime.now(UTC)), "lon": lon, "lat": lat}
    )
    names = {row.kind: row.name for row in around}
    return replace(found, **{kind: names.get(kind, "") for kind in ("town", "community", "grid")})


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
