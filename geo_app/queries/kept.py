"""What takes long to make, kept in the process until the data or the asker's scope is another one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Kept(Generic[Made]):
    """The things used last, by key. A key holds everything that the thing depends on, the scope above all.

    They are shared between threads: whoever takes one must not change it.
    """

    def __init__(self, size: int = 32) -> None:
        self._size = size
        self._made: OrderedDict[Hashable, Made] = OrderedDict()
        self._making: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What belongs to ``key``, made when it is not here; who asks meanwhile waits for the one that makes it."""
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
            turn = self._making.setdefault(key, Lock())
        with turn:
            with self._lock:
                if key in self._made:
                    return self._made[key]
            try:
                made = make()
                with self._lock:
                    self._made[key] = made
                    while len(self._made) > self._size:
                        self._made.popitem(last=False)
                return made
            finally:
                with self._lock:
                    self._making.pop(key, None)
