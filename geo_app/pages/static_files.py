"""Own scripts, styles and pictures, and the front-end packages: under an address that changes with their content.

A page links /static/<version>/…, which a browser may keep for ever; modules and pictures that such a file names by a
relative address carry the same version.
"""

from __future__ import annotations

import re

from flask import Flask, Response, send_from_directory, url_for

from geo_app.assets import folder, version
from geo_app.security.rules import public

_VERSIONED = re.compile(r"(v[0-9a-f]{12})/(.+)")
YEAR_S = 365 * 24 * 3600


def install(app: Flask) -> None:
    """Adds /static/ and ``asset()`` for templates."""
    app.add_url_rule("/static/<path:path>", endpoint="static", view_func=public(_serve))
    app.jinja_env.globals["asset"] = address


def address(path: str) -> str:
    """The address of a file of the folder, which changes when any file there does."""
    return url_for("static", path=f"{version(folder())}/{path}")


def _serve(path: str) -> Response:
    versioned = _VERSIONED.fullmatch(path)
    response = send_from_directory(folder(), versioned.group(2) if versioned else path)
    if versioned and versioned.group(1) == version(folder()):
        response.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable"
    else:
        # An address of another release, or without a version: right today, perhaps not tomorrow.
        response.headers["Cache-Control"] = "no-cache"
    if path.endswith(".js"):
        response.mimetype = "text/javascript"  # whatever this machine's own table of types says
    return response
