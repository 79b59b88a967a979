"""Frames that take long to compute, kept in the process until the data or the asker's scope is another one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from geopandas import GeoDataFrame


class FrameCache:
    """The frames used last, by key. A key holds everything that the frame depends on, the scope above all.

    Frames are shared between threads: whoever takes one must not change it.
    """

    def __init__(self, size: int = 32) -> None:
        self._size = size
        self._frames: OrderedDict[Hashable, GeoDataFrame] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, compute: Callable[[], GeoDataFrame]) -> GeoDataFrame:
        """The frame of ``key``, computed when it is not here. Two threads may compute the same one: it is equal."""
        with self._lock:
            if key in self._frames:
                self._frames.move_to_end(key)
                return self._frames[key]
        frame = compute()
        with self._lock:
            self._frames[key] = frame
            while len(self._frames) > self._size:
                self._frames.popitem(last=False)
        return frame
