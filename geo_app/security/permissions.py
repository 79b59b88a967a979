"""Which role may do what. What the table does not name is denied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo_app.security.actor import Actor

BUSINESS = frozenset({"map:read", "jobs:read", "maps:export", "data:export"})

# The administrators of the system, of security and of the audit are three persons (DOMAIN: 三员). None of them sees
# the county's data, and none can do another's part.
PERMISSIONS: Mapping[str, frozenset[str]] = {
    "planner": BUSINESS | {"routes:plan", "tracks:read", "incidents:clear", "addresses:review"},
    "grid_editor": BUSINESS | {"grids:changes", "grids:edit", "grids:people", "data:import"},
    "reviewer": BUSINESS | {"grids:changes", "grids:review"},
    "leader": BUSINESS | {"grids:changes", "reports:read"},
    "analyst": BUSINESS | {"reports:read", "data:import", "callers:read", "incidents:clear", "addresses:review"},
    "system_administrator": frozenset({"system:read", "system:manage"}),
    "security_administrator": frozenset({"users:read", "users:manage", "roles:grant"}),
    "auditor": frozenset({"audit:read"}),
}
ROLES = tuple(PERMISSIONS)
ADMINISTRATORS = frozenset({"system_administrator", "security_administrator", "auditor"})
ACTIONS = frozenset[str]().union(*PERMISSIONS.values())

# Seeing these is itself written down: whereabouts and callers are sensitive, the audit watches its watchers.
AUDITED_READS = frozenset({"tracks:read", "callers:read", "audit:read", "users:read"})


def can(actor: Actor, action: str, object: Any = None) -> bool:
    """Whether ``actor`` may do ``action``, to ``object`` if one is given.

    An object that belongs to a place has to lie in the actor's scope. Nobody grants a role to himself and nobody
    reviews his own change. Unknown actions and roles are denied.
    """
    if actor.user_id is None:
        return False
    if not any(action in PERMISSIONS.get(role, frozenset()) for role in actor.roles):
        return False
    return object is None or (_in_scope(actor, object) and not _is_his_own(actor, action, object))


def _in_scope(actor: Actor, object: Any) -> bool:
    areas = {getattr(object, name, None) for name in ("admin_area_id", "police_area_id")} - {None}
    return not areas or not areas.isdisjoint(actor.scope.area_ids)


def _is_his_own(actor: Actor, action: str, object: Any) -> bool:
    if action in {"roles:grant", "users:manage"}:
        return bool(getattr(object, "id", None) == actor.user_id)
    if action == "grids:review":
        return bool(getattr(object, "author_id", None) == actor.user_id)
    return False
