"""What is done with the rows of each kind, inside the transaction of their import."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from geopandas import GeoDataFrame
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo_app.database.scope import Scope, apply_scope, expand
from geo_app.imports.grid_check import check_grids, check_later, pending_problem
from geo_app.imports.kinds.base import Kind
from geo_app.imports.problems import N_, Problem, Said
from geo_app.imports.reading import Refused
from geo_app.models import County
from geo_app.queries import (
    area_arrivals,
    arrivals,
    caller_arrivals,
    category_arrivals,
    duty_arrivals,
    grid_arrivals,
    grid_heads,
    grid_pending,
    grid_people,
    route_arrivals,
    track_arrivals,
)
from geo_app.queries.arrivals import Counts, Taking
from geo_app.queries.locating import locate_again
from geo_app.services.storing_grid_people import take_grid_people
from geo_app.services.storing_roads import store_roads
from grid_boundaries.codes import PATTERN

LOCATED = (
    "grid", "incident", "street", "street_piece", "place", "post", "camera", "patrol_route", "address", "address_alias",
    "building", "water", "population",
)  # fmt: skip


@dataclass
class Stored:
    """What became of arriving rows; ``refused`` are those that cannot stand beside what is there."""

    counts: Counts
    pieces: int = 0
    refused: list[Refused] = field(default_factory=list)
    notes: list[Said] = field(default_factory=list)


def store(
    session: Session,
    kind: Kind,
    taking: Taking,
    metric_srid: int,
    scope: Scope,
    *,
    is_everything: bool,
    some_refused: bool,
) -> Stored:
    """Takes the arriving rows over.

    ``metric_srid`` is the county's system in metres. ``is_everything``: what the source knew and the file does not
    bring has vanished, where its kind has such a rule. ``some_refused``: the file has rows that could not be used; what
    somebody made of such a row in quarantine has not vanished.
    """
    if not kind.flows:  # a portion is small, and the next one would have to be counted anew
        arrivals.settle(session)
    if kind.name == "areas":
        return _store_areas(session, taking, scope)
    if kind.name == "categories":
        return _store_categories(session, taking)
    if kind.name == "duty":
        return _store_duty(session, taking)
    if kind.name == "grid_people":
        counts, refused = take_grid_people(session, taking)
        return Stored(counts, refused=refused)
    arrivals.locate_arriving(session, taking)
    if kind.name == "tracks":
        return _store_tracks(session, taking)
    if kind.name == "roads":
        counts, pieces, notes = store_roads(
            session, taking, metric_srid, is_everything=is_everything, some_refused=some_refused
        )
        return Stored(counts, pieces, notes=notes)
    if kind.name == "grids":
        return _store_grids(session, taking)
    if kind.name == "routes":
        route_arrivals.find_teams(session, taking)
    counts = arrivals.merge(session, taking, versioned=kind.versioned, stable=kind.stable)
    if kind.name == "incidents":
        others = caller_arrivals.take_callers(session, taking)
        counts = counts._replace(updated=counts.updated + others, unchanged=counts.unchanged - others)
    return Stored(counts)


def notes_about(session: Session, kind: Kind, taking: Taking) -> list[Said]:
    """What is to be said when all rows of a file are stored."""
    if kind.name == "population":
        return _about_unknown_grids(*arrivals.unknown_grids(session, taking))
    if kind.name != "incidents" or "number" not in taking.columns:
        return []
    return [
        Said(
            N_(
                "%(count)s of these numbers are known from the source %(other)s too and now stand twice; if both are one"
                " system, name %(other)s as the source (--source)."
            ),
            {"count": str(count), "other": other},
        )
        for other, count in arrivals.numbers_of_other_sources(session, taking)
    ]


def _about_unknown_grids(count: int, code: str | None) -> list[Said]:
    told = N_(
        "%(count)s rows name a grid that is not there, for example %(code)s: they count for the county, and for no area"
        " of it. Import the grids, or correct the codes."
    )
    return [Said(told, {"count": str(count), "code": str(code)})] if count else []


def _store_areas(session: Session, taking: Taking, scope: Scope) -> Stored:
    grid_heads.lock(session, taking.county_id)  # nobody approves a change while its areas are taken over
    scope = expand(session, scope.area_ids)  # with areas that others founded, or withdrew, since the import began
    apply_scope(session, scope)
    same, decided = area_arrivals.keep_what_comes(session, taking)
    refused = arrivals.leave_out(session, taking, {nth: _decided(one) for nth, one in decided.items()})
    while True:
        attempt = session.begin_nested()
        counts, left = area_arrivals.merge_areas(session, taking, scope)
        if not left:
            attempt.commit()
            break
        # What hangs nowhere, or on itself, must not stay in the tree half-way: the others are taken without it.
        problems = {nth: _no_parent(parent) for nth, parent in area_arrivals.parents(session, left).items()}
        attempt.rollback()
        refused += arrivals.leave_out(session, taking, problems)
    if counts.stored or counts.updated:
        _locate_again(session, taking, LOCATED)
        grid_people.follow_grids(session, taking.county_id)
    return Stored(counts._replace(unchanged=counts.unchanged + same), refused=refused)


def _decided(one: area_arrivals.Decided) -> Problem:
    params = {"code": one.code, "day": str(one.day), "title": one.title}
    if one.ends:
        return Problem(
            "pending",
            N_("the approved change “%(title)s” ends the area %(code)s on %(day)s"),
            remedy=N_("Leave it out of the file, or give what is there now a code of its own."),
            params=params,
        )
    return Problem(
        "pending",
        N_("the approved change “%(title)s” makes the area %(code)s another one on %(day)s"),
        remedy=N_("Withdraw that change before %(day)s, or import the area again from that day on."),
        params=params,
    )


def _no_parent(parent: str) -> Problem:
    return Problem(
        "parent",
        N_("its parent %(parent)s is neither in the file nor in the county"),
        remedy=N_("Import parents first or in the same file; the county's own code is the uppermost parent."),
        params={"parent": repr(parent)},
    )


def _store_categories(session: Session, taking: Taking) -> Stored:
    refused = _overwriting(session, taking, category_arrivals.overwriting)
    while True:
        attempt = session.begin_nested()
        counts, astray = category_arrivals.merge_categories(session, taking)
        if not astray:
            attempt.commit()
            return Stored(counts, refused=refused)
        attempt.rollback()
        refused += arrivals.leave_out(session, taking, {one.nth: _no_place(one) for one in astray})


def _no_place(astray: category_arrivals.Astray) -> Problem:
    if astray.level is not None:
        return Problem("parent", N_("it would stand on level %(level)s of four"), params={"level": str(astray.level)})
    return Problem(
        "parent",
        N_("its parent %(parent)s is neither in the file nor in the county"),
        remedy=N_("Import parents first or in the same file."),
        params={"parent": repr(astray.parent)},
    )


def _store_duty(session: Session, taking: Taking) -> Stored:
    unknown = {
        nth: Problem(
            "station",
            N_("there is no police station %(station)s in the county"),
            remedy=N_("Write its code or name as in the police tree, or leave it empty."),
            params={"station": repr(station)},
        )
        for nth, station in duty_arrivals.unknown_stations(session, taking).items()
    }
    refused = arrivals.leave_out(session, taking, unknown) + _overwriting(session, taking, duty_arrivals.overwriting)
    return Stored(duty_arrivals.merge_duty(session, taking), refused=refused)


def _store_tracks(session: Session, taking: Taking) -> Stored:
    refused = _overwriting(session, taking, track_arrivals.overwriting)
    return Stored(track_arrivals.merge_tracks(session, taking), refused=refused)


def _overwriting(session: Session, taking: Taking, which: Callable[[Session, Taking], Iterable[int]]) -> list[Refused]:
    """Takes rows out of quarantine out again that would take the place of what is stored, which does not say when it
    came: nobody could tell which of the two holds."""
    if not taking.again:
        return []
    problem = Problem(
        "key",
        N_("something else is stored under what it is known by"),
        remedy=N_("Leave this row if that is right; otherwise correct the file and import it anew."),
    )
    return arrivals.leave_out(session, taking, dict.fromkeys(which(session, taking), problem))


def _store_grids(session: Session, taking: Taking) -> Stored:
    pattern = session.scalars(
        select(County.settings["grid_code_pattern"].astext).where(County.id == taking.county_id)
    ).one()
    grid_heads.lock(session, taking.county_id)  # nobody approves a change while its grids are taken over
    waiting = grid_pending.pending(session, taking)
    problems = {nth: pending_problem(one.code, one.day, one.title, one.ends) for nth, one in waiting.items()}
    refused = arrivals.leave_out(session, taking, problems)
    while True:
        arriving = grid_arrivals.arriving_grids(session)
        problems, notes = check_grids(arriving, grid_arrivals.other_grids(session, taking), pattern or PATTERN)
        problems = problems or _on_later_land(session, taking, arriving)
        if not problems:
            break
        # Of a grid that is left out the former version stays, and the others have to stand beside that one.
        refused += arrivals.leave_out(session, taking, problems)
    counts = grid_arrivals.merge_grids(session, taking)
    if counts.stored or counts.updated:
        _locate_again(session, taking, ("incident", "population"))
    return Stored(counts, refused=refused, notes=notes)


def _on_later_land(session: Session, taking: Taking, arriving: GeoDataFrame) -> dict[int, Problem]:
    """The arriving grids whose new line lies on land that an approved change gives to others from a later day on."""
    later = grid_pending.later_grids(session, taking)
    fresh = sorted(grid_pending.beginning(session, taking)) if len(later) else []
    return check_later(arriving.loc[fresh], later) if fresh else {}


def _locate_again(session: Session, taking: Taking, tables: tuple[str, ...]) -> None:
    roots = {"admin": taking.admin_root, "police": taking.police_root}
    locate_again(session, taking.county_id, taking.today, roots, tables)
