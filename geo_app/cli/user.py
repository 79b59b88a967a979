"""geo-app user: who may sign in, with which roles, where."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from geo_app.cli._steps import clear_errors

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from geo_app.models import AppUser

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
FROM_STDIN = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")


@click.group(help="Add users, change their passwords, roles and scopes, disable them.")
def command() -> None:
    pass


@command.command(help="Add a user; without --password-stdin a password is made and printed.")
@click.argument("login")
@click.option("--name", default="", help="Name as people know it.")
@click.option("--role", "roles", multiple=True, required=True, help="May be given several times.")
@click.option("--county", "counties", multiple=True, metavar="CODE", help="A whole county that the user sees.")
@click.option("--area", "areas", multiple=True, type=int, metavar="ID", help="An area and everything below it.")
@click.option("--language", type=click.Choice(["zh", "en"]), default=None)
@FROM_STDIN
@AS_JSON
def add(
    login: str,
    name: str,
    roles: tuple[str, ...],
    counties: tuple[str, ...],
    areas: tuple[int, ...],
    language: str | None,
    password_stdin: bool,
    as_json: bool,
) -> None:
    from geo_app.security.passwords import make_password
    from geo_app.services.users import add_user

    password = _read_password() if password_stdin else make_password()
    with _session() as session:
        user = add_user(
            session,
            login,
            name,
            password,
            roles=roles,
            area_ids=[*_roots(session, counties), *areas],
            must_change_password=not password_stdin,
            language=language,
        )
        made = {} if password_stdin else {"password": password}
        _say(as_json, f"Added {login}.", id=user.id, login=login, roles=sorted(roles), **made)


@command.command(help="Give a user a new password, made and printed or read; ends his sessions and his lock.")
@click.argument("login")
@FROM_STDIN
@AS_JSON
def password(login: str, password_stdin: bool, as_json: bool) -> None:
    from geo_app.security.passwords import make_password
    from geo_app.services.users import set_password

    new = _read_password() if password_stdin else make_password()
    with _session() as session:
        set_password(session, _user(session, login), new, must_change=not password_stdin)
        _say(as_json, f"New password for {login}.", login=login, **({} if password_stdin else {"password": new}))


@command.command(help="Give a user exactly these roles.")
@click.argument("login")
@click.argument("roles", nargs=-1, required=True)
@AS_JSON
def roles(login: str, roles: tuple[str, ...], as_json: bool) -> None:
    from geo_app.services.users import set_roles

    with _session() as session:
        set_roles(session, _user(session, login), roles)
        _say(as_json, f"{login}: {', '.join(roles)}.", login=login, roles=sorted(roles))


@command.command(help="Let a user see exactly these counties and areas.")
@click.argument("login")
@click.option("--county", "counties", multiple=True, metavar="CODE")
@click.option("--area", "areas", multiple=True, type=int, metavar="ID")
@AS_JSON
def scopes(login: str, counties: tuple[str, ...], areas: tuple[int, ...], as_json: bool) -> None:
    from geo_app.services.users import set_scope

    with _session() as session:
        wanted = [*_roots(session, counties), *areas]
        set_scope(session, _user(session, login), wanted)
        _say(as_json, f"{login} sees {len(wanted)} areas and what is below them.", login=login, areas=wanted)


@command.command(help="Sign a user out everywhere and let him in no more.")
@click.argument("login")
@AS_JSON
def disable(login: str, as_json: bool) -> None:
    _set_active(login, False, as_json)


@command.command(help="Let a disabled user in again.")
@click.argument("login")
@AS_JSON
def enable(login: str, as_json: bool) -> None:
    _set_active(login, True, as_json)


@command.command(help="Forget a user's failed sign-ins, so that he need not wait.")
@click.argument("login")
@AS_JSON
def unlock(login: str, as_json: bool) -> None:
    from geo_app.services.users import unlock as forget

    with _session() as session:
        forget(session, _user(session, login))
        _say(as_json, f"{login} may try again.", login=login)


def _set_active(login: str, active: bool, as_json: bool) -> None:
    from geo_app.services.users import set_active

    with _session() as session:
        set_active(session, _user(session, login), active)
        _say(as_json, f"{login} is {'enabled' if active else 'disabled'}.", login=login, active=active)


@contextmanager
def _session() -> Iterator[Session]:
    """One transaction of the owner, who knows every county and area."""
    from geo_app.program import open_database, settings_of

    with clear_errors():
        database = open_database(settings_of(os.environ))
        try:
            with database.owner_session() as session:
                yield session
        finally:
            database.close()


def _user(session: Session, login: str) -> AppUser:
    from geo_app.queries.accounts import by_login

    user = by_login(session, login)
    if user is None:
        raise click.ClickException(f"There is no user {login}.\n  → geo-app user add {login} --role planner")
    return user


def _roots(session: Session, codes: tuple[str, ...]) -> list[int]:
    from geo_app.queries.scopes import roots

    found = []
    for code in codes:
        areas = roots(session, code)
        if not areas:
            raise click.ClickException(f"There is no county {code}.\n  → geo-app counties lists those that there are.")
        found += areas
    return found


def _read_password() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _say(as_json: bool, sentence: str, **facts: Any) -> None:
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    click.echo(sentence)
    if "password" in facts:
        click.echo(f"Password: {facts['password']}  (to be changed when signing in)")
