"""A key that others know signs nothing: the program refuses to start with one."""

from __future__ import annotations

import re

from geo_app.config import SettingsError

SHORTEST = 32
_REMEDY = 'Set GEO_SECRET_KEY to what this prints: python -c "import secrets; print(secrets.token_urlsafe(48))".'

# From documentation and default configurations that people copy.
_WELL_KNOWN = frozenset(
    {
        "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",  # Flask's documentation
        "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",  # FastAPI's
        "\x02\x01thisismyscretkey\x01\x02\\e\\y\\y\\h",  # Superset's first
    }
)
_PLACEHOLDER = re.compile(
    r"change.?(me|this|it)|your.?(own.?)?secret|my.?secret|secret.?key|django.?insecure|not.?(so.?)?secret"
    r"|placeholder|example|default|do.?not.?use|insecure|password|0123456789|1234567890|abcdefghij|qwertyuiop",
    re.IGNORECASE,
)


def check_secret_key(key: str) -> None:
    """Raises SettingsError for a key that is missing, short, well known or plainly not random."""
    if not key:
        raise SettingsError("GEO_SECRET_KEY is missing.", _REMEDY)
    if len(key) < SHORTEST:
        raise SettingsError(f"GEO_SECRET_KEY has {len(key)} characters; it needs {SHORTEST}.", _REMEDY)
    if key in _WELL_KNOWN or _PLACEHOLDER.search(key) or len(set(key)) < 12:
        raise SettingsError("GEO_SECRET_KEY is one that others know or can guess.", _REMEDY)
