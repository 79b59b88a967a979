"""The description of the API: OpenAPI at /apidoc/openapi.json. Its pages are off: they load scripts from elsewhere."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from spectree import Response, SpecTree

spec = SpecTree(
    "flask",
    title="geo-app",
    version="1",
    path="apidoc",
    mode="strict",
    page_templates={},
    annotations=False,
)


class Problem(BaseModel):
    """An error (application/problem+json). ``code`` is stable, texts are in the user's language."""

    model_config = ConfigDict(title="Problem")

    type: str
    title: str
    status: int
    code: str
    detail: str
    remedy: str
    instance: str


def answers(status: int, model: type[BaseModel] | None) -> Response:
    """The answers of a resource: one that is good, and the problems that every resource may answer with."""
    problems = {f"HTTP_{number}": Problem for number in (400, 401, 403, 404, 503)}
    return Response(**{f"HTTP_{status}": model}, **problems)
