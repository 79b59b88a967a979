"""From an error to an answer: JSON for programs, a page for people, an id and no more for the unknown."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from flask import Flask, Response, g, jsonify, render_template, request
from flask_babel import gettext
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response as AnyResponse

from geo_app.errors import N_, Problem, problem_of
from geo_app.security.guard import sign_in_address, wants_problem

_log = logging.getLogger(__name__)

HOST_REFUSED = N_(
    "This server does not answer to the name %(host)s. Add it to GEO_ALLOWED_HOSTS, or use one of its names."
)


def install(app: Flask) -> None:
    """Answers every error of ``app``."""
    app.register_error_handler(SecurityError, _refuse_host)
    app.register_error_handler(Exception, _answer)


def _answer(error: Exception) -> AnyResponse:
    if isinstance(error, HTTPException) and (error.code or 500) < 400:
        return error.get_response()  # a redirection of the router
    problem = problem_of(error)
    if problem.status >= 500:
        _log.error("%s", problem.code, exc_info=error, extra={"path": request.path})
    response = _as_json(problem) if wants_problem() else _as_page(problem)
    response.status_code = problem.status
    if isinstance(error, HTTPException):
        for name, value in error.get_headers():
            if name in {"Allow", "Retry-After"}:
                response.headers[name] = value
    if "seconds" in problem.params:
        response.headers["Retry-After"] = str(problem.params["seconds"])
    return response


def _as_json(problem: Problem) -> Response:
    response = jsonify(body_of(problem))
    response.content_type = "application/problem+json"
    return response


def body_of(problem: Problem) -> dict[str, Any]:
    """The members of RFC 9457, the stable code, what to do, and the id that is also in the log."""
    return {
        **problem.more,
        "type": f"urn:geo-app:error:{problem.code}",
        "title": gettext(problem.title),
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail or _translated(problem.message, problem),
        "remedy": _translated(problem.remedy, problem),
        "instance": request_id(),
    }


def _as_page(problem: Problem) -> Response:
    page = render_template(
        "error.html",
        problem=body_of(problem),
        request_id=request_id(),
        sign_in=sign_in_address() if problem.status == 401 else None,
    )
    return Response(page, content_type="text/html; charset=utf-8")


def _translated(text: str, problem: Problem) -> str:
    return gettext(text, **problem.params) if text else ""


def request_id() -> str:
    """The id of this request, in the log and on the page."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(8)
    return str(g.request_id)


def _refuse_host(error: SecurityError) -> Response:
    # Addresses cannot be made for a host that is not ours, so this is no page.
    host = request.environ.get("HTTP_HOST", "")[:100]
    text = gettext(HOST_REFUSED, host=host)
    return Response(text + "\n", status=400, content_type="text/plain; charset=utf-8")
