"""Many people change the grids of one county at once: of two that touch the same grids one wins, and whatever happens the
grids cover what they covered, without overlap, and every day reads as it was."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg.errors
import pytest
import shapely
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from geo_app.database.scope import apply_scope
from geo_app.errors import AppError
from geo_app.models import GridChange
from geo_app.queries import visible
from geo_app.queries.terms import today
from geo_app.security.actor import Actor
from geo_app.services import grid_drafts, grid_rebase, grid_review
from geo_app.services.grid_draft import Draft, tag_of
from geo_app.services.grid_refusals import BeingReviewed, ChangedBeneath, EditRefused, InForce
from grid_boundaries.coverage import check
from grid_boundaries.steps import applied
from tests.drafting import across, union_of
from tests.made_grids import COMMUNITIES, COUNTY, SIZE, Governed, code_of

LEVELS = ("READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE")
NEW = "340523100003"  # a community that may be founded
FORM = {"title": "调整", "reason": "并行测试"}


class Office:
    """The made county's people at their services, each act in a transaction of its own, repeated whole as requests are."""

    def __init__(self, governed: Governed, level: str | None = None) -> None:
        self.governed, self.level = governed, level
        self.actors = {login: governed.actor(login) for login in ("editor", "drawer", "reviewer")}
        self.today = today(governed.county(), datetime.now(UTC))

    @contextmanager
    def session(self) -> Iterator[Session]:
        scope = self.governed.county_scope()  # theirs, with the communities that were founded meanwhile
        if self.level is None:
            with self.governed.database.session(scope) as session:
                yield session
            return
        engine = self.governed.database._engine.execution_options(isolation_level=self.level)
        with Session(engine, expire_on_commit=False) as session, session.begin():
            apply_scope(session, scope)
            yield session

    def act(self, login: str, work: Callable[[Session, Actor], Any]) -> Any:
        actor = replace(self.actors[login], scope=self.governed.county_scope())
        for _ in range(8):
            try:
                with self.session() as session:
                    return work(session, actor)
            except OperationalError as error:
                if not isinstance(error.orig, psycopg.errors.SerializationFailure | psycopg.errors.DeadlockDetected):
                    raise
        raise AssertionError("eight attempts met others")

    def begun(self, login: str = "editor", day: date | None = None) -> int:
        def work(session: Session, actor: Actor) -> int:
            county = visible.county(session, COUNTY)
            return grid_drafts.begin(session, actor, county, {**FORM, "effective_on": day or self.today}).id

        return int(self.act(login, work))

    def tag(self, change: int) -> str:
        return str(self.act("reviewer", lambda session, _: tag_of(grid_drafts.read(session, change).change)))

    def drawn(self, change: int, login: str = "editor", **operation: Any) -> Draft:
        tag = self.tag(change)
        draft, *_ = self.act(login, lambda session, actor: grid_drafts.operate(session, actor, change, tag, operation))
        return draft

    def undone(self, change: int, login: str) -> None:
        tag = self.tag(change)
        self.act(login, lambda session, actor: grid_drafts.undo(session, actor, change, tag))

    def rebased(self, change: int, login: str) -> None:
        tag = self.tag(change)
        self.act(login, lambda session, actor: grid_rebase.rebase(session, actor, change, tag))

    def submitted(self, change: int, login: str = "editor") -> None:
        tag = self.tag(change)
        self.act(login, lambda session, actor: grid_review.submit(session, actor, change, tag))

    def decided(self, change: int, tag: str | None = None) -> None:
        tag = tag or self.tag(change)
        self.act("reviewer", lambda session, actor: grid_review.decide(session, actor, change, tag, "approve"))

    def withdrawn(self, change: int) -> None:
        tag = self.tag(change)
        self.act("reviewer", lambda session, actor: grid_review.withdraw(session, actor, change, tag))

    def approved(self) -> list[GridChange]:
        """The changes that were written, in the order in which they were."""
        with self.governed.database.session(self.governed.county_scope(), read_only=True) as session:
            wanted = session.query(GridChange).filter(GridChange.status == "approved")
            return list(wanted.order_by(GridChange.changed_at))


def outcomes(acts: Sequence[Callable[[], Any]]) -> list[str]:
    """What became of acts that ran at the same time: done, or the name of the error."""

    def run(act: Callable[[], Any]) -> str:
        try:
            act()
        except AppError as error:
            return type(error).__name__
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.parametrize("level", LEVELS)
def test_G02_of_two_changes_of_one_grid_exactly_one_is_written(governed: Governed, level: str) -> None:
    office = Office(governed, level)
    changes = [office.begun(), office.begun("drawer")]
    office.drawn(changes[0], op="split", code=code_of(1, 1), line=across(1, 1))
    office.drawn(changes[1], "drawer", op="merge", codes=[code_of(1, 1), code_of(1, 2)])
    with governed.database.owner_session() as owner:  # as if both had been handed in at the same instant
        owner.execute(text("UPDATE grid_change SET status = 'review'"))
    tags = [office.tag(change) for change in changes]
    found = outcomes([lambda n=n: office.decided(changes[n], tags[n]) for n in (0, 1)])
    assert sorted(found) == ["ChangedBeneath", "done"]
    assert check(governed.grids_on(office.today)) == []


@pytest.mark.parametrize("level", [None, "SERIALIZABLE"])  # the one in use, and the strictest
def test_G02_of_two_submissions_of_one_grid_exactly_one_is_taken(governed: Governed, level: str | None) -> None:
    office = Office(governed, level)
    changes = [office.begun(), office.begun("drawer")]
    office.drawn(changes[0], op="split", code=code_of(1, 1), line=across(1, 1))
    office.drawn(changes[1], "drawer", op="merge", codes=[code_of(1, 1), code_of(1, 2)])
    found = outcomes([lambda: office.submitted(changes[0]), lambda: office.submitted(changes[1], "drawer")])
    assert sorted(found) == ["BeingReviewed", "done"]


def test_two_acts_from_one_state_of_a_draft_are_one_act(governed: Governed) -> None:
    office = Office(governed)
    change = office.begun()
    tag = office.tag(change)
    operations = [{"op": "merge", "codes": [code_of(n, 0), code_of(n + 1, 0)]} for n in (0, 2, 4, 6)]
    found = outcomes(
        [
            lambda one=one: office.act("editor", lambda s, a: grid_drafts.operate(s, a, change, tag, one))
            for one in operations
        ]
    )
    assert sorted(found) == ["Stale", "Stale", "Stale", "done"]


def test_G03_two_editors_move_one_boundary_and_leave_neither_gap_nor_sliver(governed: Governed) -> None:
    office = Office(governed)
    changes = [office.begun(), office.begun("drawer")]
    boundary = _shared(governed, code_of(1, 1), code_of(2, 1))
    for change, login, move in zip(changes, ("editor", "drawer"), (0.0004, -0.0005), strict=True):
        line = [boundary[0], [boundary[1][0] + move, boundary[1][1]], boundary[2]]
        office.drawn(change, login, op="move", codes=[code_of(1, 1), code_of(2, 1)], line=line)
    office.submitted(changes[0])
    with pytest.raises(BeingReviewed):
        office.submitted(changes[1], "drawer")
    office.decided(changes[0])
    with pytest.raises(ChangedBeneath):
        office.submitted(changes[1], "drawer")
    office.rebased(changes[1], "drawer")
    office.submitted(changes[1], "drawer")
    office.decided(changes[1])
    found = governed.grids_on(office.today)
    assert check(found, union_of(governed.grids_on(office.today - timedelta(days=1)))) == []
    x = _shared(governed, code_of(1, 1), code_of(2, 1))[1][0]
    assert x == pytest.approx(boundary[1][0] - 0.0005, abs=1e-6)  # the second line is the one that holds


def test_G05_a_split_meets_an_edit_of_its_neighbour(governed: Governed) -> None:
    office = Office(governed)
    changes = [office.begun(), office.begun("drawer")]
    office.drawn(changes[0], op="split", code=code_of(1, 1), line=across(1, 1))
    office.drawn(changes[1], "drawer", op="merge", codes=[code_of(2, 1), code_of(3, 1)])  # its neighbour
    office.submitted(changes[0])
    office.decided(changes[0])
    with pytest.raises(ChangedBeneath):  # the split put a vertex on their common line
        office.submitted(changes[1], "drawer")
    office.rebased(changes[1], "drawer")
    office.submitted(changes[1], "drawer")
    office.decided(changes[1])
    assert check(governed.grids_on(office.today)) == []


def test_G06_what_may_pass_is_tried_again_whole_and_what_may_not_is_not(governed: Governed) -> None:
    from geo_app import extensions

    tried: list[int] = []

    def fails(kind: type[Exception], wrapper: type[Exception], times: int) -> Callable[[Session], str]:
        def work(session: Session) -> str:
            tried.append(1)
            session.execute(text("UPDATE county SET name = name || 'x'"))
            if len(tried) <= times:
                raise wrapper("statement", {}, kind())  # type: ignore[call-arg]
            return "done"

        return work

    with governed.app.test_request_context(method="POST"):
        from flask import g

        g.actor = governed.actor("editor")
        name = governed.county().name
        assert extensions.transact(fails(psycopg.errors.SerializationFailure, OperationalError, 2)) == "done"
        assert len(tried) == 3 and governed.county().name == name + "x"  # once, though begun three times
        for kind in (psycopg.errors.UniqueViolation, psycopg.errors.ExclusionViolation):
            tried.clear()
            with pytest.raises(IntegrityError):
                extensions.transact(fails(kind, IntegrityError, 9))
            assert len(tried) == 1
        tried.clear()
        with pytest.raises(OperationalError):
            extensions.transact(fails(psycopg.errors.DeadlockDetected, OperationalError, 99))
        assert len(tried) == extensions.ATTEMPTS and governed.county().name == name + "x"


def test_G07_of_a_change_that_is_half_invalid_nothing_is_written(governed: Governed) -> None:
    office = Office(governed)
    change = office.begun()
    office.drawn(change, op="split", code=code_of(1, 1), line=across(1, 1))
    office.drawn(change, op="merge", codes=[code_of(5, 0), code_of(6, 0)])
    office.submitted(change)
    with governed.database.owner_session() as owner:  # what comes after the versions fails
        owner.execute(text("ALTER TABLE grid_lineage ADD CONSTRAINT refused CHECK (change_id < 0) NOT VALID"))
    before = governed.rows("SELECT count(*), max(id) FROM grid")
    with pytest.raises(IntegrityError):
        office.decided(change)
    assert governed.rows("SELECT count(*), max(id) FROM grid") == before
    assert governed.rows("SELECT count(*) FROM grid_lineage")[0][0] == 0
    assert governed.rows("SELECT status FROM grid_change WHERE kind = 'edit'")[0][0] == "review"


def _shared(governed: Governed, a: str, b: str) -> list[list[float]]:
    """First, middle and last vertex of the line between two grids."""
    shapes = governed.heads().set_index("code").geometry
    line = shapely.line_merge(shapely.intersection(shapes[a], shapes[b]))
    xy = shapely.get_coordinates(line).tolist()
    return [xy[0], xy[len(xy) // 2], xy[-1]]


def _operation(draft: Draft, seed: int) -> dict[str, Any]:
    """Something that somebody might draw on a draft."""
    dice = random.Random(seed)
    grids = draft.grids
    row = grids.iloc[dice.randrange(len(grids))]
    code, x, y = row["code"], *shapely.get_coordinates(row.geometry.representative_point())[0]
    near = grids[(grids["code"] != code) & grids.geometry.touches(row.geometry)]
    other = near.iloc[dice.randrange(len(near))]
    turn = dice.random() - 0.5
    if (kind := dice.choice(("split", "merge", "transfer", "drag", "move", "regroup", "regroup"))) == "regroup":
        to, known = dice.choice([*COMMUNITIES, NEW]), set(grids["community"])
        return {"op": kind, "codes": [code, other["code"]], "to": to, **({} if to in known else {"name": "新桥村"})}
    if kind == "split":
        return {"op": kind, "code": code, "line": [[x - 0.03, y - 0.03 * turn], [x + 0.03, y + 0.03 * turn]]}
    if kind == "merge":
        return {"op": kind, "codes": [code, other["code"]]}
    if kind == "transfer":
        (ax, ay), size = shapely.get_coordinates(shapely.intersection(row.geometry, other.geometry))[0], 0.3 * SIZE
        area = [[ax - size, ay - size], [ax + size, ay - size], [ax + size, ay + size], [ax - size, ay + size]]
        return {"op": kind, "from": code, "to": other["code"], "area": area}
    corners = shapely.get_coordinates(row.geometry)
    at = corners[dice.randrange(len(corners) - 1)]
    if kind == "drag":
        return {"op": kind, "at": at.tolist(), "to": [at[0] + 0.001 * turn, at[1] + 0.0007]}
    line = shapely.get_coordinates(shapely.line_merge(shapely.intersection(row.geometry, other.geometry)))
    if len(line) < 2:
        return {"op": "merge", "codes": [code, other["code"]]}
    half = (line[0] + line[-1]) / 2
    return {
        "op": kind,
        "codes": [code, other["code"]],
        "line": [line[0].tolist(), [half[0] + 0.0005 * turn, half[1]], line[-1].tolist()],
    }


class Together(RuleBasedStateMachine):
    """Several people at a time draw, undo, hand in, decide and bring up to date."""

    governed: Governed
    written = 0

    def __init__(self) -> None:
        super().__init__()
        with self.governed.database.owner_session() as owner:
            for table in ("grid_lineage", "grid_review", "grid_worker", "grid", "area_version"):
                owner.execute(text(f"DELETE FROM {table}"))
            owner.execute(text("DELETE FROM grid_change WHERE kind <> 'import'"))
            said = "parent_id, name, retired, geom, valid, change_id"
            owner.execute(
                text(
                    f"UPDATE area a SET ({said}) = (SELECT {said} FROM first_area f WHERE f.id = a.id) WHERE id IN (SELECT id FROM first_area)"
                )
            )
            owner.execute(text("DELETE FROM area_version"))
            owner.execute(text("DELETE FROM area WHERE id NOT IN (SELECT id FROM first_area)"))
            owner.execute(text("INSERT INTO area_version SELECT * FROM first_area_version"))
            owner.execute(text("INSERT INTO grid SELECT * FROM first_grid"))
        self.office = Office(self.governed)
        self.first = self.governed.heads()

    @rule(seeds=st.lists(st.integers(0, 10**6), min_size=2, max_size=4), later=st.integers(0, 3))
    def work_at_once(self, seeds: list[int], later: int) -> None:
        outcomes([lambda n=n, seed=seed: self.person(n, seed, later) for n, seed in enumerate(seeds)])

    def person(self, n: int, seed: int, later: int) -> None:
        login = ("editor", "drawer")[n % 2]
        office, dice = self.office, random.Random(seed)
        change = office.begun(login, office.today + timedelta(days=later if n % 2 else 0))
        for step in range(3):
            draft = office.act(login, lambda s, _: grid_drafts.read(s, change))
            with suppress(EditRefused):
                office.drawn(change, login, **_operation(draft, seed + step))
            if dice.random() < 0.3:
                office.undone(change, login)
        for _ in range(2):
            try:
                office.submitted(change, login)
                office.decided(change)
                if dice.random() < 0.2:
                    with suppress(InForce):
                        office.withdrawn(change)
                return
            except (ChangedBeneath, BeingReviewed):
                office.rebased(change, login)
            except EditRefused as refused:  # a community of it is no more, or there already
                assert refused.more["reason"] in ("unknown_area", "area_taken"), refused
                return

    @invariant()
    def every_day_is_whole_and_reads_as_the_history_was(self) -> None:
        parent, history = union_of(self.first), self.office.approved()
        type(self).written = max(self.written, len(history))
        for day in (self.office.today + timedelta(days=n) for n in range(-1, 4)):
            found = self.governed.grids_on(day)
            faults = [fault for fault in check(found, parent) if not fault.is_near and fault.kind != "exclave"]
            assert faults == [], (day, faults)
            replayed = self.first
            for change in history:
                if change.effective_on is not None and change.effective_on <= day:
                    replayed = applied(replayed, change.operations[: change.position])
            assert found["code"].tolist() == replayed["code"].tolist(), day
            assert found.geometry.geom_equals(replayed.geometry).all(), day
            self._each_community_is_the_union_of_its_grids(day, replayed)
        double = self.governed.rows(
            "SELECT count(*) FROM grid a JOIN grid b ON a.id < b.id AND a.stable_id = b.stable_id"
            " AND a.valid && b.valid AND a.recorded && b.recorded"
        )
        assert double[0][0] == 0

    def _each_community_is_the_union_of_its_grids(self, day: date, grids: Any) -> None:
        outlines = self.governed.outlines_on(day, "community")
        assert set(outlines) == set(grids["community"]), day
        for code, outline in outlines.items():
            land = union_of(grids[grids["community"] == code])
            assert shapely.symmetric_difference(outline, land).area < 1e-10, (day, code)


def test_G08_G10_whatever_many_people_do_at_once_the_coverage_holds_and_every_day_reads_as_it_was(
    governed: Governed,
) -> None:
    with governed.database.owner_session() as owner:
        for table in ("grid", "area", "area_version"):
            owner.execute(text(f"CREATE TABLE first_{table} AS SELECT * FROM {table}"))

    class Here(Together):
        pass

    Here.governed = governed
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=4, stateful_step_count=4, deadline=None, suppress_health_check=list(HealthCheck), database=None
        ),
    )
    assert Here.written >= 3  # people did get their changes through
