"""Settings: one table of names, defaults and helps; values from the environment or from a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from geo_app.failure import Failure


class SettingsError(Failure):
    """A setting that is missing, malformed or dangerous; ``remedy`` says what to do."""


def _setting(name: str, default: Any, help: str) -> Any:
    return field(default=default, metadata={"name": name, "help": help})


@dataclass(frozen=True)
class Settings:
    """Every setting of the product. Field order is the order in the README's table."""

    secret_key: str = _setting("GEO_SECRET_KEY", "", "Signs forms and tokens; at least 32 random characters.")
    database_url: str = _setting(
        "DATABASE_URL",
        "",
        "PostgreSQL 15+ with PostGIS 3.3+; without it a private cluster runs under the state folder.",
    )
    database_owner_url: str = _setting(
        "DATABASE_OWNER_URL", "", "For migrations and set-up, when the application's login may not do them."
    )
    state: Path = _setting("GEO_STATE", Path("var"), "Folder of the private cluster, keys and files made for users.")
    host: str = _setting("GEO_HOST", "127.0.0.1", "Address that the server listens on.")
    port: int = _setting("GEO_PORT", 8000, "Port that the server listens on.")
    workers: int = _setting("GEO_WORKERS", 2, "Server processes.")
    allowed_hosts: tuple[str, ...] = _setting(
        "GEO_ALLOWED_HOSTS", ("localhost", "127.0.0.1"), "Host names that the server answers to, separated by commas."
    )
    trusted_proxies: int = _setting(
        "GEO_TRUSTED_PROXIES", 0, "How many proxies in front set X-Forwarded-For; 0 ignores the header."
    )
    plain_http: bool = _setting(
        "GEO_PLAIN_HTTP", False, "Send cookies over plain HTTP in a LAN; doctor warns about it."
    )
    session_idle_s: int = _setting("GEO_SESSION_IDLE_S", 1800, "A session ends after this long without a request.")
    session_hours: int = _setting("GEO_SESSION_HOURS", 12, "A session ends after this long in any case.")
    sign_in_failures: int = _setting(
        "GEO_SIGN_IN_FAILURES", 5, "Failed sign-ins before an account waits; an address may fail four times as often."
    )
    sign_in_lock_s: int = _setting("GEO_SIGN_IN_LOCK_S", 300, "How long a locked account or address waits.")
    language: str = _setting("GEO_LANGUAGE", "zh", "Language of a user who has chosen none: zh or en.")
    base_map_url: str = _setting(
        "GEO_BASE_MAP_URL", "", "Tile address inside this network with {z}, {x}, {y}; empty draws no base map."
    )
    base_map_attribution: str = _setting("GEO_BASE_MAP_ATTRIBUTION", "", "Source line of the base map.")
    sight_m: float = _setting("GEO_SIGHT_M", 50.0, "Distance in metres within which a patrol sees a street.")
    statement_timeout_s: int = _setting("GEO_STATEMENT_TIMEOUT_S", 30, "A query of a request is ended after this long.")
    pool_size: int = _setting("GEO_POOL_SIZE", 5, "Database connections a process keeps.")
    inbox: str = _setting(
        "GEO_INBOX", "", "Watched folder: files in COUNTY/KIND/SOURCE/ are imported as the source's last file was."
    )
    log_level: str = _setting("GEO_LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR.")


@dataclass(frozen=True)
class Setting:
    """A line of the settings table."""

    name: str
    default: Any
    help: str


SETTINGS: tuple[Setting, ...] = tuple(
    Setting(f.metadata["name"], f.default, f.metadata["help"]) for f in fields(Settings)
)


def load_settings(environ: Mapping[str, str], toml_path: Path | None = None) -> Settings:
    """Settings from a TOML file and the environment; the environment wins.

    The file's keys are the settings' names in lower case without ``geo_``. Raises SettingsError for an unknown key
    in the file or a value that cannot be read.
    """
    written: dict[str, Any] = {}
    path = toml_path or (Path(environ["GEO_SETTINGS"]) if "GEO_SETTINGS" in environ else None)
    if path is not None:
        written = _read_toml(path)
    values: dict[str, Any] = {}
    for f in fields(Settings):
        name = f.metadata["name"]
        if name in environ:
            values[f.name] = _parse(name, environ[name], f.default)
        elif f.name in written:
            values[f.name] = _parse(name, written.pop(f.name), f.default)
    unknown = sorted(set(written) - {f.name for f in fields(Settings)})
    if unknown:
        raise SettingsError(
            f"Unknown settings in {path}: {', '.join(unknown)}.", "Remove them or correct their spelling."
        )
    return Settings(**values)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            f"The settings file {path} cannot be read: {error}.", "Correct it or unset GEO_SETTINGS."
        ) from error


def _parse(name: str, value: Any, default: Any) -> Any:
    try:
        if isinstance(default, bool):
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}[
                str(value).strip().lower()
            ]
        if isinstance(default, tuple):
            parts = value.split(",") if isinstance(value, str) else value
            return tuple(str(part).strip() for part in parts if str(part).strip())
        return type(default)(value) if not isinstance(default, Path) else Path(value)
    except (ValueError, TypeError, KeyError) as error:
        kind = "yes or no" if isinstance(default, bool) else type(default).__name__
        raise SettingsError(f"{name} is {value!r}.", f"It must be of the kind {kind}.") from error
