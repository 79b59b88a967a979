"""Addresses for which nothing, or nothing sure, was found; and the choices that people made for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from geo_app.models import AddressAlias, County
from geo_app.queries.gazetteer import OF_ALIAS
from geo_app.queries.kept import Kept
from geo_app.queries.locating import move_callers
from geo_app.queries.placed_texts import PLACEABLE
from geo_app.queries.placing import BY_HAND, Lies, Place
from geo_app.queries.visible import scope_key, versions
from layers.incidents.address import normalise
from layers.incidents.placed import LEVELS, ROUGH

SURE = 0.6  # a lower score asks for a look
VAGUE = sorted({"none", *ROUGH} - {"place", "estate"})
_kept: Kept[list[Doubtful]] = Kept(8)


@dataclass(frozen=True)
class Doubtful:
    """An address in the form that most calls have it in, with all that mean the same: how many calls, when the last
    one came, and how it was placed so far. ``first``: the id of the first of these calls."""

    text: str
    count: int
    last: datetime | None
    level: str
    score: float | None
    first: int

    @property
    def mark(self) -> tuple[int, int]:
        """Its place in the order: the most frequent first, then the oldest."""
        return -self.count, self.first


def doubtful(session: Session, county: County, after: tuple[int, int] | None, limit: int) -> list[Doubtful]:
    """Addresses of calls that the scope sees, most frequent first, behind the mark ``after``."""
    url = str(session.get_bind().engine.url)
    key = (url, county.id, scope_key(session), versions(session, county.id, ("incidents",)))
    found = _kept.get(key, lambda: _grouped(session, county))
    return [one for one in found if after is None or one.mark > after][:limit]


def _grouped(session: Session, county: County) -> list[Doubtful]:
    rows = session.execute(
        text(
            "SELECT arrived_address, count(*), max(coalesce(reported_at, occurred_from)),"
            " (array_agg(match_level ORDER BY id DESC))[1], (array_agg(match_score ORDER BY id DESC))[1], min(id)"
            f" FROM incident t WHERE {PLACEABLE} AND case_kind = 'incident' AND match_how IS DISTINCT FROM :chosen"
            " AND (match_level = ANY (:vague) OR match_score < :sure) GROUP BY arrived_address ORDER BY 2 DESC, min(id)"
        ),
        {"county": county.id, "chosen": OF_ALIAS, "vague": VAGUE, "sure": SURE},
    )
    found: dict[str, Doubtful] = {}
    for row in rows:
        key, one = normalise(row[0]), Doubtful(*row)
        if says_something(key):
            found[key] = _joined(found[key], one) if key in found else one
    return sorted(found.values(), key=lambda one: one.mark)


def _joined(one: Doubtful, other: Doubtful) -> Doubtful:
    last = max((at for at in (one.last, other.last) if at is not None), default=None)
    return Doubtful(one.text, one.count + other.count, last, one.level, one.score, min(one.first, other.first))


def says_something(key: str) -> bool:
    """Whether an address made alike has a letter or a number in it."""
    return any(letter.isalnum() for letter in key)


def shares(session: Session, county: County) -> list[tuple[str, int]]:
    """How many calls that the scope sees were placed at each level that occurs, best first, "none" last."""
    found = session.execute(
        text(
            "SELECT match_level, count(*) FROM incident WHERE county_id = :county AND case_kind = 'incident'"
            " GROUP BY match_level"
        ),
        {"county": county.id},
    )
    return sorted(
        ((row[0], row[1]) for row in found), key=lambda one: LEVELS.index(one[0]) if one[0] in LEVELS else len(LEVELS)
    )


def written_alike(session: Session, county_id: int, address: str) -> list[str]:
    """The addresses of calls to be placed that say the same as ``address``, each as it is written."""
    found = session.scalars(
        text(f"SELECT DISTINCT arrived_address FROM incident t WHERE {PLACEABLE}"), {"county": county_id}
    )
    key = normalise(address)
    return [one for one in found if normalise(one) == key]


def are_simulated(session: Session, county_id: int, addresses: Sequence[str]) -> bool | None:
    """Whether all calls with these addresses are made up; None without any."""
    return session.execute(
        text(f"SELECT bool_and(simulated) FROM incident t WHERE {PLACEABLE} AND arrived_address = ANY (:addresses)"),
        {"county": county_id, "addresses": list(addresses)},
    ).scalar_one()


def put(session: Session, county_id: int, addresses: Sequence[str], place: Place | None, lies: Lies | None) -> int:
    """Writes one place into all calls with these addresses; returns how many. Without ``place`` they have none any more
    and stay in their areas."""
    values: dict[str, Any] = {"county": county_id, "addresses": list(addresses)}
    if place is None or lies is None:
        set_to = "geom = NULL, match_level = 'none', match_score = NULL, match_how = NULL, radius_m = NULL, grid_stable_id = NULL"
    else:
        set_to = (
            "geom = ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), match_level = :level, match_score = :score,"
            " match_how = :how, radius_m = :radius, admin_area_id = :admin, police_area_id = :police,"
            " grid_stable_id = :grid"
        )
        values |= {
            "lon": place.lon, "lat": place.lat, "level": place.level, "score": place.score, "how": place.how,
            "radius": place.radius_m, "admin": lies.admin, "police": lies.police, "grid": lies.grid,
        }  # fmt: skip
    changed = session.execute(
        text(f"UPDATE incident t SET {set_to} WHERE {PLACEABLE} AND arrived_address = ANY (:addresses)"), values
    )
    move_callers(session, county_id)
    return cast(Any, changed).rowcount


def lock(session: Session, county_id: int, key: str) -> None:
    """Waits until nobody else chooses for the same address; held until the end of the transaction."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))"), {"what": f"alias {county_id} {key}"}
    )


def alias(session: Session, county_id: int, alias_id: int) -> AddressAlias | None:
    """A choice that holds; None for what the scope does not see, and for aliases out of files."""
    return session.scalars(_in_force(county_id).where(AddressAlias.id == alias_id)).one_or_none()


def end(session: Session, county_id: int, key: str) -> None:
    """What was chosen for an address before holds no longer; it stays as a row of the past."""
    session.execute(
        text(
            "UPDATE address_alias SET recorded = tstzrange(lower(recorded), now()) WHERE county_id = :county"
            f" AND source = '{BY_HAND}' AND source_key = :key AND upper_inf(recorded)"
        ),
        {"county": county_id, "key": key},
    )


def _in_force(county_id: int) -> Any:
    return select(AddressAlias).where(
        AddressAlias.county_id == county_id, AddressAlias.source == BY_HAND, func.upper_inf(AddressAlias.recorded)
    )
