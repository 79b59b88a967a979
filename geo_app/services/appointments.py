"""What an act makes of the appointments of one grid. Nothing here reads or writes: terms in, terms out.

A grid has one leader on any day: whoever is appointed puts the others aside for his days, and whoever is appointed
without an end stays until the next one begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from geo_app.errors import N_, BadInput, Conflict, NotFound
from geo_app.queries.grid_people import LEADER, Term


class InOffice(Conflict):
    """The same person has the same office on some of these days already."""

    code = "in_office"
    message = N_("%(name)s is in this office already on some of these days.")
    remedy = N_("Correct the days of the appointment that is there.")


class NoDays(BadInput):
    """An appointment without a day."""

    message = N_("It would end before it begins.")
    remedy = N_("Correct one of its two days.")


def appointed(terms: Sequence[Term], new: Term) -> list[Term]:
    """The terms with a new one. Raises NoDays, InOffice."""
    if any(same_office(term, new) and overlap(term, new) for term in terms):
        raise InOffice(name=new.name)
    return _placed(terms, new)


def corrected(terms: Sequence[Term], number: int, **values: Any) -> list[Term]:
    """The terms with other values of one of them. Raises NotFound, NoDays, InOffice."""
    old = _found(terms, number)
    new, others = replace(old, **values), [term for term in terms if term.id != number]
    if any(same_office(term, new) and overlap(term, new) for term in others):
        raise InOffice(name=new.name)
    return _placed(others, new)


def ended(terms: Sequence[Term], number: int, until: date) -> list[Term]:
    """The terms, one of which ends: ``until`` is the first day without it. One that would not have begun by then is
    left out. Raises NotFound, and NoDays for a day after its end."""
    old = _found(terms, number)
    if old.until is not None and old.until < until:
        raise NoDays(N_("It ends before that day already."), N_("Correct its days instead."))
    if old.since is not None and old.since >= until:
        return [term for term in terms if term.id != number]
    return [replace(term, until=until) if term.id == number else term for term in terms]


def same_office(one: Term, other: Term) -> bool:
    """Whether both are of the same person in the same role and grid."""
    return (one.grid, one.role, one.name) == (other.grid, other.role, other.name)


def overlap(one: Term, other: Term) -> bool:
    """Whether both hold on some day."""
    return begin(one) < end(other) and begin(other) < end(one)


def begin(term: Term) -> date:
    """Its first day, as a day."""
    return term.since or date.min


def end(term: Term) -> date:
    """The first day without it, as a day."""
    return term.until or date.max


def _found(terms: Sequence[Term], number: int) -> Term:
    found = next((term for term in terms if term.id == number), None)
    if found is None:
        raise NotFound()
    return found


def _placed(others: Sequence[Term], new: Term) -> list[Term]:
    if begin(new) >= end(new):
        raise NoDays()
    if new.role != LEADER:
        return [*others, new]
    if new.until is None:
        later = [term.since for term in others if term.role == LEADER and term.since and term.since > begin(new)]
        new = replace(new, until=min(later, default=None))
    return [part for term in others for part in _beside(term, new)] + [new]


def _beside(term: Term, new: Term) -> list[Term]:
    """What is left of a term beside the new leader's days: of one whom he stands in for, before and after them."""
    if term.role != LEADER or not overlap(term, new):
        return [term]
    parts = []
    if begin(term) < begin(new):
        parts.append(replace(term, until=new.since))
    if end(new) < end(term):
        parts.append(replace(term, since=new.until, id=term.id if not parts else None))
    return parts
