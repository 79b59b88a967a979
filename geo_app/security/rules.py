"""The rule that each view carries: who may call it. A view without one is called by nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

ATTRIBUTE = "access_rule"


@dataclass(frozen=True)
class Rule:
    """``signed_in`` asks for a user, ``action`` also for a permission; ``while_changing_password`` lets him in who
    still has to choose a password of his own."""

    signed_in: bool
    action: str | None = None
    while_changing_password: bool = False


def public(view: View) -> View:
    """Marks a view that anybody may call: sign-in, health, static files."""
    return _mark(view, Rule(signed_in=False, while_changing_password=True))


def own_account(view: View) -> View:
    """Marks a view about the signed-in user himself: signing out, his password, his language."""
    return _mark(view, Rule(signed_in=True, while_changing_password=True))


def requires(action: str) -> Callable[[View], View]:
    """Marks a view that a signed-in user may call who is permitted ``action``, such as ``"map:read"``.

    Put it directly below the route, above every other decorator. Raises ValueError for an action of no role.
    """
    from geo_app.security.permissions import ACTIONS

    if action not in ACTIONS:
        raise ValueError(f"no role may {action!r}; see geo_app.security.permissions")
    return lambda view: _mark(view, Rule(signed_in=True, action=action))


def rule_of(view: Callable[..., Any] | None) -> Rule | None:
    """The rule of a view, None when it carries none."""
    return getattr(view, ATTRIBUTE, None)


def _mark(view: View, rule: Rule) -> View:
    setattr(view, ATTRIBUTE, rule)
    return view
