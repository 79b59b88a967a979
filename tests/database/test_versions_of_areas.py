"""Areas as versions, kept by the database: whatever writes an area leaves what it said before."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.made_grids import COMMUNITIES, Governed

FIRST = COMMUNITIES[0]
DAY = date(2026, 6, 1)


def on(session: Session, governed: Governed, day: date, known_at: datetime | None = None) -> Any:
    """Name and whether it is retired of the first community on a day; None where there is none."""
    return session.execute(
        text(
            "SELECT name, retired FROM geo_areas_on(:county, CAST(:day AS date), CAST(:known_at AS timestamptz))"
            " WHERE code = :code"
        ),
        {"county": governed.county().id, "day": day, "known_at": known_at, "code": FIRST},
    ).one_or_none()


def write(governed: Governed, said: str, **values: Any) -> None:
    with governed.database.owner_session() as owner:
        owner.execute(text(f"UPDATE area SET {said} WHERE code = :code"), {"code": FIRST, **values})


def test_what_holds_from_a_day_on_leaves_the_days_before_it(governed: Governed) -> None:
    write(governed, "name = '翠竹社区', valid = daterange(:day, NULL)", day=DAY)
    with governed.database.owner_session() as owner:
        assert on(owner, governed, date(2026, 5, 31)) == ("演示村1", False)
        assert on(owner, governed, DAY) == ("翠竹社区", False)


def test_a_correction_without_days_holds_for_all_and_is_known_from_now_on(governed: Governed) -> None:
    before = datetime.now(UTC)
    write(governed, "name = '更正村'")
    with governed.database.owner_session() as owner:
        assert on(owner, governed, date(2020, 1, 1)) == on(owner, governed, DAY) == ("更正村", False)
        assert on(owner, governed, DAY, before) == ("演示村1", False)


def test_a_correction_of_what_begins_on_a_day_leaves_the_days_before_it(governed: Governed) -> None:
    write(governed, "name = '翠竹社区', valid = daterange(:day, NULL)", day=DAY)
    write(governed, "name = '翠竹一社区'")
    with governed.database.owner_session() as owner:
        assert on(owner, governed, date(2026, 5, 31)) == ("演示村1", False)
        assert on(owner, governed, DAY) == ("翠竹一社区", False)


def test_an_area_whose_days_end_is_there_no_longer(governed: Governed) -> None:
    write(governed, "valid = daterange(NULL, :day)", day=DAY)
    with governed.database.owner_session() as owner:
        assert on(owner, governed, date(2026, 5, 31)) == ("演示村1", False)
        assert on(owner, governed, DAY) is None


def test_an_area_without_days_was_never_there(governed: Governed) -> None:
    before = datetime.now(UTC)
    write(governed, "valid = 'empty'")
    with governed.database.owner_session() as owner:
        assert on(owner, governed, DAY) is None and on(owner, governed, date(2020, 1, 1)) is None
        assert on(owner, governed, DAY, before) == ("演示村1", False)


def test_what_changes_nothing_makes_no_version(governed: Governed) -> None:
    count = text("SELECT count(*) FROM area_version")
    with governed.database.owner_session() as owner:
        before = owner.scalar(count)
    write(governed, "name = name, recorded = tstzrange(now(), NULL), source = 'again'")
    with governed.database.owner_session() as owner:
        assert owner.scalar(count) == before


def test_versions_are_seen_by_whoever_sees_their_area_and_written_by_nobody(governed: Governed) -> None:
    with governed.database.session(governed.actor("of_community").scope, read_only=True) as session:
        codes = session.scalars(text("SELECT a.code FROM area_version v JOIN area a ON a.id = v.area_id")).all()
        assert codes == [FIRST]
        granted = session.execute(
            text("SELECT privilege_type FROM information_schema.role_table_grants WHERE table_name = 'area_version'")
        )
        assert {row[0] for row in granted} == {"SELECT"}


def test_who_began_first_and_writes_last_is_known_last(governed: Governed) -> None:
    said = text("UPDATE area SET name = :name WHERE code = :code")
    with governed.database.owner_session() as owner:
        owner.execute(text("SELECT now()"))  # its time begins before that of the other
        write(governed, "name = '先写'")
        owner.execute(said, {"name": "后写", "code": FIRST})
    with governed.database.owner_session() as owner:
        assert on(owner, governed, DAY) == ("后写", False)
        assert on(owner, governed, date(2020, 1, 1)) == ("后写", False)
