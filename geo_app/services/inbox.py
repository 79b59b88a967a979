"""The watched folder (摆渡目录): what a gateway drops there is imported as the last file of its source was.

A file lies in COUNTY/KIND/SOURCE/, for example 340523/incidents/110/2026-11-24.csv. Beside it a receipt tells what
became of it; the file itself stays, for whoever dropped it to take away.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from geo_app.database.engine import Database
from geo_app.failure import Failure
from geo_app.imports.kinds import KINDS
from geo_app.imports.problems import N_, FileRejected
from geo_app.imports.reading import READERS
from geo_app.queries import batches, visible
from geo_app.queries.scopes import of_county
from geo_app.security.actor import Actor
from geo_app.services.imports import import_file

RECEIPT = ".receipt.json"
SETTLED_S = 10.0  # a file that changed later than this may still be growing
GATEWAY = Actor(login="gateway", name="gateway")


def take_all(database: Database, inbox: Path) -> list[dict[str, Any]]:
    """Imports every file that has no receipt yet and has come to rest; the receipts that were written."""
    written = []
    for path in _waiting(inbox):
        county, kind, source = path.relative_to(inbox).parts[:3]
        receipt = {"file": path.name, "sha256": _digest(path), "taken_at": datetime.now(UTC).isoformat()}
        receipt |= _taken(database, county, kind, source, path)
        _write(path, receipt)
        written.append(receipt)
    return written


def _waiting(inbox: Path) -> Iterator[Path]:
    for path in sorted(inbox.glob("*/*/*/*")):
        # A link could lead anywhere on this machine; what lies here lies here.
        if path.resolve() != inbox.resolve() / path.relative_to(inbox) or not path.is_file():
            continue
        if path.name.endswith(RECEIPT) or path.suffix.casefold() not in READERS:
            continue
        if time.time() - path.stat().st_mtime >= SETTLED_S and not _has_receipt(path):
            yield path


def _has_receipt(path: Path) -> bool:
    """Whether this very content was taken before."""
    try:
        receipt = json.loads(_receipt_of(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(receipt.get("sha256") == _digest(path))


def _taken(database: Database, county: str, kind: str, source: str, path: Path) -> dict[str, Any]:
    try:
        if kind not in KINDS:
            raise _refused(path, "kind", N_("%(kind)s is no kind of data."), N_("Name the folder by one of %(kinds)s."),
                           kind=kind, kinds=", ".join(KINDS))  # fmt: skip
        with database.owner_session() as owner:
            scope = of_county(owner, county)
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
    except FileRejected as rejected:
        return {"outcome": "rejected", "reasons": [str(one) for one in rejected.problems], "remedy": rejected.remedy}
    except Failure as failure:
        return {"outcome": "rejected", "reasons": [failure.message], "remedy": failure.remedy}
    return {"outcome": "taken", **report.as_json()}


def _refused(path: Path, code: str, reason: str, remedy: str, **params: object) -> FileRejected:
    return FileRejected.whole(path.name, code, reason, remedy, **params)


def _write(path: Path, receipt: dict[str, Any]) -> None:
    unfinished = path.with_name(f".{path.name}{RECEIPT}")
    unfinished.write_text(json.dumps(receipt, ensure_ascii=False, indent=2), encoding="utf-8")
    unfinished.replace(_receipt_of(path))


def _receipt_of(path: Path) -> Path:
    return path.with_name(f"{path.name}{RECEIPT}")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
