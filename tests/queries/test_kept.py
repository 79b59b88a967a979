"""What is kept is made once, however many ask for it at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep

import pytest

from geo_app.queries.kept import Kept


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
