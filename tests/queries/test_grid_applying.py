"""A change of grids is written whole or not at all."""

from __future__ import annotations

from datetime import date

import pytest
import shapely

from geo_app.models import GridChange
from geo_app.queries import grid_applying
from tests.drafting import Drafting
from tests.made_grids import Governed, square


def test_a_version_whose_parent_is_not_seen_is_an_error_and_not_left_out(governed: Governed) -> None:
    number = Drafting.begun(governed).state["id"]
    shape = shapely.MultiPolygon([square(0, 0)]).wkb_hex
    told = {"code": "340523100001099", "name": "新", "kind": "basic", "wkb": shape, "parent": -1, "fresh": True}
    before = governed.count("grid")
    with (
        pytest.raises(AssertionError, match="would begin 1 versions of grids, but 0"),
        governed.database.session(governed.county_scope()) as session,
    ):
        grid_applying.write(session, session.get_one(GridChange, number), date(2026, 12, 1), [], [told])
    assert governed.count("grid") == before
