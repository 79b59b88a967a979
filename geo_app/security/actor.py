"""Who is acting: a signed-in user, the command line, or nobody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from flask import g

from geo_app.database.scope import Scope


@dataclass(frozen=True)
class Actor:
    """Somebody with roles and a scope. ``user_id`` is None for nobody and for the command line."""

    user_id: int | None = None
    login: str | None = None
    name: str = ""
    roles: frozenset[str] = frozenset()
    scope: Scope = field(default_factory=Scope.none)
    language: str | None = None


NOBODY = Actor()


def current_actor() -> Actor:
    """The actor of this request; nobody until a session has been recognised."""
    return cast(Actor, g.get("actor", NOBODY))
