"""A real browser at a real server, and everything that it complained about."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Error, Page, Request

from tests.security.browsing import PASSWORD, csrf_in
from tests.serving import served as served

DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(event.violatedDirective + " " + event.blockedURI));
"""


class Visit:
    """A tab with all that it asked for and all that went wrong in it."""

    def __init__(self, browser: Browser, address: str, **options) -> None:
        self.address = address
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.context = browser.new_context(**{"viewport": DESK, "locale": "zh-CN", **options})
        self.context.add_init_script(_VIOLATIONS)
        self.tab: Page = self.context.new_page()
        self.tab.on("request", self._asked)
        self.tab.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)

    def sign_in(self, login: str = "planner") -> Visit:
        """Sends the sign-in form. No page is drawn: a test opens its own."""
        page = self.context.request.get(f"{self.address}/sign-in").text()
        form = {"csrf_token": csrf_in(page), "login": login, "password": PASSWORD}
        answer = self.context.request.post(f"{self.address}/sign-in", form=form, max_redirects=0)
        assert answer.status == 303, f"{login} may not sign in: {answer.status}"
        return self

    def open(self, query: str = "") -> Visit:
        """Opens the map page and waits until everything on it is drawn."""
        self.tab.goto(f"{self.address}/{query}")
        return self.ready()

    def ready(self) -> Visit:
        self.tab.wait_for_selector("html[data-ready=true]")
        return self

    def until(self, truth: str) -> None:
        """Waits until a script is true. The page's own waiting evaluates it in the page, which our policy forbids."""
        end = time.monotonic() + 30
        while not self._is(truth):
            assert time.monotonic() < end, f"never true: {truth}"
            self.tab.wait_for_timeout(20)

    def _is(self, truth: str) -> bool:
        try:
            return bool(self.tab.evaluate(truth))
        except Error as error:
            if "context was destroyed" not in str(error):
                raise
            return False  # the page is leaving: the next one may say so

    def hosts(self) -> set[str]:
        return {urlsplit(url).netloc for url in self.requests if not url.startswith(("data:", "blob:"))}

    def violations(self) -> list[str]:
        return list(self.tab.evaluate("window.violations"))

    def leave(self) -> None:
        self.context.close()
