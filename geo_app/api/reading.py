"""What every reading of a county begins with: its row, today there, and a tag that changes when the answer would."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from flask import Response, request
from flask_babel import get_locale
from sqlalchemy.orm import Session

from geo_app.api.filters import Filters
from geo_app.errors import NotFound
from geo_app.extensions import settings
from geo_app.models import County
from geo_app.queries import visible
from geo_app.queries.terms import Terms, today


def county_of(session: Session, code: str) -> County:
    """The county with this code. Raises NotFound when it is absent or outside the actor's scope."""
    county = visible.county(session, code)
    if county is None:
        raise NotFound()
    return county


def terms_now(county: County) -> Terms:
    """Today in the county, with the installation's sight distance."""
    return Terms(today(county, datetime.now(UTC)), settings().sight_m)


def terms_of(session: Session, county: County, filters: Filters) -> Terms:
    """What the filters mean today in the county. Raises NotFound for an area that is absent or not seen."""
    return filters.terms(session, county, settings().sight_m)


def tag(session: Session, county: County, terms: Terms, kinds: Iterable[str], *more: Any) -> str:
    """An ETag of everything that an answer hangs on: data, scope, day, language, and the program itself."""
    parts = (
        county.id,
        visible.versions(session, county.id, kinds),
        visible.scope_key(session),
        terms,
        str(get_locale()),
        program(),
        more,
    )
    return sha256(repr(parts).encode()).hexdigest()[:32]


def tagged(response: Response, etag: str) -> Response:
    """The response with its tag, 304 without a body when the asker has it.

    The page keeps what it was sent for as long as it is open; no browser writes it to its disk.
    """
    response.set_etag(etag)
    response.vary.update(("Cookie", "Accept-Language"))
    response.make_conditional(request)
    return response


@cache
def program() -> str:
    """A digest of what computes, draws and words answers, so that a new release is not answered from an old cache."""
    digest = sha256()
    for path in sources():
        digest.update(path.read_bytes())
    return digest.hexdigest()


def sources() -> list[Path]:
    """The files of this program on which answers hang."""
    found = (path for package in ("layers", "geo_app") for path in Path(str(files(package))).rglob("*"))
    return sorted(path for path in found if path.suffix in {".py", ".js", ".css", ".mo"})
