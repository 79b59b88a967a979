"""A zip file with one file of data in it, unpacked with suspicion into a folder that is gone afterwards."""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from geo_app.imports.readers.refusals import several
from geo_app.imports.readers.unpacking import opened, unpack
from geo_app.imports.rows import Rows

BESIDE = (".shx", ".dbf", ".prj", ".cpg")  # what belongs to a shapefile
PACKED = ("archive", "compressed")  # an archive in an archive stays closed
NOTES = (".txt", ".json")  # read only where there is nothing else: a readme, a description


def read(path: Path, kind: str, layer: str | None = None) -> Iterator[Rows]:
    """The rows of the one file of data in a zip file, or of that which ``layer`` names, or which is named like ``kind``."""
    with tempfile.TemporaryDirectory(prefix="geo-import-") as folder:
        with opened(path) as archive:
            members = {PurePosixPath(member.filename): member for member in archive.infolist() if not member.is_dir()}
            chosen, layer = _chosen(path, list(members), kind, layer)
            # Named by us: what stands in the archive names no file on this machine.
            target = Path(folder) / f"{path.stem[:60]}{chosen.suffix.casefold()}"
            for name, member in members.items():
                if name == chosen or _belongs(name, chosen):
                    with archive.open(member) as packed:
                        unpack(path, packed, target.with_suffix(name.suffix.casefold()), member.file_size)
        yield from read_unpacked(target, kind, layer)


def read_unpacked(path: Path, kind: str, layer: str | None) -> Iterator[Rows]:
    """The rows of a file that was unpacked, by the reader that its ending asks for."""
    yield from importlib.import_module(f"geo_app.imports.readers.{_readers()[path.suffix]}").read(path, kind, layer)


def is_data(name: PurePosixPath) -> bool:
    """Whether a packed file of this name would be read."""
    reader = _readers().get(name.suffix.casefold())
    return reader is not None and reader not in PACKED and not name.name.startswith(".")


def _readers() -> dict[str, str]:
    from geo_app.imports.reading import READERS  # which reads with us

    return READERS


def _belongs(name: PurePosixPath, chosen: PurePosixPath) -> bool:
    beside = chosen.suffix.casefold() == ".shp" and name.suffix.casefold() in BESIDE
    return beside and name.parent == chosen.parent and name.stem == chosen.stem


def _chosen(path: Path, names: list[PurePosixPath], kind: str, layer: str | None) -> tuple[PurePosixPath, str | None]:
    """The member to read, and the layer in it."""
    data = [name for name in names if is_data(name)]
    data = [name for name in data if name.suffix.casefold() not in NOTES] or data
    for wanted, inside in ((layer, None), (kind, layer)):
        named = [name for name in data if wanted in (str(name), name.name, name.stem)]
        if len(named) == 1:
            return named[0], inside
    if len(data) != 1:
        raise several(path, [str(name) for name in data], kind)
    return data[0], layer
