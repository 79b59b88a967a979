"""What is kept is made once, however many ask for it at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier
from time import sleep

import pytest
from sqlalchemy import text

from geo_app.queries import grid_heads
from geo_app.queries.kept import Kept
from tests.made_grids import Governed, code_of


def test_threads_that_ask_at_once_get_what_one_of_them_made() -> None:
    cache: Kept[object] = Kept()
    together, made = Barrier(8), []

    def make() -> object:
        sleep(0.02)
        made.append(object())
        return made[-1]

    def ask(_: int) -> object:
        together.wait()
        return cache.get("key", make)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(ask, range(8)))
    assert len(made) == 1 and set(map(id, answers)) == {id(made[0])}


def test_after_a_failure_the_next_one_makes_it() -> None:
    cache: Kept[str] = Kept()
    with pytest.raises(ZeroDivisionError):
        cache.get("key", lambda: str(1 // 0))
    assert cache.get("key", lambda: "made") == "made"


def test_H04_what_a_transaction_read_of_its_own_is_not_kept_when_it_comes_to_nothing(governed: Governed) -> None:
    """The next one that writes raises the version to the same number."""
    code, county = code_of(1, 1), governed.county()

    def renamed(name: str, *, fails: bool) -> None:
        with suppress(ZeroDivisionError), governed.database.session(governed.county_scope()) as session:
            session.execute(text("UPDATE grid SET name = :name WHERE code = :code"), {"name": name, "code": code})
            assert dict(grid_heads.heads(session, county)[["code", "name"]].to_numpy())[code] == name
            if fails:
                raise ZeroDivisionError

    renamed("甲", fails=True)
    renamed("乙", fails=False)
    for _ in range(2):
        with governed.database.session(governed.county_scope(), read_only=True) as session:
            assert dict(grid_heads.heads(session, county)[["code", "name"]].to_numpy())[code] == "乙"
