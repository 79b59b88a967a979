"""The page on which a user changes his own password."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from geo_app.errors import N_, AppError, BadInput
from geo_app.extensions import database
from geo_app.pages.sign_in import begin_session, browser_session
from geo_app.security.actor import current_actor
from geo_app.security.rules import own_account
from geo_app.services.users import change_own_password

blueprint = Blueprint("password", __name__)


@blueprint.get("/password")
@own_account
def form() -> Response:
    """The form."""
    return _page()


@blueprint.post("/password")
@own_account
def submit() -> Response:
    """Changes the password; other sessions of the user end, this one goes on under a new id."""
    try:
        new = request.form.get("new", "")
        if new != request.form.get("again", ""):
            raise BadInput(N_("The two new passwords differ."), N_("Type the new one twice."))
        with database().side_session() as session:
            change_own_password(session, current_actor(), request.form.get("old", ""), new)
    except AppError as error:
        return _page(error)
    begin_session(current_actor().user_id)
    flash(gettext("Your password has been changed."))
    return redirect("/", 303)


def _page(error: AppError | None = None) -> Response:
    account = browser_session().account
    page = render_template(
        "password.html",
        error=error and gettext(error.msgid, **error.params),
        remedy=error and gettext(error.remedy_msgid, **error.params),
        must_change=bool(account and account.must_change_password),
    )
    return make_response(page, error.status if error else 200)
