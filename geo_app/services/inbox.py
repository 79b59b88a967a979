"""The watched folder (摆渡目录): what a gateway drops there is imported as the last file of its source was.

A file lies in COUNTY/KIND/SOURCE/, for example 340523/incidents/110/2026-11-24.csv. Beside it a receipt tells what
became of it; the file itself stays, for whoever dropped it to take away.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from geo_app.failure import Failure
from geo_app.imports.kinds import KINDS
from geo_app.imports.problems import N_, FileRejected
from geo_app.imports.reading import READERS
from geo_app.queries import batches, visible
from geo_app.queries.scopes import of_whole
from geo_app.security.actor import Actor
from geo_app.services.imports import import_file

RECEIPT = ".receipt.json"
SETTLED_S = 10.0  # a file that changed later than this may still be growing
MENDED_ELSEWHERE = frozenset({"county", "unknown_source"})  # of what the file itself cannot be blamed for
SHAPEFILE = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_log = logging.getLogger(__name__)
GATEWAY = Actor(login="gateway", name="gateway")


def take_all(database: Database, inbox: Path) -> list[dict[str, Any]]:
    """Imports every file that has no receipt yet and has come to rest; the receipts that were written."""
    written = []
    for path in sorted(inbox.glob("*/*/*/*")):
        try:
            receipt = _taken_in_turn(database, inbox, path)
        except OSError as error:  # it went away meanwhile, or lies where nobody may write
            _log.warning("The watched folder: %s: %s", path.relative_to(inbox), error.strerror)
            continue
        if receipt is not None:
            written.append(receipt)
    return written


def _taken_in_turn(database: Database, inbox: Path, path: Path) -> dict[str, Any] | None:
    """What became of a file; None when it is not, not yet or not again to be taken."""
    # A link could lead anywhere on this machine; what lies here lies here.
    if path.resolve() != inbox.resolve() / path.relative_to(inbox) or not path.is_file():
        return None
    if path.name.endswith(RECEIPT) or path.suffix.casefold() not in READERS:
        return None
    parts = _parts(path)
    if time.time() - max(part.stat().st_mtime for part in parts) < SETTLED_S:
        return None
    county, kind, source = path.relative_to(inbox).parts[:3]
    receipt = {"file": path.name, "sha256": _digest(parts), "taken_at": datetime.now(UTC).isoformat()}
    last = _last_receipt(path)
    if last.get("sha256") == receipt["sha256"] and last.get("code") not in MENDED_ELSEWHERE:
        return None
    try:
        _check_whole(path, parts)
        receipt |= _taken(database, county, kind, source, path)
    except FileRejected as rejected:
        receipt |= _rejected(rejected.problems[0].code, map(str, rejected.problems), rejected.remedy)
    except Failure as failure:
        receipt |= _rejected("failure", [failure.message], failure.remedy)
    if last | {"taken_at": receipt["taken_at"]} == receipt:
        return None
    _write(path, receipt)
    return receipt


def _check_whole(path: Path, parts: list[Path]) -> None:
    """Raises FileRejected for shapes whose table has not come: by hand one sees that they say nothing, here nobody does."""
    if path.suffix.casefold() == ".shp" and all(part.suffix.casefold() != ".dbf" for part in parts):
        raise _refused(path, "no_table", N_("%(name)s.dbf is missing: the rows have a shape and nothing else."),
                       N_("Put it beside the .shp: then the file is taken."), name=path.stem)  # fmt: skip


def _rejected(code: str, reasons: Iterable[str], remedy: str) -> dict[str, Any]:
    return {"outcome": "rejected", "code": code, "reasons": list(reasons), "remedy": remedy}


def _parts(path: Path) -> list[Path]:
    """The files that a file is made of: of a shapefile all that bear its name."""
    if path.suffix.casefold() != ".shp":
        return [path]
    beside = (one for one in path.parent.iterdir() if one.stem == path.stem and one.suffix.casefold() in SHAPEFILE)
    return sorted(one for one in beside if one.is_file() and not one.is_symlink())


def _last_receipt(path: Path) -> dict[str, Any]:
    try:
        receipt = json.loads(_receipt_of(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return receipt if isinstance(receipt, dict) else {}


def _taken(database: Database, county: str, kind: str, source: str, path: Path) -> dict[str, Any]:
    if kind not in KINDS:
        raise _refused(path, "kind", N_("%(kind)s is no kind of data."), N_("Name the folder by one of %(kinds)s."),
                       kind=kind, kinds=", ".join(KINDS))  # fmt: skip
    with database.session(Scope.none(), read_only=True) as session:  # the server has no rights of the owner
        scope = of_whole(session, county)
    if scope is None:
        raise _refused(path, "county", N_("There is no county %(county)s."),
                       N_("Name the folder by a county's code."), county=county)  # fmt: skip
    with database.session(scope, read_only=True) as session:
        found = visible.county(session, county)
        last = batches.last_of_source(session, found.id, kind, source) if found is not None else None
    if last is None:
        raise _refused(
            path, "unknown_source", N_("No file of the source %(source)s has been imported yet."),
            N_("Import one by hand first: the next ones are read as that was."), source=source,
        )  # fmt: skip
    report = import_file(database, scope, county, kind, path, source=source, actor=GATEWAY)
    return {"outcome": "taken", **report.as_json()}


def _refused(path: Path, code: str, reason: str, remedy: str, **params: object) -> FileRejected:
    return FileRejected.whole(path.name, code, reason, remedy, **params)


def _write(path: Path, receipt: dict[str, Any]) -> None:
    unfinished = path.with_name(f".{path.name}{RECEIPT}")
    unfinished.write_text(json.dumps(receipt, ensure_ascii=False, indent=2), encoding="utf-8")
    unfinished.replace(_receipt_of(path))


def _receipt_of(path: Path) -> Path:
    return path.with_name(f"{path.name}{RECEIPT}")


def _digest(parts: list[Path]) -> str:
    """A hash of all that a file is made of; empty when some of it cannot be read, which the reader says."""
    digests = []
    try:
        for part in parts:
            with part.open("rb") as file:
                digests.append(hashlib.file_digest(file, "sha256").hexdigest())
    except OSError:
        return ""
    return digests[0] if len(digests) == 1 else hashlib.sha256(" ".join(digests).encode()).hexdigest()
