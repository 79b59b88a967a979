"""How incidents were placed, as answers say it."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext
from pydantic import BaseModel, Field

from layers.base import Placing, is_low, placed_share


class PlacingAnswer(BaseModel):
    """How many incidents were placed at a level; "none" without a place."""

    level: str
    label: str = Field(description="The level in words.")
    count: int


class PlacedAnswer(BaseModel):
    """``share``: which part has a place, 0..1, None without incidents; ``is_low``: too few to stand for all of them."""

    share: float | None
    is_low: bool
    levels: list[PlacingAnswer] = Field(description="Those that occur, best first.")


def placed_answer(placing: Sequence[Placing]) -> PlacedAnswer:
    """The levels with their names in the language of the request."""
    share = placed_share(placing)
    levels = [PlacingAnswer(level=one.level, label=gettext(one.label), count=one.count) for one in placing]
    return PlacedAnswer(share=None if share is None else round(share, 4), is_low=is_low(share), levels=levels)
