"""What somebody does with a change of grids through the API, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import shapely
from sqlalchemy import text

from tests.made_grids import COUNTY, SIZE, SOUTH, WEST, Governed, middle
from tests.made_town import Hand

CHANGES = "/api/grid-changes"


class Drafting:
    """A change, in the hands of one person; each act goes out from the state of the last answer."""

    def __init__(self, hand: Hand, state: dict[str, Any]) -> None:
        self.hand, self.state = hand, state

    @classmethod
    def begun(cls, governed: Governed, login: str = "editor", **form: Any) -> Drafting:
        hand = governed.browser(login)
        answer = hand.send(CHANGES, {"county": COUNTY, "title": "第一次调整", "reason": "新建小区", **form})
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return cls(hand, answer.get_json())

    def of(self, governed: Governed, login: str) -> Drafting:
        """The same change as somebody else opens it now."""
        other = Drafting(governed.browser(login), self.state)
        return other.again()

    @property
    def path(self) -> str:
        return f"{CHANGES}/{self.state['id']}"

    def again(self) -> Drafting:
        answer = self.hand.get(self.path)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        self.state = answer.get_json()
        return self

    def send(self, act: str, value: Any = None, *, method: str = "POST", tag: str | None = None) -> Any:
        """The answer of an act, whatever it is."""
        path = f"{self.path}/{act}" if act else self.path
        return self.hand.send(
            path, {} if value is None else value, method, **{"If-Match": f'"{tag or self.state["tag"]}"'}
        )

    def done(self, act: str, value: Any = None, **more: Any) -> dict[str, Any]:
        """The change after an act that has to succeed."""
        answer = self.send(act, value, **more)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        body = answer.get_json()
        self.state = body["change"] if "change" in body and isinstance(body["change"], dict) else body
        return dict(body)

    def drawn(self, **operation: Any) -> dict[str, Any]:
        return self.done("operations", operation)

    def refused(self, **operation: Any) -> dict[str, Any]:
        answer = self.send("operations", operation)
        assert answer.status_code == 422, answer.get_data(as_text=True)
        return dict(answer.get_json())

    def submitted(self, day: date, **form: Any) -> Drafting:
        self.done("", {"effective_on": day.isoformat(), **form}, method="PATCH")
        self.done("submit")
        return self

    def approved(self, governed: Governed, login: str = "reviewer") -> Drafting:
        other = self.of(governed, login)
        other.done("decision", {"decision": "approve"})
        self.again()
        return self


def across(column: int, row: int) -> list[list[float]]:
    """A line from west to east across a grid, a quarter above its middle."""
    x, y = middle(column, row)
    return [[x - 0.7 * SIZE, y + 0.1 * SIZE], [x + 0.7 * SIZE, y + 0.13 * SIZE]]


def ring(west: float, south: float, east: float, north: float) -> list[list[float]]:
    """A rectangle in grids counted from the south-west corner of the county."""
    x, y = lambda column: WEST + column * SIZE, lambda row: SOUTH + row * SIZE
    return [[x(west), y(south)], [x(east), y(south)], [x(east), y(north)], [x(west), y(north)]]


def union_of(frame: Any) -> shapely.Geometry:
    return shapely.union_all(frame.geometry.to_numpy())


def codes(frame: Any) -> Sequence[str]:
    return list(frame["code"])


def people(governed: Governed, code: str) -> dict[str, Any]:
    """Who is and was responsible for a grid."""
    return dict(governed.browser("editor").get(f"/api/grids/{stable_id(governed, code)}/people").get_json())


def sent(governed: Governed, code: str, path: str, value: dict[str, Any], method: str = "POST") -> None:
    """An act on the people of a grid, or on its name, from the state that it is in."""
    hand, of_grid = governed.browser("editor"), f"/api/grids/{stable_id(governed, code)}"
    tag = hand.get(of_grid + "/people").headers["ETag"]
    answer = hand.send(of_grid + path, value, method, **{"If-Match": tag})
    assert answer.status_code in (200, 201), answer.get_data(as_text=True)


def stable_id(governed: Governed, code: str) -> int:
    with governed.database.session(governed.county_scope(), read_only=True) as session:
        found = session.scalars(text("SELECT stable_id FROM grid WHERE code = :code"), {"code": code}).all()
    [number] = set(found)
    return int(number)
