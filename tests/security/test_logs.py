from __future__ import annotations

import io
import json
import logging
import unicodedata
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from geo_app.logs import JsonFormatter, mask
from geo_app.models import AppUser
from tests.security.browsing import PASSWORD, sign_in, token_of


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the process writes to its log during a test."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


def line(message: str, *arguments: object, **extra: object) -> str:
    record = logging.LogRecord("test", logging.INFO, "", 0, message, arguments, None)
    vars(record).update(extra)
    return JsonFormatter().format(record)


@pytest.mark.parametrize(
    "path", ["/x%0d%0a{%22level%22:%22FAKE%22}", "/x%1b[2J%1b[31mred", "/x%c2%9b31m", "/x%e2%80%a8next"]
)
def test_E03_a_request_is_one_record_whatever_its_address_holds(
    client: FlaskClient, written: io.StringIO, path: str
) -> None:
    client.get(path)
    lines = written.getvalue().splitlines()
    records = [json.loads(one) for one in lines]
    assert sum(record["logger"] == "geo_app.requests" for record in records) == 1
    assert not any(record["level"] == "FAKE" for record in records)
    assert "\x1b" not in written.getvalue() and "\x9b" not in written.getvalue()


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_E03_any_text_is_one_line_of_json_that_shows_no_control_character(text: str) -> None:
    written = line("%s", text.replace("%", "%%"), extra_text=text)
    assert len(written.splitlines()) == 1
    assert not {unicodedata.category(character) for character in written} & {"Cc", "Cs", "Zl", "Zp"}
    written.encode()
    json.loads(written)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("call 13812345678 back", "13812345678"),
        ("call +86 138 1234 5678 back", "138 1234 5678"),
        ("call 8613812345678", "13812345678"),
        ("电话：139-1234-5678。", "139-1234-5678"),
        ("id 340523199001011234", "340523199001011234"),
        ("id 34052319900101123X,", "34052319900101123X"),
        ("POST /x?password=hunter2&a=1", "hunter2"),
        ('{"password": "hun ter2"}', "hun ter2"),
        ("new_password='hunter2'", "hunter2"),
        ("csrf_token=abc.def-ghi", "abc.def-ghi"),
        ("X-CSRFToken: abc.def", "abc.def"),
        ("Authorization: Bearer abc.def", "abc.def"),
        ("Cookie: geo_session=abcdef", "abcdef"),
        ("postgresql://geo:hunter2@db/geo", "hunter2"),
    ],
)
def test_E03_secrets_telephones_and_identity_numbers_are_masked(text: str, hidden: str) -> None:
    assert hidden not in mask(text)
    assert hidden not in line("%s", text)
    assert hidden not in line("nothing", more=text)


@pytest.mark.parametrize(
    "text",
    ["grid 340523100001001", "camera 34052300001310000001", "community 340523100001", "took 12 ms", "id 1732248000"],
)
def test_codes_of_grids_and_cameras_stay_readable(text: str) -> None:
    assert mask(text) == text


def test_E03_a_traceback_is_masked_too(written: io.StringIO) -> None:
    try:
        raise ValueError("password=hunter2 of 13812345678")
    except ValueError:
        logging.getLogger("test").exception("failed")
    record = json.loads(written.getvalue())
    assert "ValueError" in record["traceback"]
    assert "hunter2" not in written.getvalue() and "13812345678" not in written.getvalue()


def test_E03_signing_in_leaves_no_password_and_no_token_in_the_log(
    client: FlaskClient, planner: AppUser, written: io.StringIO
) -> None:
    sign_in(client, planner.login, "Wrong-Horse-41")
    sign_in(client, planner.login)
    client.get("/password?token=" + token_of(client))
    text = written.getvalue()
    for secret in (PASSWORD, "Wrong-Horse-41", token_of(client)):
        assert secret not in text
    records = [json.loads(one) for one in text.splitlines()]
    last = [record for record in records if record["logger"] == "geo_app.requests"][-1]
    assert (last["user_id"], last["status"]) == (planner.id, 200)
    assert last["request_id"]
