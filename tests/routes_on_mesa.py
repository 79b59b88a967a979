"""Routes drawn over the demonstration, for tests: places to click, and what a browser sends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.security.browsing import JSON, csrf_token


def ends_of_gaps(client: FlaskClient, number: int, query: str = "") -> list[list[float]]:
    """Longitude and latitude of the middles of the first gaps."""
    gaps = client.get(f"/api/gaps?county=mesa&limit={number}{query}").get_json()["gaps"]
    boxes = [gap["bounds"] for gap in gaps]
    return [[round((w + e) / 2, 7), round((s + n) / 2, 7)] for w, s, e, n in boxes]


class Planner:
    """A browser that draws routes."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.headers = {**JSON, "X-CSRFToken": csrf_token(client, "/password")}

    def send(self, method: str, path: str, value: Any, **headers: str) -> TestResponse:
        return self.client.open(path, method=method, json=value, headers={**self.headers, **headers})

    def preview(self, points: Sequence[Any], **more: Any) -> TestResponse:
        return self.send("POST", "/api/routes/preview", {"county": "mesa", "points": points, **more})

    def draw(self, points: Sequence[Any], **more: Any) -> TestResponse:
        value = {
            "county": "mesa",
            "name": "夜巡一线",
            "points": points,
            "mode": "foot",
            "team": "一组",
            "departures": ["08:00", "10:00"],
            "shift": {"begins": "06:00", "ends": "14:00"},
            "key": str(uuid4()),
        }
        return self.send("POST", "/api/routes", {**value, **more})

    def tag(self, route_id: int) -> str:
        return str(self.client.get(f"/api/routes/{route_id}").headers["ETag"])
