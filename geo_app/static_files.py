"""Where the front end's files lie: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path


def static_folder() -> Path:
    """The folder that is served as /static."""
    inside = Path(__file__).parent / "static"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "static"
