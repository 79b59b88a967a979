"""People of grids on their way in: each row is an act on the appointments of its grid, in the order of the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from geo_app.errors import AppError
from geo_app.imports.problems import N_, Problem
from geo_app.imports.reading import Refused
from geo_app.queries import arrivals, grid_handover, grid_heads, grid_people
from geo_app.queries.arrivals import Counts, Taking
from geo_app.queries.grid_people import Term
from geo_app.services.appointments import appointed, corrected, overlap, same_office


def take_grid_people(session: Session, taking: Taking) -> tuple[Counts, list[Refused]]:
    """Takes the arriving rows over; whoever is not named stays in office. A row without a first day is of whoever is in
    office today, or is from today on; where the grid never had anybody in that role, it is of who has long been there.

    Returns the counts and what goes to quarantine: rows of unknown grids, rows that give a person one office twice, and
    rows out of quarantine that would take the place of what is stored.
    """
    grid_heads.lock(session, taking.county_id)
    rows = grid_people.arriving(session, taking)
    grids = {row["grid"] for row in rows} - {None}
    known = {key: list(terms) for key, terms in groupby(grid_people.terms(session, taking.county_id, grids), _grid)}
    ever = grid_people.roles_ever(session, taking.county_id, grids)
    wanted, problems, counts = dict(known), dict[int, Problem](), Counts()
    for row in rows:
        grid = row["grid"]
        if grid is None:
            problems[row["nth"]] = _no_grid(row["grid_code"])
            continue
        terms = wanted.get(grid, [])
        try:
            after = _after(terms, row, taking, (grid, row["role"]) in ever)
        except AppError as error:
            problems[row["nth"]] = Problem("days", error.msgid, remedy=error.remedy_msgid, params=error.params)
            continue
        if after == terms:
            counts = counts._replace(unchanged=counts.unchanged + 1)
        elif taking.again and len(after) <= len(terms):
            problems[row["nth"]] = _something_else()
        else:
            is_new = any(term.id is None and term not in terms for term in after)
            counts = counts._replace(stored=counts.stored + is_new, updated=counts.updated + (not is_new))
            wanted[grid] = after
    refused = arrivals.leave_out(session, taking, problems)
    changed = [grid for grid in wanted if wanted[grid] != known.get(grid, [])]
    grid_people.rewrite(
        session,
        taking.county_id,
        [term for grid in changed for term in known.get(grid, [])],
        [term for grid in changed for term in wanted[grid]],
    )
    grid_handover.hand_over_again(session, taking.county_id, taking.today, changed)
    return counts, refused


def _grid(term: Term) -> int:
    return term.grid


def _after(terms: Sequence[Term], row: Mapping[str, Any], taking: Taking, is_known_role: bool) -> list[Term]:
    """The terms of a grid after what a row says. Raises NoDays, InOffice."""
    told = Term(row["grid"], row["role"], row["name"], row.get("telephone"), row.get("since"), row.get("until"))
    said = {name: getattr(told, name) for name in ("telephone", "until") if name in row}
    if told.since is not None:
        said["since"] = told.since
    mine = [
        place
        for place, term in enumerate(terms)
        if same_office(term, told) and overlap(term, _meant(told, taking.today))
    ]
    if not mine:
        if told.since is None and is_known_role:
            told = replace(told, since=taking.today)
        return _in_order(terms, appointed(terms, told))
    # Those that were added by a row before have no id yet: a number of their place stands for it.
    numbered = [replace(term, id=term.id or -1 - place) for place, term in enumerate(terms)]
    old = numbered[mine[0]]
    if all(getattr(old, name) == value for name, value in said.items()):
        return list(terms)
    after = corrected(numbered, old.id or 0, **said)
    return _in_order(terms, [replace(term, id=None if (term.id or 0) < 0 else term.id) for term in after])


def _meant(told: Term, today: date) -> Term:
    """The days on which to look for the same person: those told, else today."""
    if told.since is not None:
        return told
    return replace(told, since=None if told.until is not None and told.until <= today else today)


def _in_order(terms: Sequence[Term], after: list[Term]) -> list[Term]:
    """What stayed in its old order, so that nothing changed is seen as such."""
    places = {term: place for place, term in enumerate(terms)}
    return sorted(after, key=lambda term: places.get(term, len(places)))


def _no_grid(code: str) -> Problem:
    return Problem(
        "grid",
        N_("there is no grid %(code)s in the county"),
        remedy=N_("Import the grids first, or correct the code."),
        params={"code": repr(code)},
    )


def _something_else() -> Problem:
    return Problem(
        "key",
        N_("something else is stored under what it is known by"),
        remedy=N_("Leave this row if that is right; otherwise correct the file and import it anew."),
    )
