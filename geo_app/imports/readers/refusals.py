"""What every reader says of a file that it cannot use, whatever the format."""

from __future__ import annotations

import json
from pathlib import Path

from geo_app.imports.problems import N_, FileRejected


def empty(path: Path) -> FileRejected:
    """A file without a byte of content."""
    return FileRejected.whole(path.name, "empty", N_("The file is empty."), N_("Export it again from where it came."))


def other_format(path: Path, format_name: str) -> FileRejected:
    """A file that is something else than its name says."""
    return FileRejected.whole(
        path.name,
        "wrong_format",
        N_("This is no file of the format %(format)s."),
        N_("Name the file by what it is, or export it again."),
        format=format_name,
    )


def damaged(path: Path, error: object) -> FileRejected:
    """A file that begins as it should and cannot be read to its end."""
    return FileRejected.whole(
        path.name,
        "unreadable",
        N_("The file is damaged: %(error)s"),
        N_("Export it again from where it came."),
        error=str(error).replace(str(path.resolve()), path.name).replace(str(path), path.name)[:300],
    )


def trap(path: Path, reason: str, **params: object) -> FileRejected:
    """A file that would do harm. ``reason`` is a message id for ``params``."""
    return FileRejected.whole(
        path.name, "trap", reason, N_("Ask who made it; export the data again, and nothing else."), **params
    )


def several(path: Path, names: list[str], kind: str) -> FileRejected:
    """A file with several layers, sheets or files of which none is named like what is wanted."""
    return FileRejected.whole(
        path.name,
        "layers",
        N_("It holds %(count)s things that could be read: %(names)s. One is needed."),
        N_("Say which one is meant, or name it %(kind)s."),
        count=len(names),
        names=", ".join(names[:20]) or "–",
        kind=kind,
        each=json.dumps(names[:100], ensure_ascii=False),  # for a page to choose from
    )


def unknown_system(path: Path) -> FileRejected:
    """A file that names its coordinate system in a way that nobody understands."""
    return FileRejected.whole(
        path.name,
        "crs_unreadable",
        N_("What it names as its coordinate system is none."),
        N_("Give the system by its code, EPSG:nnnn."),
    )
