"""Files that users send: kept in a folder of their own until they are imported, for their sender alone."""

from __future__ import annotations

import secrets
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from geo_app.config import Settings
from geo_app.errors import N_, AppError, BadInput, NotFound
from geo_app.imports.reading import LARGEST, READERS
from geo_app.security.actor import Actor

KEPT = timedelta(days=1)
BESIDE = frozenset({".dbf", ".shx", ".prj", ".cpg"})  # what belongs to a shapefile
ENDINGS = tuple(ending for ending in READERS if ending != ".waiting")  # that one only this program writes
MOST_FILES = 10
LONGEST_NAME = 120  # bytes: file systems take 255, and we add to it
BLOCK = 2**20


class TooLarge(AppError):
    """More bytes came than a file may have."""

    code = "too_large"
    status = 413
    title = N_("This is too large")
    message = N_("The file is larger than 4 GB.")
    remedy = N_("Split it, or import it at the server with geo-app import.")


def begin(settings: Settings, actor: Actor) -> str:
    """A new, empty upload of ``actor``; its name."""
    name = secrets.token_urlsafe(16)
    _folder(settings, actor, name).mkdir(mode=0o700, parents=True)
    return name


def receive(settings: Settings, actor: Actor, upload: str, file_name: str, stream: BinaryIO) -> Path:
    """Writes what comes to the upload; where it lies. Raises NotFound, BadInput for a name or kind of file that is not
    taken, TooLarge."""
    folder = _existing(settings, actor, upload)
    name = safe_name(file_name)
    if Path(name).suffix.casefold() not in BESIDE.union(ENDINGS):
        raise BadInput(
            N_("Files named %(ending)s are not read."),
            N_("Choose a file with one of these endings: %(endings)s."),
            ending=Path(name).suffix or "–",
            endings=", ".join(ENDINGS),
        )
    if len(list(folder.iterdir())) >= MOST_FILES:
        raise BadInput(N_("These are too many files for one upload."), N_("Send each file by itself, or as a zip."))
    path = folder / name
    try:
        _write(path, stream)
    except BaseException:  # also a sender who broke off: half a file is none
        path.unlink()
        raise
    return path


def _write(path: Path, stream: BinaryIO) -> None:
    left = LARGEST
    with path.open("wb") as file:
        while block := stream.read(BLOCK):
            left -= len(block)
            if left < 0:
                raise TooLarge()
            file.write(block)


def file_of(settings: Settings, actor: Actor, upload: str) -> Path:
    """The file of an upload that is to be read: of a shapefile its .shp. Raises NotFound."""
    files = sorted(path for path in _existing(settings, actor, upload).iterdir() if path.is_file())
    shapes = [path for path in files if path.suffix.casefold() == ".shp"]
    alone = [path for path in files if path.suffix.casefold() not in BESIDE]
    if not (shapes or alone):
        raise NotFound()
    return (shapes or alone)[0]


def remove(settings: Settings, actor: Actor, upload: str) -> None:
    """Removes an upload; one that is gone is gone."""
    shutil.rmtree(_folder(settings, actor, upload), ignore_errors=True)


def remove_old(settings: Settings, now: datetime) -> int:
    """Removes uploads that nobody imported within KEPT; returns how many."""
    latest = (now - KEPT).timestamp()
    old = [folder for folder in (settings.state / "uploads").glob("*") if folder.stat().st_mtime < latest]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)


def safe_name(name: str) -> str:
    """A file's name without a path, without what no name should hold, and short; its ending stays."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(letter for letter in last if letter.isprintable() and letter not in '<>:"|?*').strip(". ")
    stem, dot, ending = printable.rpartition(".")
    if not dot:
        stem, ending = printable, ""
    while len(stem.encode()) > LONGEST_NAME:
        stem = stem[:-1]
    return f"{stem or 'file'}{dot}{ending[:12]}"


def _existing(settings: Settings, actor: Actor, upload: str) -> Path:
    folder = _folder(settings, actor, upload)
    if not folder.is_dir():
        raise NotFound()
    return folder


def _folder(settings: Settings, actor: Actor, upload: str) -> Path:
    """Only the sender's id leads to an upload. Raises NotFound for what is no name of one."""
    if not (upload and len(upload) <= 64 and all(letter.isalnum() or letter in "-_" for letter in upload)):
        raise NotFound()
    return (settings.state / "uploads" / f"{actor.user_id}-{upload}").absolute()
