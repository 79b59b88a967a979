"""What a transaction may see: the areas of its user, told to the database for row security."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Scope:
    """Ids of every area whose rows may be seen and written, subtrees already expanded."""

    area_ids: frozenset[int]

    @classmethod
    def none(cls) -> Scope:
        """The scope of nobody: no rows."""
        return cls(frozenset())

    @classmethod
    def of(cls, area_ids: Iterable[int]) -> Scope:
        """The scope of these areas, without their subtrees."""
        return cls(frozenset(int(area_id) for area_id in area_ids))

    def as_array(self) -> str:
        """The scope as a PostgreSQL array literal, for ``set_config('geo.scope', …)``."""
        return "{" + ",".join(str(area_id) for area_id in sorted(self.area_ids)) + "}"


def apply_scope(session: Session, scope: Scope) -> None:
    """Sets the scope for the rest of the session's transaction; the next transaction starts without one."""
    session.execute(text("SELECT set_config('geo.scope', :areas, true)"), {"areas": scope.as_array()})


def expand(session: Session, roots: Iterable[int]) -> Scope:
    """The scope of these areas and everything below them."""
    ids = session.execute(text("SELECT geo_subtree(:roots)"), {"roots": list(roots)}).scalar_one()
    return Scope.of(ids or ())
