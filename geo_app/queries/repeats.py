"""The places from which the chosen calls come again and again within days, as list and as layer."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.errors import N_
from geo_app.models import County
from geo_app.queries import incident_columns
from geo_app.queries.hot_spots import NONE_MEANT, iso_minutes
from geo_app.queries.kept import Kept
from geo_app.queries.terms import Terms
from geo_app.queries.visible import scope_key, versions
from layers.base import DATES
from layers.catalogue.repeat_places import COLUMNS, FACTS, NOTICE
from layers.incidents.choice import Incidents
from layers.incidents.repeat_calls import RepeatCalls, repeat_calls

KINDS = ("incidents",)
TERMS = ("area_ids", "choice", "days", "least")
# What names a town, a village or a whole road is no place to which one can go.
SINGLE = ("given", "pinned", "building", "number", "crossing", "place", "estate", "none")
# Addresses as numbers, equal where the texts are but for blanks, in whatever width they are typed.
ADDRESSES = """
WITH row AS MATERIALIZED (
  SELECT id, coalesce(radius_m, 'NaN') AS radius, match_level = ANY (:single) AS single,
    regexp_replace(normalize(arrived_address, NFKC), '\\s', '', 'g') AS address
  FROM incident WHERE county_id = :county AND case_kind = 'incident' ORDER BY id)
SELECT string_agg(int8send(id), '') AS id, string_agg(float8send(radius), '') AS radius,
  string_agg(boolsend(single), '') AS single,
  string_agg(int8send(CASE WHEN address = '' THEN -1 ELSE hashtextextended(address, 0) & 9223372036854775807 END), '')
    AS address
FROM row
"""
TYPES = {"id": ">i8", "radius": ">f8", "single": "?", "address": ">i8"}
NAMES = "SELECT id, arrived_address, category FROM incident WHERE id = ANY (:ids)"
NOTHING = N_("No place has as many calls within as many days.")
_addresses: Kept[dict[str, np.ndarray]] = Kept(4)
_cache: Kept[GeoDataFrame] = Kept(16)


def repeat_places(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    """What the layer repeat_places draws, in EPSG:4326, most calls first, places without a point among them.

    Beside its columns: ``ids``, the incidents that are counted of each place, by their times. Attributes: what is to be
    said about it, and how many of the chosen calls could be of no place.
    """
    terms = terms.of(*TERMS)
    key = ("repeats", *_known(session, county), scope_key(session), terms)
    return _cache.get(key, lambda: _repeat_places(session, county, terms))


def _repeat_places(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    meant = incident_columns.chosen(session, county, terms)
    about = _about(session, county, meant)
    used = np.isfinite(meant.time) & about["single"] & (meant.placed | (about["address"] >= 0))
    calls = meant.take(used)
    found = repeat_calls(
        calls.xy, about["radius"][used], about["address"][used], calls.time, days=terms.days, least=terms.least
    )
    frame = _frame(session, county, calls, found)
    frame.attrs[NOTICE] = None if len(frame) else (NOTHING if len(meant) else NONE_MEANT)
    frame.attrs[FACTS] = {
        "days": terms.days, "least": terms.least, "calls": len(meant), "used": len(calls), "unused": len(meant) - len(calls),
        "of_places": int(found.counted.sum()),
    }  # fmt: skip
    frame.attrs[DATES] = incident_columns.period(meant, terms)
    return frame


def _frame(session: Session, county: County, calls: Incidents, found: RepeatCalls) -> GeoDataFrame:
    rows = [np.flatnonzero(found.counted & (found.place == number)) for number in range(len(found.calls))]
    rows = [one[np.argsort(calls.time[one], kind="stable")] for one in rows]
    ids = [calls.id[one].tolist() for one in rows]
    said = {
        id: (address, category)
        for id, address, category in session.execute(text(NAMES), {"ids": [id for one in ids for id in one]})
    }
    table = pd.DataFrame(
        {
            "id": [f"{one[0]}" for one in ids],  # stays what it is while its first call is counted
            "name": [_most([said[id][0] for id in one]) for one in ids],
            "category": [_most([said[id][1] for id in one]) for one in ids],
            "calls": found.calls,
            "total": np.bincount(found.place[found.place >= 0], minlength=len(ids)),
            "first": iso_minutes(found.first),
            "last": iso_minutes(found.last),
            "radius_m": found.radius_m,
            "simulated": [bool(calls.simulated[one].any()) for one in rows],
            "ids": pd.Series(ids, dtype=object),
        }
    )
    points = np.full(len(ids), None, dtype=object)
    placed = np.isfinite(found.xy[:, 0])
    points[placed] = shapely.points(found.xy[placed])
    frame = GeoDataFrame(table, geometry=points, crs=county.metric_srid).to_crs(4326)
    assert set(COLUMNS) <= set(frame.columns)
    return frame


def _about(session: Session, county: County, meant: Incidents) -> dict[str, np.ndarray]:
    """Radius, whether it is one place, and address of the incidents, in their order."""
    # The scope belongs to the key: what it does not see is not read.
    every = _addresses.get((*_known(session, county), scope_key(session)), lambda: _read(session, county))
    at = np.searchsorted(every["id"], meant.id)
    return {name: column[at] for name, column in every.items()}


def _read(session: Session, county: County) -> dict[str, np.ndarray]:
    row = session.execute(text(ADDRESSES), {"county": county.id, "single": list(SINGLE)}).one()._mapping
    return {
        name: np.frombuffer(row[name] or b"", dtype=kind).astype(np.dtype(kind).newbyteorder("="))
        for name, kind in TYPES.items()
    }


def _most(texts: list[str]) -> str:
    """The text that occurs most often, of equals the first; "" does not count beside others."""
    known = [one for one in texts if one]
    return max(known, key=known.count) if known else ""


def _known(session: Session, county: County) -> tuple[Hashable, ...]:
    return str(session.get_bind().engine.url), county.id, versions(session, county.id, KINDS)
