"""GDAL with one driver switched on and all others off.

GDAL guesses a file's driver by its content: a shapefile or a .gpkg that holds the text of a virtual layer would make it
read other files of this machine or open connections. So while we read, the driver we mean is the only one there is.
"""

from __future__ import annotations

import ctypes
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pyogrio._ogr

_one_at_a_time = threading.Lock()


def _library() -> ctypes.CDLL:
    # The symbols are found through pyogrio's own module, which is linked with the very GDAL that it uses.
    library = ctypes.CDLL(pyogrio._ogr.__file__)
    library.GDALGetDriver.restype = ctypes.c_void_p
    library.GDALGetDriver.argtypes = [ctypes.c_int]
    library.GDALGetDescription.restype = ctypes.c_char_p
    for name in ("GDALGetDescription", "GDALRegisterDriver", "GDALDeregisterDriver"):
        getattr(library, name).argtypes = [ctypes.c_void_p]
    return library


@contextmanager
def only(driver: str) -> Iterator[list[str]]:
    """Takes every GDAL driver but ``driver`` away, for this process, and gives them back at the end.

    Yields a list that then holds what GDAL warned of.
    """
    said: list[str] = []
    library = _library()
    with _one_at_a_time:
        handles = [library.GDALGetDriver(number) for number in range(library.GDALGetDriverCount())]
        others = [handle for handle in handles if library.GDALGetDescription(handle).decode() != driver]
        for handle in others:
            library.GDALDeregisterDriver(handle)
        try:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                yield said
            said += sorted({str(warning.message)[:300] for warning in caught})
        finally:
            for handle in others:
                library.GDALRegisterDriver(handle)
