"""Errors that a user sees, and the one table from an error's class to its status and stable code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg.errors
import sqlalchemy.exc
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from grid_boundaries.errors import GridError
from layers.errors import LayerError


def N_(text: str) -> str:  # gettext's own name; the extraction of messages looks for it
    """Marks an English text for translation without translating it here."""
    return text


class AppError(Exception):
    """Something a user can understand. A class gives msgids with ``%(name)s``, an instance may give others.

    On an instance ``message`` and ``remedy`` are English sentences; ``msgid``, ``remedy_msgid`` and ``params`` are for
    translation; ``more`` are further members of a JSON answer.
    """

    code = "bad_request"
    status = 400
    title = N_("The request cannot be carried out")
    message = N_("Something in the request is not as it should be.")
    remedy = N_("Go back, correct it and try again.")

    def __init__(self, message: str | None = None, remedy: str | None = None, **params: Any) -> None:
        self.msgid = message if message is not None else self.message
        self.remedy_msgid = remedy if remedy is not None else self.remedy
        self.params = params
        self.more: Mapping[str, Any] = {}
        self.message = self.msgid % params
        self.remedy = self.remedy_msgid % params
        super().__init__(self.message)


class BadInput(AppError):
    """A parameter or field is missing, unknown, doubled or out of its range."""

    code = "bad_input"
    title = N_("A value is not as it should be")


class SignInRequired(AppError):
    """Nobody is signed in, or the session has ended."""

    code = "sign_in_required"
    status = 401
    title = N_("Please sign in")
    message = N_("You are not signed in, or your session has ended.")
    remedy = N_("Sign in and try again.")


class PasswordChangeRequired(AppError):
    """The user still has the password that somebody else gave him."""

    code = "password_change_required"
    status = 403
    title = N_("Please choose a password of your own")
    message = N_("Your password was set by somebody else.")
    remedy = N_("Choose a password of your own, then go on.")


class Forbidden(AppError):
    """The actor may not do this. What he may not know of is NotFound instead."""

    code = "forbidden"
    status = 403
    title = N_("You may not do this")
    message = N_("Your role does not include this.")
    remedy = N_("If you need it for your work, ask your security administrator.")


class NotFound(AppError):
    """What is absent, and what belongs to somebody else: both look the same."""

    code = "not_found"
    status = 404
    title = N_("Not found")
    message = N_("There is nothing at this address, or it is not yours to see.")
    remedy = N_("Check the address, or start again from the map.")


class Conflict(AppError):
    """The state changed in between, or forbids the act."""

    code = "conflict"
    status = 409
    title = N_("This no longer fits")
    message = N_("Somebody else changed the same thing, or it exists already.")
    remedy = N_("Load the page again and look before you repeat it.")


class Stale(AppError):
    """The thing was changed since the asker saw it: its tag is another one."""

    code = "stale"
    status = 412
    title = N_("Somebody else changed this meanwhile")
    message = N_("What you changed is no longer as you saw it.")
    remedy = N_("Open it again and look before you repeat the change.")


class TagNeeded(AppError):
    """A change has to say in If-Match which state it was made from."""

    code = "tag_needed"
    status = 428
    title = Stale.title
    message = N_("The change does not say from which state it was made.")
    remedy = Stale.remedy


class TooManyRequests(AppError):
    """Wait ``params["seconds"]`` before the next try."""

    code = "too_many_requests"
    status = 429
    title = N_("Please wait")
    message = N_("Too many requests.")
    remedy = N_("Try again in %(seconds)s seconds.")


class Unavailable(AppError):
    """A part that the answer needs does not work now."""

    code = "unavailable"
    status = 503
    title = N_("Not available at the moment")
    message = N_("The server is busy or a part of it is not running.")
    remedy = N_("Try again in a moment.")


@dataclass(frozen=True)
class Problem:
    """An error as it is answered: texts are msgids, ``detail`` is shown as it is."""

    status: int
    code: str
    title: str
    message: str = ""
    remedy: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    detail: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


INTERNAL = Problem(
    500,
    "internal",
    N_("Something went wrong on our side"),
    N_("The error has been written down."),
    N_("Try again. If it happens again, tell your administrator the number below."),
)
BUSY = Problem(503, "busy", Unavailable.title, N_("Too much is being asked of the server."), Unavailable.remedy)
TOO_SLOW = Problem(
    503,
    "too_slow",
    N_("This took too long"),
    N_("The question was stopped so that others can work."),
    N_("Ask for a smaller area or a shorter period."),
)
DATABASE_AWAY = Problem(
    503, "database_away", Unavailable.title, N_("The database does not answer."), Unavailable.remedy
)
BAD_VALUE = Problem(400, "bad_value", BadInput.title, N_("A value cannot be used."), AppError.remedy)
CONFLICT = Problem(409, Conflict.code, Conflict.title, Conflict.message, Conflict.remedy)

HTTP_PROBLEMS: Mapping[int, Problem] = {
    400: Problem(400, AppError.code, AppError.title, AppError.message, AppError.remedy),
    403: Problem(403, Forbidden.code, Forbidden.title, Forbidden.message, Forbidden.remedy),
    404: Problem(404, NotFound.code, NotFound.title, NotFound.message, NotFound.remedy),
    405: Problem(405, "method_not_allowed", AppError.title, N_("This address does not take this kind of request.")),
    413: Problem(413, "too_large", N_("This is too large"), N_("More was sent than the server takes at once.")),
    415: Problem(
        415, "unsupported_media_type", AppError.title, N_("Send JSON with the content type application/json.")
    ),
    422: Problem(422, BadInput.code, BadInput.title, BAD_VALUE.message, BadInput.remedy),
}


def _of_own(error: AppError) -> Problem:
    return Problem(
        error.status, error.code, error.title, error.msgid, error.remedy_msgid, error.params, more=error.more
    )


def _of_package(error: Any) -> Problem:
    """Errors of the pure packages carry a code and a text about the data that was given."""
    return Problem(422, error.code, N_("This cannot be computed"), remedy=AppError.remedy, detail=str(error))


def _of_operational(error: sqlalchemy.exc.OperationalError) -> Problem:
    if isinstance(error.orig, psycopg.errors.QueryCanceled):
        return TOO_SLOW
    if isinstance(error.orig, psycopg.errors.LockNotAvailable | psycopg.errors.DeadlockDetected):
        return BUSY
    return DATABASE_AWAY


def _of_http(error: HTTPException) -> Problem:
    status = error.code or 500
    if status >= 500:
        return INTERNAL
    return HTTP_PROBLEMS.get(status, Problem(status, "bad_request", AppError.title, AppError.message, AppError.remedy))


TABLE: Mapping[type[BaseException], Callable[[Any], Problem]] = {
    AppError: _of_own,
    LayerError: _of_package,
    GridError: _of_package,
    ValidationError: lambda _: HTTP_PROBLEMS[422],
    HTTPException: _of_http,
    sqlalchemy.exc.OperationalError: _of_operational,
    sqlalchemy.exc.TimeoutError: lambda _: BUSY,
    sqlalchemy.exc.DataError: lambda _: BAD_VALUE,
    sqlalchemy.exc.IntegrityError: lambda _: CONFLICT,
}


def problem_of(error: BaseException) -> Problem:
    """How an error is answered; one that the table does not know is internal and shows nothing of itself."""
    for kind in type(error).__mro__:
        if kind in TABLE:
            return TABLE[kind](error)
    return INTERNAL
