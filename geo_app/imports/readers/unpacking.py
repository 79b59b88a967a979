"""What a zip file may look like before anything of it is unpacked, and how much may come out of it."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Protocol

from geo_app.imports.problems import N_, FileRejected
from geo_app.imports.readers.refusals import damaged, empty, trap

MOST_MEMBERS = 1_000
MOST_BYTES = 2 * 2**30
HIGHEST_RATIO = 200  # streets, points and tables pack 3 to 30 times smaller
UTF8_NAME = 0x800  # a flag of a member
SMALL = 2**20  # what is this small is harmless at any ratio


class Readable(Protocol):
    """What bytes come out of."""

    def read(self, size: int, /) -> bytes: ...


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """A zip file whose members keep the rules. Raises FileRejected, also for what goes wrong while it is read."""
    if not path.stat().st_size:
        raise empty(path)
    try:
        archive, encoding = _archive(path)
        with archive:
            _check(path, archive, encoding)
            yield archive
    except FileRejected:
        raise
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise damaged(path, error) from error


def _archive(path: Path) -> tuple[zipfile.ZipFile, str]:
    """A zip file, and what its names are in that do not say UTF-8: GBK, as Chinese Windows writes them, where they can."""
    try:
        return zipfile.ZipFile(path, metadata_encoding="gb18030"), "gb18030"
    except UnicodeDecodeError:
        return zipfile.ZipFile(path), "cp437"


def unpack(path: Path, packed: Readable, target: Path, most: int) -> None:
    """Writes what comes out of ``packed`` to ``target``, and no more than ``most`` bytes: sizes may be a lie."""
    with target.open("wb") as file:
        while chunk := packed.read(2**20):
            most -= len(chunk)
            if most < 0:
                raise trap(path, N_("What is packed in it is larger than it claims."))
            file.write(chunk)


def _check(path: Path, archive: zipfile.ZipFile, encoding: str) -> None:
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise trap(
            path,
            N_("It has %(members)s members; at most %(most)s are opened."),
            members=f"{len(members):,}",
            most=f"{MOST_MEMBERS:,}",
        )
    if sum(member.file_size for member in members) > MOST_BYTES:
        raise trap(path, N_("It would unpack to more than 2 GB."))
    if len({member.filename for member in members}) < len(members):
        raise trap(path, N_("Two members of it have the same name."))
    end = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        _check_name(path, member)
        if member.header_offset < end:
            raise trap(path, N_("Its members overlap."))
        name = member.orig_filename.encode("utf-8" if member.flag_bits & UTF8_NAME else encoding)
        end = member.header_offset + 30 + len(name) + member.compress_size
        if member.file_size > SMALL and member.file_size > HIGHEST_RATIO * max(1, member.compress_size):
            raise trap(
                path,
                N_("A member of it unpacks to %(size)s bytes from almost nothing."),
                size=f"{member.file_size:,}",
            )


def _check_name(path: Path, member: zipfile.ZipInfo) -> None:
    name = member.orig_filename
    windows = PureWindowsPath(name)
    leads_out = name.startswith("/") or ".." in PurePosixPath(name).parts or "\\" in name
    if leads_out or "\x00" in name or windows.drive or windows.root:
        raise trap(path, N_("A member of it has a path that leads out of the archive."))
    if stat.S_ISLNK(member.external_attr >> 16):
        raise trap(path, N_("A member of it is a link."))
