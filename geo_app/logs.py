"""Logs: one JSON record a line, whatever the text holds, and nothing in it that a log may not know."""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import time
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, has_request_context, request

from geo_app.security.actor import current_actor

_REQUESTS = logging.getLogger("geo_app.requests")

_MASKS = (
    # Passwords, tokens and cookies, as name=value, name: value or "name": "value".
    (
        re.compile(
            r"""(?ix)(["']?\b(?:[\w-]*password|[\w-]*token|secret[\w-]*|authorization|cookie|set-cookie|geo_session)\b["']?
            \s*[=:]\s*) (?:"[^"]*" | '[^']*' | (?:bearer\s+|basic\s+)?[^\s&,;"']+)"""
        ),
        r"\1***",
    ),
    (re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"), "[id number]"),
    (re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"), "[telephone]"),
    (re.compile(r"(//[^:/@\s]+):[^@/\s]+@"), r"\1:***@"),  # the password of a database's address
)
# JSON escapes what is below U+0020. These too can end a line, turn it round on a screen, or not be written at all.
_UNSEEN = re.compile("[\x7f-\x9f\xad\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_OWN_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON with the request and the user it belongs to."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": mask(record.getMessage()),
        }
        if has_request_context():
            entry["request_id"] = g.get("request_id")
            entry["user_id"] = current_actor().user_id
        for name, value in vars(record).items():
            if name not in _OWN_ATTRIBUTES:
                entry[name] = value if isinstance(value, int | float | bool | None) else mask(str(value))
        if record.exc_info:
            entry["traceback"] = mask(self.formatException(record.exc_info))
        return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(entry, ensure_ascii=False))


def mask(text: str) -> str:
    """``text`` without passwords, tokens, mobile telephone and identity numbers."""
    for pattern, instead in _MASKS:
        text = pattern.sub(instead, text)
    return text


def set_up_logging(level: str) -> None:
    """Sends every logger of the process to stderr as JSON; calling it again changes the level only."""
    root = logging.getLogger()
    root.setLevel(level.upper())
    if not any(isinstance(handler.formatter, JsonFormatter) for handler in root.handlers):
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonFormatter())
        root.addHandler(handler)


def install(app: Flask) -> None:
    """Gives each request an id and writes one line about it."""

    @app.before_request
    def begin() -> None:
        g.request_id = secrets.token_hex(8)
        g.began = time.monotonic()

    @app.after_request
    def write(response: Response) -> Response:
        _REQUESTS.info(
            "%s %s %s",
            request.method,
            request.path,
            response.status_code,
            extra={
                "status": response.status_code,
                "ms": round((time.monotonic() - g.get("began", time.monotonic())) * 1000),
                "address": request.remote_addr,
            },
        )
        return response
