"""GDAL with one driver switched on and all others off.

GDAL guesses a file's driver by its content: a shapefile or a .gpkg that holds the text of a virtual layer would make it
read other files of this machine or open connections. So while we read, the driver we mean is the only one there is.
"""

from __future__ import annotations

import ctypes
import threading
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyogrio
import pyogrio._ogr
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo_app.imports.readers.refusals import damaged, unknown_system
from geo_app.imports.rows import PORTION
from geo_app.imports.said import N_, Said

DAMAGED = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.FieldError,
    pyogrio.errors.GeometryError,
    pyogrio.errors.CRSError,
    pa.ArrowException,
    OSError,  # as Arrow passes on what GDAL stumbles over between two batches
    UnicodeDecodeError,
    IndexError,  # what pyogrio says of a file without any layer
)

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


def batches(
    path: Path, driver: str, layer: str | None = None, encoding: str | None = None
) -> Iterator[tuple[dict[str, Any], pa.RecordBatch, list[Said]]]:
    """The features of a layer, at most PORTION at a time: what GDAL says of the layer, an Arrow batch, new warnings.

    The batch has the feature's id first, then its attributes, then its geometry as WKB, with arcs as arcs. Between two
    batches the other drivers are there for others. Raises FileRejected for a damaged file.
    """
    with ExitStack() as opened:
        told: set[str] = set()
        reader = None
        while True:
            try:
                with only(driver) as said:
                    if reader is None:
                        meta, reader = opened.enter_context(
                            pyogrio.raw.open_arrow(
                                str(path.absolute()),
                                layer=layer,
                                encoding=encoding,
                                return_fids=True,
                                datetime_as_string=True,
                                batch_size=PORTION,
                                use_pyarrow=True,
                            )
                        )
                    batch = next(reader, None)
            except MemoryError:
                raise
            except DAMAGED as error:
                raise damaged(path, error) from error
            if batch is None:
                return
            new = [warning for warning in said if warning not in told]
            told.update(new)
            yield (
                meta,
                batch,
                [Said(N_("The library that reads it says: %(words)s"), {"words": words}) for words in new],
            )


def system_of(path: Path, text: str | None) -> CRS | None:
    """The coordinate system that a layer names; None where it names none. Raises FileRejected for a name of nothing."""
    if not text or "undefined" in text.casefold():
        return None
    try:
        return CRS.from_user_input(text)
    except CRSError as error:
        raise unknown_system(path) from error
