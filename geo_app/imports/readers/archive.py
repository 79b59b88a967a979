"""Zipped shapefiles, unpacked with suspicion into a folder that is gone afterwards."""

from __future__ import annotations

import stat
import tempfile
import zipfile
from pathlib import Path, PurePosixPath, PureWindowsPath

from geo_app.imports.problems import FileRejected
from geo_app.imports.readers import shapefile
from geo_app.imports.rows import Rows

WANTED = {".shp", ".shx", ".dbf", ".prj", ".cpg"}
MOST_MEMBERS = 1_000
MOST_BYTES = 2 * 2**30
HIGHEST_RATIO = 200  # streets and points pack 3 to 20 times smaller
SMALL = 2**20  # a member this small is harmless at any ratio


def read(path: Path, kind: str) -> Rows:
    """The rows of the one shapefile in a zip file."""
    try:
        with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory(prefix="geo-import-") as folder:
            members = _checked(path, archive)
            shapes = [name for name in members if name.suffix.casefold() == ".shp"]
            if len(shapes) != 1:
                raise _refused(path, "layers", f"It holds {len(shapes)} shapefiles; one is needed.")
            shp = shapes[0]
            for name, member in members.items():
                if name.parent == shp.parent and name.stem == shp.stem:
                    # Named by us: what stands in the archive names no file on this machine.
                    _unpack(path, archive, member, Path(folder) / f"{path.stem[:100]}{name.suffix.casefold()}")
            return shapefile.read(Path(folder) / f"{path.stem[:100]}.shp", kind)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        if isinstance(error, FileRejected):
            raise
        raise _refused(path, "unreadable", f"The archive is damaged or encrypted: {error}") from error


def _checked(path: Path, archive: zipfile.ZipFile) -> dict[PurePosixPath, zipfile.ZipInfo]:
    """The members that belong to shapefiles, by name. Raises FileRejected for an archive that is a trap."""
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise _refused(path, "trap", f"It has {len(members):,} members; at most {MOST_MEMBERS:,} are opened.")
    if sum(member.file_size for member in members) > MOST_BYTES:
        raise _refused(path, "trap", "It would unpack to more than 2 GB.")
    end = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        _check_name(path, member)
        if member.header_offset < end:
            raise _refused(path, "trap", "Its members overlap.")
        end = member.header_offset + 30 + len(member.orig_filename.encode()) + member.compress_size
        if member.file_size > SMALL and member.file_size > HIGHEST_RATIO * max(1, member.compress_size):
            raise _refused(path, "trap", f"A member of it unpacks to {member.file_size:,} bytes from almost nothing.")
    found: dict[PurePosixPath, zipfile.ZipInfo] = {}
    for member in members:
        name = PurePosixPath(member.filename)
        if name.suffix.casefold() in WANTED and not name.name.startswith("."):
            if name in found:
                raise _refused(path, "trap", "Two members of it have the same name.")
            found[name] = member
    return found


def _check_name(path: Path, member: zipfile.ZipInfo) -> None:
    name = member.orig_filename
    parts = PurePosixPath(name).parts
    windows = PureWindowsPath(name)
    if name.startswith("/") or ".." in parts or "\\" in name or "\x00" in name or windows.drive or windows.root:
        raise _refused(path, "trap", "A member of it has a path that leads out of the archive.")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise _refused(path, "trap", "A member of it is a link.")


def _unpack(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    """Unpacks no more than the member claims: its size may be a lie."""
    left = member.file_size
    with archive.open(member) as packed, target.open("wb") as file:
        while chunk := packed.read(2**20):
            left -= len(chunk)
            if left < 0:
                raise _refused(path, "trap", "A member of it is larger than it claims.")
            file.write(chunk)


def _refused(path: Path, code: str, reason: str) -> FileRejected:
    return FileRejected.whole(path.name, code, reason, "Zip the files of one shapefile, and nothing else.")
