"""A draft: the newest grids with what was drawn on them, what is wrong with it, and what changed beneath it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from geopandas import GeoDataFrame

from geo_app.models import County, GridChange
from geo_app.queries import grid_heads
from grid_boundaries.arrangement import aspects
from grid_boundaries.drafts import DraftFault, draft_faults
from grid_boundaries.steps import applied, outcome, touched


@dataclass(frozen=True, eq=False)
class Draft:
    """A change with its county and the grids that it is laid over, as `grid_heads.heads` gives them.

    ``drawn``: the operations of an earlier state; None for those that hold now.
    """

    change: GridChange
    county: County
    heads: GeoDataFrame
    drawn: Sequence[dict[str, Any]] | None = None
    known: dict[str, Any] = field(default_factory=dict, init=False, repr=False)  # what was worked out of it elsewhere

    @property
    def steps(self) -> Sequence[dict[str, Any]]:
        """The operations that hold, in order."""
        return self.change.operations[: self.change.position] if self.drawn is None else self.drawn

    @cached_property
    def grids(self) -> GeoDataFrame:
        """All grids of the county as the draft leaves them, by code: code, name, kind, community, geometry."""
        return applied(self.heads, self.steps)

    @cached_property
    def touched(self) -> set[str]:
        """The codes of all grids that the draft retires, creates or changes."""
        return touched(self.steps)

    @cached_property
    def claims(self) -> set[str]:
        """What no two changes do at once: the codes of `touched`, and of areas the code with what becomes other of them
        ("340523100001 name"; of the police, whose codes are their own, "340523001000 police name")."""
        spoken_of = [one for step in self.steps for one in aspects(step["asked"]).items()]
        tree = "police " if self.is_of_police else ""
        return self.touched | {f"{code} {tree}{aspect}" for code, aspect in spoken_of if aspect is not None}

    @cached_property
    def outcome(self) -> dict[str, Any]:
        """What the draft does, all operations together (`steps.outcome`)."""
        return outcome(self.steps)

    @cached_property
    def version_of(self) -> dict[str, int]:
        """The newest version (grid.id) of each grid by its code."""
        return dict(zip(self.heads["code"], self.heads["id"].tolist(), strict=True))

    @property
    def stale(self) -> list[str]:
        """The grids that are not those any more on which the draft was drawn, and codes that others took meanwhile."""
        base = self.change.base
        beneath = [code for code in base if code in self.touched and self.version_of.get(code) != base[code]]
        made = {code for step in self.steps for code in step["created"]}
        return sorted({*beneath, *(code for code in made if code in self.version_of)})

    @property
    def is_of_police(self) -> bool:
        """Whether areas of the police are drawn instead of grids."""
        return self.change.subject == grid_heads.POLICE

    @cached_property
    def faults(self) -> list[DraftFault]:
        """What is wrong near the grids that the draft touches."""
        pattern = grid_heads.code_pattern(self.county, self.change.subject)
        return draft_faults(self.heads, self.grids, self.touched, pattern=pattern)

    def began(self) -> Any:
        """The latest first day of the versions that the draft ends; None when all were there always. The draft cannot
        take effect before it."""
        rows = self.heads["code"].isin([*self.outcome["retired"], *self.outcome["changed"]]).to_numpy()
        days = [day for day in self.heads["began"].to_numpy()[np.flatnonzero(rows)] if day is not None]
        return max(days, default=None)


def tag_of(change: GridChange) -> str:
    """What changes whenever a change does."""
    return f"{change.id}-{change.revision}"
