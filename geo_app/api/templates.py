"""GET /api/templates/<kind>.xlsx: an empty workbook for a kind, with headings, lists of what is allowed, explanations."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Blueprint, Response
from flask_babel import gettext

from geo_app.api.exports import disposition
from geo_app.api.parameters import Parameters, query
from geo_app.api.spec import answers, spec
from geo_app.errors import NotFound
from geo_app.exports.files import FORMATS
from geo_app.exports.template_columns import TEMPLATES
from geo_app.exports.templates import write
from geo_app.pages.data_words import KINDS
from geo_app.security.rules import requires

blueprint = Blueprint("api_templates", __name__)


@blueprint.get("/api/templates/<kind>.xlsx")
@requires("data:import")
@spec.validate(query=Parameters, resp=answers(200, None), skip_validation=True, tags=["templates"])
def template(kind: str) -> Response:
    """The template, explained in the user's language; its headings are Chinese whatever that is."""
    query(Parameters)
    if kind not in TEMPLATES:
        raise NotFound()
    with tempfile.TemporaryDirectory(prefix="geo-template-") as folder:
        path = Path(folder) / "template.xlsx"
        write(kind, path, gettext)
        content = path.read_bytes()
    name = disposition(f"template-{kind}.xlsx", f"{gettext(KINDS[kind])}.xlsx")
    return Response(content, mimetype=FORMATS["xlsx"], headers={"Content-Disposition": name})
