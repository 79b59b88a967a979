"""Every route against every role."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule as Route

from geo_app.database.scope import Scope
from geo_app.models import AppUser, AuditEntry
from geo_app.security.actor import NOBODY, Actor
from geo_app.security.permissions import ACTIONS, ADMINISTRATORS, PERMISSIONS, ROLES, can
from geo_app.security.rules import Rule, requires, rule_of
from tests.security.browsing import JSON, csrf_token, sign_in

REFUSED = {401, 403}
CLOSED = Rule(signed_in=True)


def calls(app: Flask) -> Iterator[tuple[str, str, Route]]:
    """Method, address and route of everything that can be called."""
    for route in app.url_map.iter_rules():
        address = re.sub(r"<[^>]*>", "1", str(route))
        for method in sorted((route.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, address, route


def test_B01_every_route_carries_a_rule(app: Flask) -> None:
    assert [str(route) for _, _, route in calls(app) if rule_of(app.view_functions[route.endpoint]) is None] == []


def test_B01_only_these_routes_are_for_everybody(app: Flask) -> None:
    rules = {route.endpoint: rule_of(app.view_functions[route.endpoint]) for route in app.url_map.iter_rules()}
    open_routes = {str(route) for route in app.url_map.iter_rules() if not (rules[route.endpoint] or CLOSED).signed_in}
    assert open_routes == {
        "/sign-in",
        "/language",
        "/healthz",
        "/static/<path:path>",
    }


def test_B01_a_route_without_a_rule_is_denied_to_everybody(app: Flask, planner: AppUser) -> None:
    app.add_url_rule("/forgotten", view_func=lambda: "open", endpoint="forgotten")
    client = app.test_client()
    assert client.get("/forgotten").status_code == 403
    sign_in(client, planner.login)
    assert client.get("/forgotten").status_code == 403


def test_B01_nobody_gets_behind_the_sign_in_form(app: Flask) -> None:
    client = app.test_client()
    for method, address, route in calls(app):
        rule = rule_of(app.view_functions[route.endpoint])
        assert rule
        status = client.open(address, method=method, headers=JSON).status_code
        assert (status == 401) == rule.signed_in, f"{method} {address}: {status}"


@pytest.mark.parametrize("role", ROLES)
def test_B01_each_role_gets_where_the_table_says_and_nowhere_else(
    app: Flask, new_user: Callable[..., AppUser], role: str
) -> None:
    client = app.test_client()
    sign_in(client, new_user("somebody", role).login)
    headers = {**JSON, "X-CSRFToken": csrf_token(client, "/password")}
    for method, address, route in calls(app):
        rule = rule_of(app.view_functions[route.endpoint])
        if rule is None or rule.action is None:
            continue
        status = client.open(address, method=method, headers=headers).status_code
        may = rule.action in PERMISSIONS[role]
        assert (status not in REFUSED) == may, f"{role} {method} {address}: {status}"


def test_a_denied_request_is_recorded(
    app: Flask, new_user: Callable[..., AppUser], audit_rows: Callable[[str], list[AuditEntry]]
) -> None:
    client = app.test_client()
    auditor = new_user("au.di", "auditor")
    sign_in(client, auditor.login)
    assert client.get("/").status_code == 403
    assert [(entry.user_id, entry.outcome) for entry in audit_rows("map:read")] == [(auditor.id, "denied")]


def test_an_anonymous_page_leads_to_the_form_and_a_fragment_says_so(client: FlaskClient) -> None:
    assert client.get("/?county=1&x=2").location == "/sign-in?next=/?county%3D1%26x%3D2"
    assert client.post("/password").location == "/sign-in"
    part = client.get("/", headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/?county=1"})
    assert (part.status_code, part.headers["HX-Redirect"]) == (401, "/sign-in?next=/?county%3D1")
    problem = client.get("/api/counties")
    assert (problem.status_code, problem.json["code"]) == (401, "sign_in_required")


def test_a_rule_for_an_action_of_no_role_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no role may"):
        requires("map:raed")


def actor(*roles: str, user_id: int | None = 1, areas: tuple[int, ...] = ()) -> Actor:
    return Actor(user_id=user_id, roles=frozenset(roles), scope=Scope.of(areas))


def test_nobody_an_unknown_role_and_an_unknown_action_are_denied() -> None:
    assert not any(can(NOBODY, action) for action in ACTIONS)
    assert not any(can(actor("emperor"), action) for action in ACTIONS)
    assert not any(can(actor(role), "everything") for role in ROLES)
    assert not can(actor(*ROLES, user_id=None), "map:read")


def test_B13_the_three_administrators_are_kept_apart() -> None:
    for role in ADMINISTRATORS:
        others = {action for other in ROLES if other != role for action in PERMISSIONS[other]}
        assert not PERMISSIONS[role] & others, role
    assert not can(actor("security_administrator"), "audit:read")
    assert not can(actor("system_administrator"), "roles:grant")
    assert all(action.endswith(":read") for action in PERMISSIONS["auditor"])


def test_B13_nobody_grants_himself_a_role_or_reviews_his_own_change() -> None:
    administrator = actor("security_administrator", user_id=7)
    assert not can(administrator, "roles:grant", SimpleNamespace(id=7))
    assert can(administrator, "roles:grant", SimpleNamespace(id=8))
    reviewer = actor("reviewer", user_id=7, areas=(3,))
    own = SimpleNamespace(id=1, author_id=7, admin_area_id=3, police_area_id=4)
    others = SimpleNamespace(id=1, author_id=8, admin_area_id=3, police_area_id=4)
    assert not can(reviewer, "grids:review", own)
    assert can(reviewer, "grids:review", others)


def test_what_lies_outside_the_scope_is_denied() -> None:
    place = SimpleNamespace(id=1, admin_area_id=3, police_area_id=4)
    assert can(actor("planner", areas=(4,)), "map:read", place)
    assert not can(actor("planner", areas=(5,)), "map:read", place)
