"""What acts make of the appointments of a grid, against a diary that is kept day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geo_app.errors import NotFound
from geo_app.queries.grid_people import LEADER, Term
from geo_app.services.appointments import InOffice, NoDays, appointed, corrected, ended

FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(-2, 22)]
NAMES = ("陈", "周", "吴", "郑")
offsets = st.none() | st.integers(0, 19)


def day(number: int | None) -> date | None:
    return None if number is None else FIRST + timedelta(days=number)


@st.composite
def new_leaders(draw: st.DrawFn) -> Term:
    since, until = draw(offsets), draw(offsets)
    assume(since is None or until is None or since < until)
    return Term(1, LEADER, draw(st.sampled_from(NAMES)), draw(st.none() | st.just("0555")), day(since), day(until))


def numbered(terms: list[Term]) -> list[Term]:
    """As they are stored: each with an id."""
    used = {term.id for term in terms} - {None}
    assert len(used) == sum(term.id is not None for term in terms), "an id stands for two terms"
    free = (n for n in range(1, 999) if n not in used)
    return [term if term.id is not None else Term(**{**vars(term), "id": next(free)}) for term in terms]


def diary(terms: list[Term]) -> list[str | None]:
    """Who leads on each day. Fails where two do."""
    found: list[str | None] = []
    for one in DAYS:
        leaders = [term.name for term in terms if term.role == LEADER and term.holds(one)]
        assert len(leaders) <= 1, (one, leaders)
        found.append(leaders[0] if leaders else None)
    return found


@given(st.lists(new_leaders(), max_size=8))
def test_a_grid_has_one_leader_a_day_and_whoever_is_appointed_has_his_days(acts: list[Term]) -> None:
    terms: list[Term] = []
    for new in acts:
        before = diary(terms)
        later = sorted(term.since for term in terms if term.since and (new.since is None or term.since > new.since))
        stays = new.until or (later[0] if later else None)
        mine = [(new.since is None or new.since <= one) and (stays is None or one < stays) for one in DAYS]
        try:
            after = appointed(terms, new)
        except InOffice:
            assert any(term.name == new.name for term in terms)
            continue
        terms = numbered(after)
        assert diary(terms) == [new.name if is_his else old for is_his, old in zip(mine, before, strict=True)]


@given(st.lists(new_leaders(), min_size=1, max_size=5), st.integers(0, 19))
def test_an_end_takes_the_days_from_then_on_and_no_others(acts: list[Term], number: int) -> None:
    terms: list[Term] = []
    for new in acts:
        try:
            terms = numbered(appointed(terms, new))
        except InOffice:
            continue
    one, on = terms[number % len(terms)], day(number)
    before = diary(terms)
    try:
        after = ended(terms, one.id or 0, on)
    except NoDays:
        assert one.until is not None and one.until < on
        return
    gone = [one.holds(at) and at >= on for at in DAYS]
    assert diary(after) == [None if is_gone else old for is_gone, old in zip(gone, before, strict=True)]


def test_workers_stand_beside_each_other_and_nobody_twice() -> None:
    first = Term(1, "full_time", "李", None, day(0), None, 1)
    both = appointed([first], Term(1, "full_time", "王", "1", day(3)))
    assert [term.name for term in both] == ["李", "王"] and both[0] == first
    assert len(appointed(both, Term(1, "part_time", "李", None, day(3)))) == 3  # another office
    with pytest.raises(InOffice):
        appointed([first], Term(1, "full_time", "李", None, day(9)))
    again = appointed([Term(1, "full_time", "李", None, day(0), day(5), 1)], Term(1, "full_time", "李", None, day(5)))
    assert len(again) == 2


def test_somebody_who_stands_in_is_followed_by_whom_he_stood_in_for() -> None:
    held = [Term(1, LEADER, "陈", "1", None, None, 7)]
    terms = appointed(held, Term(1, LEADER, "周", "2", day(3), day(5)))
    assert terms == [
        Term(1, LEADER, "陈", "1", None, day(3), 7),
        Term(1, LEADER, "陈", "1", day(5), None),
        Term(1, LEADER, "周", "2", day(3), day(5)),
    ]


def test_a_correction_keeps_the_appointment_and_gives_way_like_a_new_one() -> None:
    terms = [Term(1, LEADER, "陈", "1", None, day(5), 1), Term(1, LEADER, "周", "2", day(5), None, 2)]
    assert corrected(terms, 2, telephone="3")[-1] == Term(1, LEADER, "周", "3", day(5), None, 2)
    earlier = corrected(terms, 2, since=day(3))
    assert earlier == [Term(1, LEADER, "陈", "1", None, day(3), 1), Term(1, LEADER, "周", "2", day(3), None, 2)]
    with pytest.raises(NoDays):
        corrected(terms, 2, until=day(5))
    with pytest.raises(NotFound):
        corrected(terms, 3, name="吴")
    with pytest.raises(NotFound):
        ended(terms, 3, FIRST)


def test_whoever_ends_on_the_day_of_his_appointment_never_was_in_office() -> None:
    assert ended([Term(1, LEADER, "陈", None, day(5), None, 1)], 1, day(5)) == []
