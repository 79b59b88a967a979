"""The files of static/: where they lie, a digest of them all, and what a map needs of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

# Folium's name of what a map needs, and the file that it is here.
MAP_ASSETS: Mapping[str, str] = {
    "leaflet": "vendor/leaflet/leaflet.js",
    "leaflet_css": "vendor/leaflet/leaflet.css",
}


def folder() -> Path:
    """Where the files lie: inside the package when it was installed from a wheel, else beside it."""
    package = Path(__file__).parent
    installed = package / "static"
    return installed if installed.is_dir() else package.parent / "static"


@cache
def version(root: Path) -> str:
    """A digest of every file below ``root``, read once a process."""
    digest = sha256()
    for path in sorted(root.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(root)).encode() + b"\0")
            digest.update(path.read_bytes())
    return f"v{digest.hexdigest()[:12]}"


def map_texts() -> dict[str, str]:
    """The texts of what a map needs, by Folium's names, for a map in one file.

    Raises OSError when the front-end packages were not installed.
    """
    return {name: (folder() / path).read_text(encoding="utf-8") for name, path in MAP_ASSETS.items()}
