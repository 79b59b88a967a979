"""geo-app demo: from a checkout to a map, in one command."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo_app.cli._steps import clear_errors, step

if TYPE_CHECKING:
    from geo_app.config import Settings
    from geo_app.database.engine import Database

LOGIN = "demo"
ROLES = ("planner", "grid_editor", "reviewer", "leader", "analyst")


@click.command(help="Load the demonstration and serve it. What is there already is skipped.")
@click.option("--no-serve", is_flag=True, help="Load and stop.")
def command(no_serve: bool) -> None:
    with clear_errors():
        with step("Python modules"):
            from geo_app.config import load_settings
            from geo_app.demo.mesa import load_mesa
            from geo_app.program import complete, open_database, set_up_database
            from geo_app.server import check_port, serve

            given = load_settings(os.environ)
        if not no_serve:
            check_port(given.host, given.port)
        with step("Database and schema"):
            set_up_database(given)
            settings = complete(given)
        database = open_database(settings)
        try:
            told: list[str] = []
            with step("Demonstration data"):
                load_mesa(database, settings.state, told.append)
            for line in told:
                click.echo(f"    {line}", err=True)
            with step("Demonstration user"):
                password = _user(database, settings)
        finally:
            database.close()
        if no_serve:
            return
        serve(settings, lambda: _greet(settings, password))


def _user(database: Database, settings: Settings) -> str:
    """The password of the demonstration's user, who is made on the first call."""
    from geo_app.demo.mesa import CODE as COUNTY
    from geo_app.queries import accounts, scopes
    from geo_app.services.users import add_user, set_password

    path = settings.state / "demo_password"
    with database.owner_session() as owner:
        user = accounts.by_login(owner, LOGIN)
        if user is not None and path.exists():
            return path.read_text(encoding="ascii").strip()
        password = _write_secret(path)
        if user is not None:  # the file was lost: nobody could sign in any more
            set_password(owner, user, password, must_change=False)
        else:
            add_user(owner, LOGIN, "演示用户", password, roles=ROLES, area_ids=scopes.roots(owner, COUNTY))
    return password


def _write_secret(path: Path) -> str:
    """A new password in ``path``, readable by this user alone."""
    from geo_app.security.passwords import make_password

    password = make_password()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(password)
    return password


def _greet(settings: Settings, password: str) -> None:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    click.echo(
        f"\n  地址 Address   http://{host}:{settings.port}/\n  用户 User      {LOGIN}\n  密码 Password  {password}\n\n"
        "  按 Ctrl+C 停止。 Ctrl+C stops it.\n",
        err=True,
    )
