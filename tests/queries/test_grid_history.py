"""The history of grids out of the database answers what the pure functions ask of it."""

from __future__ import annotations

import pandas as pd
import pytest

from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from geo_app.models import County
from geo_app.queries.grid_history import history
from grid_boundaries.lineage import as_of, between, parents
from grid_boundaries.restating import restate
from tests.grid_boundaries.board import cell, day
from tests.queries.made_block import DAY, Block


@pytest.fixture
def block(database: Database, county: County, county_scope: Scope) -> Block:
    """A grid that is cut in two by a change, beside one that is drawn anew; what it was known as before is kept too."""
    made = Block(database, county_scope, county)
    for number, reason in ((1, "real_change"), (2, "re_digitising")):
        made.put("grid_change", id=number, kind="split", reason_code=reason, status="approved")
    made.grid("900", cell(0, 0, 2), id=1, valid="(,)", recorded="[2026-01-01 00:00Z,2026-02-01 00:00Z)")
    made.grid("900", cell(0, 0, 2), id=2, valid="(,2026-02-01)", recorded="[2026-02-01 00:00Z,)")
    made.grid("901", cell(0, 0), id=3, valid="[2026-02-01,)", change_id=1)
    made.grid("902", cell(1, 0), id=4, valid="[2026-02-01,)", change_id=1)
    made.grid("903", cell(2, 0), id=5, valid="(,2026-03-01)")
    made.grid("903", cell(2, 0, 1.1), id=6, valid="[2026-03-01,)", change_id=2)
    for child in (3, 4):
        made.put("grid_lineage", change_id=1, parent_id=1, child_id=child)
    return made


def told(block: Block) -> tuple:
    return block.ask(lambda session, county, _: history(session, county))


def test_any_day_and_what_was_known_then_and_the_parents(block: Block) -> None:
    versions, links = told(block)
    assert as_of(versions, day(0))["code"].tolist() == ["900", "903"]
    assert as_of(versions, DAY)["code"].tolist() == ["901", "902", "903"]
    assert as_of(versions, DAY, pd.Timestamp("2026-01-15", tz="UTC"))["code"].tolist() == ["900"]
    assert parents(versions, links, "902", DAY)["id"].tolist() == [2]


def test_drawing_anew_is_told_apart_and_counts_are_restated(block: Block) -> None:
    versions, links = told(block)
    found = between(versions, links, day(0), DAY)
    assert found.loc[found["re_digitised"], ["kind", "code"]].to_numpy().tolist() == [["moved", "903"]]
    assert found.loc[~found["re_digitised"], "code"].tolist() == ["900", "901", "902"]
    counts = pd.DataFrame({"code": ["900", "903"], "day": day(0), "incidents": [8, 5]})
    restated = restate(counts, versions, links, DAY).set_index("code")
    assert restated["incidents"].to_dict() == pytest.approx({"901": 4, "902": 4, "903": 5}, rel=1e-6)
    assert restated["how"].tolist() == ["area", "area", "unchanged"]


def test_a_county_without_grids_has_an_empty_history(database: Database, county: County, county_scope: Scope) -> None:
    versions, links = told(Block(database, county_scope, county))
    assert len(as_of(versions, DAY)) == 0
    assert len(between(versions, links, day(0), DAY)) == 0
