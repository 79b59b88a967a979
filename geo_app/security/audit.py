"""The audit: who did what to what, from where. Entries are only ever added."""

from __future__ import annotations

import ipaddress
from typing import Any

from flask import g, has_request_context, request
from sqlalchemy.orm import Session

from geo_app.models import AuditEntry, County
from geo_app.security.actor import NOBODY, Actor, current_actor


def audit(
    session: Session,
    action: str,
    object: Any = None,
    *,
    actor: Actor | None = None,
    address: str | None = None,
    outcome: str = "done",
    **details: Any,
) -> None:
    """Adds an entry to the transaction of ``session``: if the entry fails, what it tells of is undone too.

    ``object`` is a row of a table, or a pair of kind and id. Actor and address are the request's. ``outcome`` is done, denied or failed. ``details``
    are JSON and carry no personal data.
    """
    kind, object_id = _identify(object)
    who = actor or (current_actor() if has_request_context() else NOBODY)
    session.add(
        AuditEntry(
            user_id=who.user_id,
            login=who.login,
            address=address or remote_address(),
            action=action,
            object_kind=kind,
            object_id=object_id,
            county_id=object.id if isinstance(object, County) else getattr(object, "county_id", None),
            outcome=outcome,
            request_id=g.get("request_id") if has_request_context() else None,
            details=details,
        )
    )
    session.flush()


def audit_read(action: str, object: Any = None, *, outcome: str = "done", **details: Any) -> None:
    """Writes an entry about a read of this request on a connection of its own, before the answer goes out.

    Once per page view or export, not per tile or row.
    """
    from geo_app.extensions import database

    with database().side_session() as session:
        audit(session, action, object, outcome=outcome, **details)


def remote_address() -> str | None:
    """The address of the machine that asks; None on the command line and behind a local socket."""
    if not has_request_context():
        return None
    try:
        return str(ipaddress.ip_address(request.remote_addr or ""))
    except ValueError:
        return None


def _identify(object: Any) -> tuple[str | None, str | None]:
    if object is None:
        return None, None
    if isinstance(object, tuple):
        return str(object[0]), str(object[1])
    return str(object.__tablename__), str(object.id)
