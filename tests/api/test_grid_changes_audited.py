"""Each act on a draft of a change of grids leaves one entry in the audit, which says no shape and no name."""

from __future__ import annotations

from tests.drafting import Drafting, across
from tests.made_grids import Governed, code_of


def test_each_act_on_a_draft_is_one_entry_of_the_audit_without_shapes(governed: Governed) -> None:
    draft = Drafting.begun(governed)
    split = draft.drawn(op="split", code=code_of(1, 1), line=across(1, 1))["edit"]
    draft.drawn(op="describe", code=code_of(5, 2), name="张三的网格")
    draft.done("undo")
    draft.done("undo")
    draft.done("redo")
    draft.done("", {"reason": "张三要求", "effective_on": "2026-12-01"}, method="PATCH")
    draft.done("rebase")
    assert draft.send("redo").status_code == 409  # what is refused is no act
    found = governed.rows(
        "SELECT action, login, details FROM audit_entry WHERE object_kind = 'grid_change' AND object_id = :id ORDER BY id",
        id=str(draft.state["id"]),
    )
    begun, *acts = [(row.action, row.login) for row in found]
    assert begun == ("grid_draft_begun", "editor")
    names = ("drawn", "drawn", "undone", "undone", "redone", "amended", "rebased")
    assert acts == [(f"grid_draft_{name}", "editor") for name in names]
    details = [row.details for row in found][1:]
    assert [one["revision"] for one in details] == list(range(1, 8))
    whole = {"op": "split", **split}
    said = {"op": "describe", "retired": [], "created": [], "changed": [code_of(5, 2)]}
    assert [one | {"revision": 0} for one in details] == [
        one | {"revision": 0}
        for one in (whole, said, said, whole, whole, {"fields": ["effective_on", "reason"]}, {"left_out": 0})
    ]
