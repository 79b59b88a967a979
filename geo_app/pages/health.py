"""/healthz: whether the program and its database work, for whoever watches over it."""

from __future__ import annotations

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from geo_app.extensions import database
from geo_app.security.rules import public

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """200 when the database answers; 503 as a problem when it does not."""
    database().is_ready()
    return jsonify(status="ok")
