"""Signing in with a real browser: its keyboard, its cookie jar, its content-security policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from geo_app.models import AppUser
from tests.security.browsing import PASSWORD
from tests.serving import served


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The application served on the loopback over plain HTTP, as the demonstration is."""
    with served(app) as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    yield context.new_page()
    context.close()


def test_A13_a_real_browser_keeps_the_secure_cookie_on_the_loopback(
    page: Page, address: str, new_user: Callable[..., AppUser]
) -> None:
    user = new_user("li.na", "planner", must_change_password=True)
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda request: troubles.append(request.url) if not request.url.startswith(address) else None)
    page.goto(f"{address}/password?from=menu")
    page.keyboard.type(user.login)  # the cursor stands in the first field
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/password?from=menu")
    cookies = page.context.cookies()
    assert [(cookie["name"], cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) for cookie in cookies] == [
        ("geo_session", True, True, "Lax")
    ]
    assert page.evaluate("document.cookie") == ""
    assert troubles == []


def test_a_wrong_password_keeps_the_name_and_says_so(page: Page, address: str, planner: AppUser) -> None:
    page.goto(address)
    page.get_by_label("用户名").fill(planner.login)
    page.get_by_label("密码").fill("not it")
    page.get_by_role("button", name="登录").click()
    assert "用户名或密码错误" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("用户名").input_value() == planner.login
    assert page.get_by_label("密码").input_value() == ""
    assert page.evaluate("document.activeElement.id") == "password"


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/password"])
def test_the_pages_fit_a_phone(browser: Browser, address: str, planner: AppUser, path: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page.goto(f"{address}{path}")
    if path == "/password":
        page.get_by_label("用户名").fill(planner.login)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.get_by_label("当前密码").wait_for()
    assert page.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)") <= 390
    small = page.evaluate(
        "[...document.querySelectorAll('button, input:not([type=hidden]):not(.only-read)')].filter(e => e.offsetHeight > 0 && e.offsetHeight < 40).length"
    )
    assert small == 0
    page.close()
