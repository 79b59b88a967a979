"""What could keep the program from working on this machine, and what to do about each."""

from __future__ import annotations

import platform
import shutil
import subprocess
import warnings
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Literal

from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from geo_app.config import Settings
from geo_app.database.engine import Database
from geo_app.database.migrate import alembic_config
from geo_app.database.prepare import EXTENSIONS
from geo_app.typesetter import NoTypesetter, cuts_fonts, typesetter

ROOM = 2 * 2**30
MENDED_MINOR = {15: 20}  # row security has holes below this minor release
Level = Literal["ok", "warning", "error"]


@dataclass(frozen=True)
class Finding:
    """What one check found; ``remedy`` says what to do unless all is well."""

    check: str
    level: Level
    found: str
    remedy: str = ""


def examine(settings: Settings, database: Database, front_end: Path) -> Iterator[Finding]:
    """Every finding, in the order of what depends on what; ``front_end`` is the folder of third-party scripts."""
    yield _python()
    yield _room(settings.state)
    yield _key(settings)
    yield _cookies(settings)
    yield _front_end(front_end)
    yield _fonts()
    yield _papers()
    try:
        with database.owner_session() as session:
            for check in DATABASE_CHECKS:
                yield check(session)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        yield Finding("database", "error", reason, "Run geo-app migrate; check DATABASE_URL.")


def _python() -> Finding:
    return Finding("python", "ok", f"Python {platform.python_version()}")  # an older one does not come this far


def _room(folder: Path) -> Finding:
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(there).free
    found = f"{free / 2**30:.1f} GiB free for {folder}"
    if free < ROOM:
        return Finding("disk", "warning", found, "Make room: PostgreSQL stops when its disk is full.")
    return Finding("disk", "ok", found)


def _key(settings: Settings) -> Finding:
    if len(settings.secret_key) < 32:
        return Finding(
            "key", "error", "the secret key is missing or short", "Set GEO_SECRET_KEY to 32 random characters."
        )
    path = settings.state / "secret_key"
    if path.exists() and path.stat().st_mode & 0o077:
        return Finding("key", "error", f"others may read {path}", f"Run: chmod 600 {path}")
    return Finding("key", "ok", "present")


def _cookies(settings: Settings) -> Finding:
    if settings.plain_http:
        return Finding("cookies", "warning", "sent over plain HTTP", "Put HTTPS in front and unset GEO_PLAIN_HTTP.")
    return Finding("cookies", "ok", "only over HTTPS and on this machine")


def _front_end(folder: Path) -> Finding:
    if not (folder / "leaflet" / "leaflet.js").is_file():
        return Finding("front end", "error", f"no scripts in {folder}", "Run ./run demo once with a network.")
    return Finding("front end", "ok", "scripts are in place")


def _fonts() -> Finding:
    remedy = "Install fonts-wqy-microhei; maps printed by this machine would show empty boxes."
    if shutil.which("fc-list") is None:
        return Finding("fonts", "warning", "fontconfig is not installed", remedy)
    families = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False).stdout
    if not families.strip():
        return Finding("fonts", "warning", "no Chinese font", remedy)
    return Finding("fonts", "ok", families.strip().splitlines()[0])


def _papers() -> Finding:
    try:
        # WeasyPrint prints a page of advice of its own, which is none for this machine and no JSON.
        with redirect_stdout(StringIO()), warnings.catch_warnings(action="ignore"):
            version = typesetter().__version__
            whole = cuts_fonts()
    except NoTypesetter as missing:
        found = "no PDF files: libraries that set type are missing"
        return Finding("papers", "warning", found, missing.remedy)
    if not whole:
        found = "libharfbuzz-subset is missing: PDF files take long"
        return Finding("papers", "warning", found, "Install libharfbuzz-subset0, or start with ./run.")
    return Finding("papers", "ok", f"WeasyPrint {version}")


def _postgresql(session: Session) -> Finding:
    number = int(session.execute(text("SHOW server_version_num")).scalar_one())
    major, minor = number // 10_000, number % 10_000
    found = f"PostgreSQL {major}.{minor}"
    if major < 15:
        return Finding("postgresql", "error", found, "Use PostgreSQL 15 or newer.")
    if minor < MENDED_MINOR.get(major, 0):
        remedy = f"Update to {major}.{MENDED_MINOR[major]}: it mends holes in row security."
        return Finding("postgresql", "warning", found, remedy)
    return Finding("postgresql", "ok", found)


def _extensions(session: Session) -> Finding:
    present = {
        str(name): str(version)
        for name, version in session.execute(text("SELECT extname, extversion FROM pg_extension"))
    }
    missing = [name for name in EXTENSIONS if name not in present]
    if missing:
        statements = " ".join(f"CREATE EXTENSION {name};" for name in missing)
        return Finding("extensions", "error", f"missing: {', '.join(missing)}", f"Run as a superuser: {statements}")
    return Finding("extensions", "ok", ", ".join(f"{name} {present[name]}" for name in EXTENSIONS))


def _trigrams(session: Session) -> Finding:
    if not session.execute(text("SELECT show_trgm('中')")).scalar_one():
        remedy = "Create the database with the locale C.UTF-8 or zh_CN.UTF-8 and restore into it."
        return Finding("chinese text", "error", "show_trgm('中') is empty: addresses are not found", remedy)
    return Finding("chinese text", "ok", "is searchable")


def _spatial_index(session: Session) -> Finding:
    marked = session.execute(
        text("SELECT proleakproof FROM pg_proc WHERE oid = 'geometry_overlaps(geometry, geometry)'::regprocedure")
    ).scalar_one()
    if not marked:
        remedy = "Run as a superuser: ALTER FUNCTION geometry_overlaps(geometry, geometry) LEAKPROOF;"
        return Finding("spatial index", "warning", "row security hides it: maps are slow", remedy)
    return Finding("spatial index", "ok", "is used under row security")


def _schema(session: Session) -> Finding:
    head = ScriptDirectory.from_config(alembic_config("")).get_current_head()
    there = session.execute(text("SELECT to_regclass('alembic_version') IS NOT NULL")).scalar_one()
    found = session.execute(text("SELECT version_num FROM alembic_version")).scalar() if there else None
    if found != head:
        return Finding("schema", "error", f"revision {found}, newest is {head}", "Run: geo-app migrate")
    return Finding("schema", "ok", f"revision {found}")


def _application_role(session: Session) -> Finding:
    row = session.execute(
        text(
            "SELECT rolsuper OR rolbypassrls, (SELECT count(*) FROM pg_class WHERE relowner = r.oid)"
            " FROM pg_roles r WHERE rolname = 'geo_application'"
        )
    ).one_or_none()
    if row is None:
        return Finding("roles", "error", "the application's role is missing", "Run: geo-app migrate")
    if row[0] or row[1]:
        remedy = (
            "Run as a superuser: ALTER ROLE geo_application NOSUPERUSER NOBYPASSRLS; and give its tables to geo_owner."
        )
        return Finding("roles", "error", "the application's role can pass row security", remedy)
    return Finding("roles", "ok", "the application's role owns nothing")


DATABASE_CHECKS: tuple[Callable[[Session], Finding], ...] = (
    _postgresql,
    _extensions,
    _trigrams,
    _spatial_index,
    _schema,
    _application_role,
)
