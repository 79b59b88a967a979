from __future__ import annotations

from flask.testing import FlaskClient

from geo_app.models import AppUser
from tests.security.browsing import JSON, csrf_token, sign_in, token_of


def test_A03_the_session_id_changes_when_signing_in(client: FlaskClient, planner: AppUser) -> None:
    csrf_token(client)
    before = token_of(client)
    response = sign_in(client, planner.login)
    assert response.status_code == 303, response.get_data(as_text=True)
    assert token_of(client) != before
    assert client.get("/password").status_code == 200
    client.set_cookie("geo_session", before)
    assert client.get("/password", headers=JSON).status_code == 401
