from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from geo_app.cli import main
from geo_app.config import Settings
from geo_app.database.engine import Database
from geo_app.models import AuditEntry, County
from tests.security.browsing import JSON, sign_in

Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings) -> Run:
    """Runs `geo-app user …` against this test's database."""
    environ = {
        "DATABASE_URL": settings.database_url,
        "DATABASE_OWNER_URL": settings.database_owner_url,
        "GEO_SECRET_KEY": settings.secret_key,
        "GEO_STATE": str(settings.state),
    }
    return lambda *arguments, **more: CliRunner().invoke(main, ["user", *arguments], env=environ, **more)


def test_a_user_added_with_a_made_password_signs_in_and_has_to_choose_his_own(
    run: Run, app: Flask, county: County
) -> None:
    result = run("add", "li.na", "--name", "李娜", "--role", "planner", "--county", county.code, "--json")
    assert result.exit_code == 0, result.output
    made = json.loads(result.stdout)
    client = app.test_client()
    assert sign_in(client, "li.na", made["password"]).status_code == 303
    assert client.get("/nowhere").status_code == 404
    assert client.get("/password").status_code == 200


def test_a_password_from_standard_input_needs_no_change(run: Run, app: Flask) -> None:
    result = run("add", "li.na", "--role", "leader", "--password-stdin", input="Horse-Battery-42\n")
    assert result.exit_code == 0, result.output
    assert "Horse" not in result.output
    assert sign_in(app.test_client(), "LI.NA").status_code == 303


def test_a_disabled_user_is_out_at_once_and_in_again_when_enabled(run: Run, app: Flask) -> None:
    run("add", "li.na", "--role", "leader", "--password-stdin", input="Horse-Battery-42\n")
    client = app.test_client()
    sign_in(client, "li.na")
    assert run("disable", "li.na").exit_code == 0
    assert client.get("/password", headers=JSON).status_code == 401
    assert sign_in(client, "li.na").status_code == 401
    assert run("enable", "li.na").exit_code == 0
    assert sign_in(client, "li.na").status_code == 303


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("add", "li.na", "--role", "emperor"), "There is no role emperor."),
        (("add", "li.na", "--role", "auditor", "--role", "planner"), "no other role"),
        (("add", "li na", "--role", "planner"), "The user name li na is not made of"),
        (("add", "li.na", "--role", "planner", "--county", "999999"), "There is no county 999999."),
        (("password", "nobody"), "There is no user nobody."),
        (("roles", "nobody", "planner"), "There is no user nobody."),
    ],
)
def test_what_cannot_be_done_is_one_clear_sentence(run: Run, arguments: tuple[str, ...], sentence: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 1
    assert sentence in result.output
    assert "Traceback" not in result.output


def test_a_login_is_taken_in_any_case_of_letters(run: Run) -> None:
    run("add", "Li.Na", "--role", "planner")
    assert "taken" in run("add", "li.na", "--role", "planner").output


def test_roles_and_scopes_are_replaced_and_written_down(
    run: Run, database: Database, county: County, audit_rows: Callable[[str], list[AuditEntry]]
) -> None:
    run("add", "li.na", "--role", "planner", "--county", county.code)
    assert run("roles", "li.na", "analyst", "leader").exit_code == 0
    assert run("scopes", "li.na").exit_code == 0
    assert audit_rows("user_roles")[-1].details == {"before": ["planner"], "after": ["analyst", "leader"]}
    assert audit_rows("user_scope")[-1].details["after"] == []


def test_B13_the_last_administrator_of_a_kind_stays(run: Run) -> None:
    run("add", "first", "--role", "security_administrator")
    assert "last active user" in run("disable", "first").output
    assert "last active user" in run("roles", "first", "planner").output
    run("add", "second", "--role", "security_administrator")
    assert run("disable", "first").exit_code == 0
