"""Drafting on a county of 10,000 grids of 100 vertices, over HTTP as the editor asks: live numbers while dragging under
100 ms a round trip, and what an operation, its undo and the whole draft cost.

Times are those of the processor of this process, so that a busy machine changes little; the database's are not in them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.engine import URL

from tests.benchmarks.test_edit_speed import county as made_county
from tests.conftest import clone
from tests.drafting import Drafting
from tests.made_grids import Governed
from tests.made_town import opened

LIVE_MS = 100


@pytest.fixture(scope="module")
def large(server_url: URL, governed_template: str, run_name: str, tmp_path_factory: Any) -> Iterator[Governed]:
    """The made county with 10,000 grids in the place of its own."""
    folder: Path = tmp_path_factory.mktemp("large")
    with clone(server_url, governed_template, run_name) as url, opened(url, folder / "state") as town:
        governed = Governed(town.settings, town.database, town.app)
        grids = made_county()
        rows = [
            {"code": f"340523100{code}", "name": code, "wkb": wkb}
            for code, wkb in zip(grids["code"], shapely.to_wkb(grids.geometry.to_numpy(), hex=True), strict=True)
        ]
        with governed.database.owner_session() as owner:
            owner.execute(text("CREATE TEMP TABLE one AS SELECT county_id, police_area_id FROM grid LIMIT 1"))
            owner.execute(text("DELETE FROM grid_worker"))
            owner.execute(text("DELETE FROM grid"))
            owner.execute(
                text(
                    "INSERT INTO grid (county_id, admin_area_id, police_area_id, stable_id, code, name, geom)"
                    " SELECT one.county_id, (SELECT min(id) FROM area WHERE tree = 'admin'), one.police_area_id,"
                    " row_number() OVER (), r.code, r.name, ST_SetSRID(r.wkb::geometry, 4326) FROM one,"
                    " unnest(CAST(:codes AS text[]), CAST(:names AS text[]), CAST(:wkb AS text[])) r(code, name, wkb)"
                ),
                {
                    name: [row[key] for row in rows]
                    for name, key in (("codes", "code"), ("names", "name"), ("wkb", "wkb"))
                },
            )
            owner.execute(text("SELECT setval(pg_get_serial_sequence('grid', 'id'), 1000000)"))
        yield governed


@pytest.fixture(scope="module")
def drafting(large: Governed) -> Drafting:
    draft = Drafting.begun(large)
    draft.hand.get(f"{draft.path}/grids")  # what a page asks for first: the grids are read once
    return draft


def timed(benchmark: Any, work: Any, rounds: int = 7) -> float:
    """Milliseconds of the processor of the middle round."""
    spent = []

    def once() -> None:
        began = time.process_time()
        work()
        spent.append((time.process_time() - began) * 1e3)

    benchmark.pedantic(once, rounds=rounds, warmup_rounds=1)
    return sorted(spent)[len(spent) // 2]


def middle_vertex(draft: Drafting) -> tuple[list[float], list[float]]:
    """A vertex of a shared line in the middle of the county, and a place 3 m beside it."""
    grids = made_county()
    ring = shapely.get_coordinates(grids.geometry.iloc[5050])
    at = ring[37]
    return at.tolist(), [round(at[0] + 3e-5, 7), round(at[1] + 2e-5, 7)]


def with_steps(large: Governed, count: int) -> Drafting:
    """A draft on which so many vertices were dragged, as it is before it is brought up to date."""
    draft = Drafting.begun(large)
    vertices = [shapely.get_coordinates(shape)[37] for shape in made_county().geometry.iloc[:: 10_000 // count]]
    nothing = {"retired": [], "created": [], "changed": [], "came_from": {}, "set": {}, "by": None, "at": ""}
    steps = [
        {"asked": {"op": "drag", "at": at.tolist(), "to": [round(at[0] + 3e-5, 7), round(at[1] + 2e-5, 7)]}, **nothing}
        for at in vertices
    ]
    with large.database.owner_session() as owner:
        owner.execute(
            text("UPDATE grid_change SET operations = CAST(:steps AS jsonb), position = :count WHERE id = :id"),
            {"steps": json.dumps(steps), "count": count, "id": draft.state["id"]},
        )
    return draft


def test_live_numbers_while_dragging(benchmark: Any, drafting: Drafting) -> None:
    at, to = middle_vertex(drafting)

    def ask() -> None:
        answer = drafting.hand.send(f"{drafting.path}/preview", {"op": "drag", "at": at, "to": to})
        assert answer.status_code == 200, answer.get_data(as_text=True)

    spent = timed(benchmark, ask)
    if benchmark.enabled:
        assert spent < LIVE_MS, f"{spent:.0f} ms"


def test_an_operation_with_its_check_stored_and_undone(benchmark: Any, drafting: Drafting) -> None:
    at, to = middle_vertex(drafting)

    def draw() -> None:
        drafting.drawn(op="drag", at=at, to=to)
        drafting.done("undo")

    spent = timed(benchmark, draw)
    if benchmark.enabled:
        assert spent < 3 * LIVE_MS, f"{spent:.0f} ms"


def test_a_draft_of_200_steps_brought_up_to_date_takes_twice_as_long_as_one_of_100(
    benchmark: Any, large: Governed
) -> None:
    spent = []
    for count in (100, 200):
        draft = with_steps(large, count)
        began = time.process_time()
        if count < 200:
            draft.done("rebase")
        else:
            benchmark.pedantic(lambda draft=draft: draft.done("rebase"), rounds=1)
        spent.append(time.process_time() - began)
        assert draft.state["position"] == count and draft.state["left_out"] == []
    if benchmark.enabled:
        benchmark.extra_info["seconds of 100 and 200 steps"] = [round(one, 2) for one in spent]
        assert spent[1] < 2.4 * spent[0], spent
