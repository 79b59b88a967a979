from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType
from typing import Any

import pytest
from argon2 import PasswordHasher, extract_parameters
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from geo_app import create_app
from geo_app.config import Settings
from geo_app.database.engine import Database
from geo_app.models import AppUser, AuditEntry
from geo_app.security.passwords import NOBODYS_HASH, WeakPassword, check_strength, hash_password, verify_password
from geo_app.services.sign_in import TooManyFailures, WrongCredentials, sign_in
from geo_app.services.users import unlock
from tests.security.browsing import JSON, PASSWORD, csrf_token, token_of
from tests.security.browsing import sign_in as fill_in

pytestmark = pytest.mark.usefixtures("heavy_passwords")

FAR = "203.0.113.9"
OFFICE = "192.0.2.10"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Three failures are enough: each costs the work of a real password."""
    return replace(settings, sign_in_failures=3)


def outcome_of(database: Database, settings: Settings, login: str, password: str, address: str = FAR) -> str:
    """What a sign-in comes to."""
    try:
        sign_in(database, settings, login, password, address)
    except WrongCredentials:
        return "wrong"
    except TooManyFailures:
        return "waits"
    return "in"


def fail(database: Database, settings: Settings, times: int, login: str, address: str = FAR) -> None:
    for _ in range(times):
        assert outcome_of(database, settings, login, "not it", address) == "wrong"


def make_older(database: Database, seconds: int) -> None:
    """Lets time pass for the failures that are written down."""
    with database.side_session() as session:
        session.execute(text("UPDATE sign_in_failure SET at = at - make_interval(secs => :s)"), {"s": seconds})


def test_a_user_signs_in_and_comes_to_the_page_that_was_asked_for(client: FlaskClient, planner: AppUser) -> None:
    asked = client.get("/password?from=menu")
    assert asked.status_code == 302
    assert asked.location == "/sign-in?next=/password?from%3Dmenu"
    response = fill_in(client, planner.login, data={"next": "/password?from=menu"})
    assert (response.status_code, response.location) == (303, "/password?from=menu")
    assert client.get("/password").status_code == 200


def test_F04_signing_in_failing_and_signing_out_are_recorded(
    signed_in: FlaskClient, planner: AppUser, audit_rows: Callable[[str], list[AuditEntry]]
) -> None:
    fill_in(signed_in.application.test_client(), planner.login, "not it")
    token = csrf_token(signed_in, "/password")
    assert signed_in.post("/sign-out", data={"csrf_token": token}).status_code == 303
    entries = audit_rows("sign_in")
    assert [(entry.outcome, entry.user_id) for entry in entries] == [("done", planner.id), ("failed", planner.id)]
    assert str(entries[0].address) == "127.0.0.1"
    assert [entry.user_id for entry in audit_rows("sign_out")] == [planner.id]


def test_A06_an_account_waits_after_too_many_failures_whichever_process_is_asked(
    settings: Settings, database: Database, planner: AppUser
) -> None:
    browsers = [create_app(settings, database).test_client() for _ in range(2)]
    for attempt in range(settings.sign_in_failures):
        assert fill_in(browsers[attempt % 2], planner.login, "not it").status_code == 401
    restarted = create_app(settings, database).test_client()
    response = fill_in(restarted, planner.login.upper())
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= settings.sign_in_lock_s
    assert restarted.get("/password", headers=JSON).status_code == 401


def test_A06_parallel_guesses_get_no_more_tries_than_single_ones(
    settings: Settings, database: Database, planner: AppUser
) -> None:
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda _: outcome_of(database, settings, planner.login, "not it"), range(8)))
    assert outcomes.count("wrong") == settings.sign_in_failures
    assert outcomes.count("waits") == 8 - settings.sign_in_failures


def test_A06_the_wait_ends(settings: Settings, database: Database, planner: AppUser) -> None:
    fail(database, settings, settings.sign_in_failures, planner.login)
    assert outcome_of(database, settings, planner.login, PASSWORD) == "waits"
    make_older(database, settings.sign_in_lock_s)
    assert outcome_of(database, settings, planner.login, PASSWORD) == "in"


def test_A06_trying_while_waiting_does_not_lengthen_the_wait(
    settings: Settings, database: Database, planner: AppUser
) -> None:
    fail(database, settings, settings.sign_in_failures, planner.login)
    make_older(database, settings.sign_in_lock_s // 2)
    assert outcome_of(database, settings, planner.login, "not it") == "waits"
    make_older(database, settings.sign_in_lock_s // 2)
    assert outcome_of(database, settings, planner.login, PASSWORD) == "in"


def test_A06_an_address_waits_after_failing_with_many_accounts(
    settings: Settings, database: Database, planner: AppUser
) -> None:
    for number in range(4 * settings.sign_in_failures):
        assert outcome_of(database, settings, f"guess{number}", "not it") == "wrong"
    assert outcome_of(database, settings, planner.login, PASSWORD) == "waits"
    assert outcome_of(database, settings, planner.login, PASSWORD, OFFICE) == "in"


def test_A06_a_stranger_cannot_lock_somebody_out_of_his_own_desk(
    settings: Settings, database: Database, planner: AppUser
) -> None:
    assert outcome_of(database, settings, planner.login, PASSWORD, OFFICE) == "in"
    fail(database, settings, settings.sign_in_failures, planner.login, FAR)
    assert outcome_of(database, settings, planner.login, PASSWORD, FAR) == "waits"
    assert outcome_of(database, settings, planner.login, PASSWORD, OFFICE) == "in"
    fail(database, settings, settings.sign_in_failures, planner.login, OFFICE)
    assert outcome_of(database, settings, planner.login, PASSWORD, OFFICE) == "waits"


def test_A06_the_command_line_lets_a_waiting_user_try_again(
    settings: Settings, database: Database, planner: AppUser
) -> None:
    fail(database, settings, settings.sign_in_failures, planner.login)
    with database.side_session() as session:
        unlock(session, planner)
    assert outcome_of(database, settings, planner.login, PASSWORD) == "in"


def test_A06_signing_in_forgives_what_failed_there_but_not_elsewhere(
    settings: Settings, database: Database, planner: AppUser
) -> None:
    fail(database, settings, settings.sign_in_failures - 1, planner.login, OFFICE)
    assert outcome_of(database, settings, planner.login, PASSWORD, OFFICE) == "in"
    fail(database, settings, settings.sign_in_failures - 1, planner.login, OFFICE)
    fail(database, replace(settings, sign_in_failures=99), 2, planner.login, FAR)
    assert outcome_of(database, settings, planner.login, PASSWORD, FAR) == "waits"


@contextmanager
def counted_verifications() -> Iterator[list[str]]:
    """The stored hashes that argon2 compares with in this thread, seen by the interpreter's own profiler."""
    seen: list[str] = []

    def watch(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code is PasswordHasher.verify.__code__:
            seen.append(str(frame.f_locals["hash"]))

    sys.setprofile(watch)
    try:
        yield seen
    finally:
        sys.setprofile(None)


def test_A07_an_unknown_user_and_a_wrong_password_get_the_same_answer(client: FlaskClient, planner: AppUser) -> None:
    def answer(login: str) -> tuple[int, str, dict[str, str]]:
        response = fill_in(client, login, "not it")
        page = response.get_data(as_text=True).replace(login, "LOGIN")
        for varying in ("csrf_token", "nonce"):
            page = "\n".join(line for line in page.splitlines() if varying not in line)
        headers = {
            name: value for name, value in response.headers if name not in {"X-Request-ID"} and "nonce" not in value
        }
        headers.pop("Content-Length")
        return response.status_code, page, headers

    assert answer(planner.login) == answer("wang.wex")


def test_A07_an_unknown_user_costs_one_verification_of_the_same_work(
    settings: Settings, database: Database, planner: AppUser
) -> None:
    for login in (planner.login, "nobody"):
        with counted_verifications() as seen:
            assert outcome_of(database, settings, login, "not it") == "wrong"
        assert len(seen) == 1, login
    assert extract_parameters(NOBODYS_HASH) == extract_parameters(hash_password("any"))


def test_A07_a_disabled_user_is_not_told_apart(settings: Settings, database: Database, planner: AppUser) -> None:
    with database.side_session() as session:
        session.execute(text("UPDATE app_user SET active = false"))
    with counted_verifications() as seen:
        assert outcome_of(database, settings, planner.login, PASSWORD) == "wrong"
    assert len(seen) == 1


@pytest.mark.parametrize("password", ["x" * 63 + "A", "密码" * 32 + "末", "é" * 100 + "1", "a" * 71 + "é" + "Z"])
def test_A08_long_and_unicode_passwords_are_not_cut(password: str) -> None:
    stored = hash_password(password)
    assert verify_password(stored, password)
    assert not verify_password(stored, password[:-1])
    assert not verify_password(stored, password[:-1] + "!")


def test_A08_different_keyboards_may_write_the_same_password() -> None:
    assert verify_password(hash_password("cafe\u0301 １２３"), "caf\u00e9 123")


@pytest.mark.parametrize("password", ["Short1!", "onlyletters", "12345678", "Wang.Wei-2024", "a" * 20, "Aa1!" * 300])
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        check_strength(password, "wang.wei")


@pytest.mark.parametrize(
    "password", [PASSWORD, "correct horse battery", "巡逻路线图网格边界摄像头重点部位", "3c-f9a1-Map"]
)
def test_a_good_password_is_taken(password: str) -> None:
    check_strength(password, "wang.wei")


def test_a_user_whose_password_somebody_else_chose_gets_no_further_than_to_his_own(
    client: FlaskClient, new_user: Callable[..., AppUser]
) -> None:
    user = new_user("li.na", "planner", must_change_password=True)
    fill_in(client, user.login)
    assert client.get("/").location == "/password"
    response = client.get("/", headers=JSON)
    assert (response.status_code, response.json["code"]) == (403, "password_change_required")
    before = token_of(client)
    form = {
        "csrf_token": csrf_token(client, "/password"),
        "old": PASSWORD,
        "new": "Other-Horse-43",
        "again": "Other-Horse-43",
    }
    assert client.post("/password", data=form).status_code == 303
    assert token_of(client) != before
    assert "密码已修改" in client.get("/").text
    assert "密码已修改" not in client.get("/").text


@pytest.mark.parametrize(
    ("old", "new", "again", "sentence"),
    [
        ("wrong", "Other-Horse-43", "Other-Horse-43", "当前密码错误"),
        (PASSWORD, "Other-Horse-43", "Other-Horse-44", "两次输入的新密码不一致"),
        (PASSWORD, PASSWORD, PASSWORD, "新密码与当前密码相同"),
        (PASSWORD, "weak", "weak", "密码至少 8 位"),
    ],
)
def test_a_password_that_cannot_be_changed_says_why(
    signed_in: FlaskClient, old: str, new: str, again: str, sentence: str
) -> None:
    token = csrf_token(signed_in, "/password")
    page = signed_in.post("/password", data={"csrf_token": token, "old": old, "new": new, "again": again})
    assert page.status_code in {400, 401, 422}
    assert sentence in page.get_data(as_text=True)


def test_the_language_chosen_before_signing_in_stays_and_a_users_own_wins(app: Flask, planner: AppUser) -> None:
    client = app.test_client()
    assert 'lang="zh-Hans"' in client.get("/sign-in").get_data(as_text=True)
    client.post("/language", data={"csrf_token": csrf_token(client), "language": "en", "next": "/sign-in"})
    assert 'lang="en"' in client.get("/sign-in").get_data(as_text=True)
    fill_in(client, planner.login)
    assert 'lang="en"' in client.get("/password").get_data(as_text=True)
    client.post("/language", data={"csrf_token": csrf_token(client, "/password"), "language": "zh"})
    assert 'lang="zh-Hans"' in client.get("/password", headers={"Accept-Language": "en"}).get_data(as_text=True)


def test_without_a_choice_the_browsers_language_counts(client: FlaskClient) -> None:
    page = client.get("/sign-in", headers={"Accept-Language": "en-GB,zh;q=0.5"}).get_data(as_text=True)
    assert "Sign in" in page
    assert "登录" in client.get("/sign-in", headers={"Accept-Language": "fr"}).get_data(as_text=True)


@pytest.mark.parametrize("login", ["", " ", "a\x00b", "x" * 5000, "' OR 1=1 --", "%", "王伟\u202e", "*"])
def test_a_strange_user_name_is_a_wrong_one(client: FlaskClient, planner: AppUser, login: str) -> None:
    assert fill_in(client, login).status_code in {400, 401}


def test_a_very_long_password_is_a_wrong_one(client: FlaskClient, planner: AppUser) -> None:
    assert fill_in(client, planner.login, PASSWORD * 10_000).status_code == 401
