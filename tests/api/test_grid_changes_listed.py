"""The list of changes of grids: how many grids each touches, and that nothing that was drawn is read for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.drafting import CHANGES, Drafting, across
from tests.made_grids import COUNTY, Governed, code_of


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_a_list_of_changes_reads_no_shapes(governed: Governed) -> None:
    draft = Drafting.begun(governed)
    made = draft.drawn(op="split", code=code_of(1, 1), line=across(1, 1))["edit"]["created"]
    draft.drawn(op="describe", code=made[0], name="新一")
    with statements() as asked:
        [row] = draft.hand.get(CHANGES, county=COUNTY).get_json()["changes"]
    assert [one for one in asked if "grid_change.touched" in one]
    assert not [one for one in asked if "operations" in one]
    assert row["grids"] == 3  # the one that was split and its two neighbours; not the halves


def test_a_change_knows_what_it_touches_through_undo_and_redo(governed: Governed) -> None:
    def known() -> list[str]:
        return list(governed.rows("SELECT touched FROM grid_change WHERE id = :id", id=draft.state["id"])[0][0])

    draft = Drafting.begun(governed)
    assert known() == []
    made = draft.drawn(op="merge", codes=[code_of(0, 0), code_of(1, 0)])["edit"]["created"]
    assert set(known()) >= {code_of(0, 0), code_of(1, 0), *made}
    whole = known()
    draft.done("undo")
    assert known() == []
    draft.done("redo")
    assert known() == whole
    draft.done("rebase")
    assert known() == whole
