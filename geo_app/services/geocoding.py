"""Incidents without a position get a place by their address: after an import, by command, as a job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from geo_app.failure import Failure
from geo_app.models import County
from geo_app.queries import arrivals, batches, gazetteer, geocoded, placed_texts
from geo_app.queries.placing import BY_HAND, PINNED, Place
from geo_app.queries.terms import today
from geo_app.security.actor import Actor
from geo_app.security.audit import audit

AT_ONCE = 2_000  # texts between two signs of progress
KIND = "geocode"
SAME_DEGREES = 1e-6  # what comes back from a page is the place that it was shown


class NotWholeCounty(Failure):
    """The scope sees a part of the county only, and an address is placed for all who have it."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"Your scope does not hold the whole of county {code!r}.",
            "Ask somebody who sees the whole county to place its incidents.",
        )


@dataclass(frozen=True)
class Report:
    """How many different addresses were looked up, how many incidents got another place than they had, and how many
    of those that have no position of their own are placed at which level; "none": nobody knows where."""

    texts: int
    changed: int
    levels: Mapping[str, int]

    def as_json(self) -> dict[str, Any]:
        """The report as plain values."""
        return asdict(self)


def place_county(
    session: Session, actor: Actor, county: County, *, progress: Callable[[int, int], None] = lambda done, total: None
) -> Report:
    """Places all incidents of a county that have an address and no position, anew where the gazetteer has changed.

    Raises NotWholeCounty.
    """
    batches.one_at_a_time(session, county.code)
    report = _place(session, county, None, progress)
    audit(session, "incidents:place", county, actor=actor, texts=report.texts, changed=report.changed)
    return report


def place_batch(session: Session, county: County, batch_id: int) -> Report:
    """Places what came with an import, in its transaction: who reads its report finds the incidents where it says."""
    return _place(session, county, batch_id, lambda done, total: None)


def found(session: Session, county: County, address: str) -> Place | None:
    """Where an address is, by the whole county's gazetteer; None where nobody knows."""
    return geocoded.answers(gazetteer.whole(session, county), [address])[0].place if address else None


def chosen(
    session: Session, county: County, address: str, point: tuple[float, float], *, pinned: bool = False
) -> Place:
    """The place that somebody chose for an address, EPSG:4326: one of those that are proposed for it, with its level
    and radius, or a point that he set on the map."""
    candidates: tuple[geocoded.Found, ...] = ()
    if address and not pinned:
        candidates = geocoded.answers(gazetteer.seen(session, county), [address])[0].candidates
    for one in candidates:
        if max(abs(one.place.lon - point[0]), abs(one.place.lat - point[1])) <= SAME_DEGREES:
            return replace(one.place, how=BY_HAND, score=None)
    return Place(*point, PINNED, BY_HAND, radius_m=0.0)


def _place(session: Session, county: County, batch_id: int | None, progress: Callable[[int, int], None]) -> Report:
    roots = arrivals.roots(session, county.id)
    if set(roots) != {"admin", "police"}:
        raise NotWholeCounty(county.code)
    texts = placed_texts.texts(session, county.id, batch_id)
    if not texts:
        return Report(0, 0, dict(placed_texts.levels(session, county.id, batch_id)))
    known = gazetteer.whole(session, county)
    places: list[tuple[str, Place | None]] = []
    for begin in range(0, len(texts), AT_ONCE):
        some = texts[begin : begin + AT_ONCE]
        found = geocoded.answers(known, some)
        places += [(one, answer.place) for one, answer in zip(some, found, strict=True)]
        progress(len(places), len(texts))
    changed = placed_texts.write(session, county.id, today(county, datetime.now(UTC)), places, roots)
    return Report(len(texts), changed, dict(placed_texts.levels(session, county.id, batch_id)))
