"""geo-app demo: from a checkout to a map, in one command."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo_app.cli._steps import clear_errors, step

if TYPE_CHECKING:
    from geo_app.config import Settings
    from geo_app.database.engine import Database

LOGIN = "demo"
# The second one has the same password, and decides about what the first one draws.
USERS = {
    LOGIN: ("演示用户", ("planner", "grid_editor", "reviewer", "leader", "analyst")),
    "review": ("演示审核员", ("reviewer", "leader")),
}


@click.command(help="Load the demonstration and serve it. What is there already is skipped.")
@click.option("--no-serve", is_flag=True, help="Load and stop.")
@click.option(
    "--scale", type=float, default=1.0, show_default=True, help="Size of 示范县: 1 is a county of 60,000 calls."
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another number makes another 示范县.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Write the files of 示范县 there, and nothing else."
)
@click.option(
    "--outline", default="340523", show_default=True, help="The county in whose outline --out draws it, six digits."
)
@click.option("--figures", is_flag=True, help="With --out: print by which figures it is like a county.")
def command(no_serve: bool, scale: float, seed: int, out: Path | None, outline: str, figures: bool) -> None:
    if out is not None:
        _write(out, seed, scale, outline, figures)
        return
    with clear_errors():
        with step("Python modules"):
            from geo_app.config import load_settings
            from geo_app.demo.mesa import load_mesa
            from geo_app.demo.shifan import load_shifan
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
            with step("Mesa"):
                load_mesa(database, settings.state, told.append)
            with step("示范县"):
                load_shifan(database, settings.state, told.append, seed, scale)
            for line in told:
                click.echo(f"    {line}", err=True)
            with step("Demonstration users"):
                password = _password(database, settings)
        finally:
            database.close()
        if no_serve:
            return
        serve(settings, lambda: _greet(settings, password))


def _write(folder: Path, seed: int, scale: float, outline: str, figures: bool) -> None:
    from geo_app.demo.county.figures import lines
    from geo_app.demo.county.files import write_files
    from geo_app.demo.county.land import NoOutline
    from geo_app.demo.county.model import make_county

    began = time.perf_counter()

    def say(what: str) -> None:
        click.echo(f"{time.perf_counter() - began:6.0f} s  {what} …", err=True)

    try:
        county = make_county(seed, scale, outline, say)
        files = write_files(county, folder, say)
    except NoOutline as error:
        raise click.BadParameter(str(error), param_hint="--outline") from error
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--scale") from error
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be written: {error.strerror}. Give another folder.") from error
    for name, (kind, path) in files.items():
        click.echo(f"{kind}\t{path.stat().st_size:,} bytes\t{name}")
    if figures:
        click.echo("\n".join(lines(county)))


def _password(database: Database, settings: Settings) -> str:
    """The password of the demonstration's users, who are made on the first call."""
    from geo_app.demo.county.model import CODE as SHIFAN
    from geo_app.demo.mesa import CODE as MESA
    from geo_app.queries import accounts, scopes
    from geo_app.services.users import add_user, set_password, set_scope

    path = settings.state / "demo_password"
    lost = not path.exists()  # nobody could sign in any more
    password = _write_secret(path) if lost else path.read_text(encoding="ascii").strip()
    with database.owner_session() as owner:
        seen = [*scopes.roots(owner, MESA), *scopes.roots(owner, SHIFAN)]
        for login, (name, roles) in USERS.items():
            user = accounts.by_login(owner, login)
            if user is None:
                add_user(owner, login, name, password, roles=roles, area_ids=seen)
                continue
            if not set(seen) <= scopes.given_to(owner, user.id):  # the demonstration has grown since
                set_scope(owner, user, scopes.given_to(owner, user.id) | set(seen))
            if lost:
                set_password(owner, user, password, must_change=False)
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
        f"\n  地址 Address   http://{host}:{settings.port}/\n  用户 User      {LOGIN}"
        f"  （审核 reviews changes of grids: review）\n  密码 Password  {password}\n\n"
        "  按 Ctrl+C 停止。 Ctrl+C stops it.\n",
        err=True,
    )
