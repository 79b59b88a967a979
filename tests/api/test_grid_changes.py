"""Changes of grids through the API: drawn, undone, checked, reviewed by somebody else, in force from their day."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
import shapely
from sqlalchemy import text

from geo_app.queries.terms import today
from grid_boundaries.coverage import check
from tests.drafting import CHANGES, Drafting, across, codes, ring, union_of
from tests.made_grids import COUNTY, Governed, code_of, middle, vertex


@pytest.fixture
def now(governed: Governed) -> date:
    return today(governed.county(), datetime.now(UTC))


def test_a_split_is_drafted_reviewed_and_in_force_from_its_day(governed: Governed, now: date) -> None:
    before = governed.grids_on(now)
    draft = Drafting.begun(governed)
    drawn = draft.drawn(op="split", code=code_of(1, 1), line=across(1, 1))
    made = drawn["edit"]["created"]
    assert drawn["edit"]["retired"] == [code_of(1, 1)] and made == ["340523100001017", "340523100001018"]
    assert set(drawn["edit"]["changed"]) == {code_of(0, 1), code_of(2, 1)}  # each gets a vertex
    assert draft.state["faults"] == []
    draft.submitted(now).approved(governed)
    after = governed.grids_on(now)
    assert draft.state["status"] == "approved" and draft.state["approved_on"] == now.isoformat()
    assert set(codes(after)) == set(codes(before)) - {code_of(1, 1)} | set(made)
    assert check(after.assign(community=None)) == []
    assert union_of(after).equals(union_of(before)) or shapely.area(union_of(after) ^ union_of(before)) < 1e-12
    yesterday = governed.grids_on(now - timedelta(days=1))
    assert codes(yesterday) == codes(before) and yesterday.geometry.geom_equals(before.geometry).all()


def test_a_change_of_a_later_day_is_not_yet_in_force(governed: Governed, now: date) -> None:
    day = now + timedelta(days=10)
    draft = Drafting.begun(governed)
    draft.drawn(op="merge", codes=[code_of(0, 0), code_of(1, 0)])
    draft.submitted(day).approved(governed)
    assert len(governed.grids_on(now)) == 32 and len(governed.grids_on(day)) == 31
    assert draft.state["effective_on"] == day.isoformat() and draft.state["approved_on"] == now.isoformat()


def test_undo_and_redo_step_through_what_was_drawn(governed: Governed) -> None:
    draft = Drafting.begun(governed)
    draft.drawn(op="merge", codes=[code_of(0, 0), code_of(1, 0)])
    draft.drawn(op="drag", at=list(vertex(5.5, 2)), to=[vertex(5.5, 2)[0], vertex(5.5, 2)[1] + 0.0003])
    assert (draft.state["position"], draft.state["can_redo"]) == (2, False)
    draft.done("undo")
    draft.done("undo")
    assert draft.state["position"] == 0 and not draft.state["can_undo"] and draft.state["retired"] == []
    assert draft.send("undo").status_code == 409
    draft.done("redo")
    assert draft.state["position"] == 1 and draft.state["retired"] == [code_of(0, 0), code_of(1, 0)]
    draft.drawn(op="merge", codes=[code_of(6, 0), code_of(7, 0)])  # what was undone is gone
    assert len(draft.state["operations"]) == 2 and not draft.state["can_redo"]


def test_G01_a_stale_tag_is_412_and_none_is_428(governed: Governed) -> None:
    draft = Drafting.begun(governed)
    old = draft.state["tag"]
    draft.drawn(op="merge", codes=[code_of(0, 0), code_of(1, 0)])
    assert (
        draft.send("operations", {"op": "merge", "codes": [code_of(4, 0), code_of(5, 0)]}, tag=old).status_code == 412
    )
    for method, act in (
        ("POST", "/operations"),
        ("POST", "/undo"),
        ("PATCH", ""),
        ("POST", "/submit"),
        ("POST", "/rebase"),
    ):
        assert draft.hand.send(draft.path + act, {}, method).status_code == 428, act
    assert draft.again().state["position"] == 1


def test_nobody_reviews_what_he_drew_and_only_a_reviewer_decides(governed: Governed, now: date) -> None:
    draft = Drafting.begun(governed)
    draft.drawn(op="merge", codes=[code_of(0, 0), code_of(1, 0)])
    draft.submitted(now)
    assert draft.send("decision", {"decision": "approve"}).status_code == 403
    assert draft.of(governed, "drawer").send("decision", {"decision": "approve"}).status_code == 403
    assert draft.of(governed, "leader").send("decision", {"decision": "approve"}).status_code == 403
    with governed.database.owner_session() as owner:
        owner.execute(
            text("INSERT INTO user_role (user_id, role) SELECT id, 'reviewer' FROM app_user WHERE login = 'editor'")
        )
    both = draft.of(governed, "editor")
    assert both.send("decision", {"decision": "approve"}).status_code == 403
    assert draft.of(governed, "reviewer").done("decision", {"decision": "approve"})["status"] == "approved"


def test_a_change_is_sent_back_with_a_comment_and_comes_again(governed: Governed, now: date) -> None:
    draft = Drafting.begun(governed)
    draft.drawn(op="merge", codes=[code_of(0, 0), code_of(1, 0)])
    draft.submitted(now)
    draft.of(governed, "reviewer").done("decision", {"decision": "send_back", "comment": "请附上勘测日期"})
    assert draft.again().state["status"] == "sent_back" and draft.state["reviews"][-1]["comment"] == "请附上勘测日期"
    draft.submitted(now, surveyed_on=(now - timedelta(days=3)).isoformat()).approved(governed)
    assert [one["decision"] for one in draft.state["reviews"]] == ["submit", "send_back", "submit", "approve"]
    assert len(governed.grids_on(now)) == 31


def test_who_draws_and_who_reviews_answer_one_another_without_deciding(governed: Governed, now: date) -> None:
    draft = Drafting.begun(governed)
    draft.drawn(op="merge", codes=[code_of(0, 0), code_of(1, 0)])
    draft.done("", {"approved_on": str(now), "on_paper": True}, method="PATCH")
    draft.done("", {"on_paper": False}, method="PATCH")
    assert draft.state["approved_on"] is None
    draft.submitted(now)
    assert draft.state["approved_on"] is None  # nobody has approved it
    draft.of(governed, "reviewer").done("comments", {"comment": "界线为什么这样画？"})
    draft.again().done("comments", {"comment": "沿着新修的路。"})
    said = [(one["by"], one["comment"]) for one in draft.state["reviews"] if one["decision"] == "comment"]
    assert said == [("赵敏", "界线为什么这样画？"), ("王芳", "沿着新修的路。")] and draft.state["status"] == "review"
    assert draft.send("comments", {"comment": " "}).status_code == 400
    assert not draft.of(governed, "leader").state["may"]["comment"]
    assert draft.of(governed, "leader").send("comments", {"comment": "好"}).status_code == 403


def test_the_chain_asks_one_level_after_the_other_and_different_people(governed: Governed, now: date) -> None:
    with governed.database.owner_session() as owner:
        owner.execute(text("""UPDATE county SET settings = '{"grid_review_chain": ["town", "county"]}'"""))
    draft = Drafting.begun(governed)
    draft.drawn(op="merge", codes=[code_of(0, 0), code_of(1, 0)])
    draft.submitted(now)
    of_town = draft.of(governed, "reviewer")
    assert of_town.state["may"]["review"]
    of_town.done("decision", {"decision": "approve"})
    assert not of_town.state["may"]["review"] and draft.of(governed, "second").state["may"]["review"]
    assert of_town.state["status"] == "review" and of_town.state["step"] == 1 and len(governed.grids_on(now)) == 32
    assert of_town.send("decision", {"decision": "approve"}).status_code == 403  # the second is somebody else
    assert draft.of(governed, "second").done("decision", {"decision": "approve"})["status"] == "approved"
    assert len(governed.grids_on(now)) == 31


def test_a_submission_says_what_is_missing(governed: Governed, now: date) -> None:
    draft = Drafting.begun(governed, reason="")
    assert draft.send("submit").get_json()["code"] == "nothing_drawn"
    draft.drawn(op="merge", codes=[code_of(0, 0), code_of(1, 0)])
    assert draft.send("submit").get_json()["code"] == "form_incomplete"
    draft.done("", {"reason": "并格"}, method="PATCH")
    assert draft.send("submit").get_json()["code"] == "form_incomplete"
    late = {"effective_on": now.isoformat(), "surveyed_on": (now + timedelta(days=2)).isoformat()}
    draft.done("", late, method="PATCH")
    assert draft.send("submit").get_json()["code"] == "form_incomplete"
    draft.done("", {"surveyed_on": None}, method="PATCH")
    assert draft.done("submit")["status"] == "review"


def test_two_changes_on_one_day_follow_each_other(governed: Governed, now: date) -> None:
    first, second = Drafting.begun(governed), Drafting.begun(governed, "drawer")
    made = first.drawn(op="merge", codes=[code_of(0, 0), code_of(1, 0)])["edit"]["created"]
    first.submitted(now).approved(governed)
    second.again().drawn(op="merge", codes=[made[0], code_of(2, 0)])
    second.submitted(now).approved(governed)
    assert len(governed.grids_on(now)) == 30 and check(governed.grids_on(now)) == []
    third = Drafting.begun(governed)
    third.drawn(op="merge", codes=[second.state["created"][0], code_of(3, 0)])
    third.done("", {"effective_on": (now - timedelta(days=1)).isoformat()}, method="PATCH")
    answer = third.send("submit")  # its grids do not exist on that day yet
    assert answer.get_json()["code"] == "form_incomplete" and now.isoformat() in answer.get_json()["detail"]


def test_the_second_of_two_drafts_is_told_what_changed_beneath_it_and_rebases(governed: Governed, now: date) -> None:
    first, second = Drafting.begun(governed), Drafting.begun(governed, "drawer")
    first.drawn(op="split", code=code_of(1, 1), line=across(1, 1))
    second.drawn(op="split", code=code_of(2, 1), line=across(2, 1))  # beside it: its neighbour gets a vertex
    second.drawn(op="merge", codes=[*second.state["created"]])
    first.submitted(now)
    waits = second.send("", {"effective_on": now.isoformat()}, method="PATCH")
    second.state = waits.get_json()
    answer = second.send("submit")
    assert answer.status_code == 409 and answer.get_json()["code"] == "being_reviewed"
    assert "王芳" in answer.get_json()["detail"]
    first.approved(governed)
    answer = second.send("submit")
    assert answer.status_code == 409 and answer.get_json()["code"] == "changed_beneath"
    assert code_of(2, 1) in second.again().state["stale"]
    assert second.send("operations", {"op": "merge", "codes": [code_of(6, 0), code_of(7, 0)]}).status_code == 409
    second.done("rebase")
    assert second.state["stale"] == [] and second.state["left_out"] == [] and second.state["position"] == 2
    second.submitted(now).approved(governed)
    after = governed.grids_on(now)
    assert check(after) == [] and len(after) == 33 and len(set(codes(after))) == 33


def test_what_cannot_be_drawn_again_is_told_and_left_out(governed: Governed, now: date) -> None:
    first, second = Drafting.begun(governed), Drafting.begun(governed, "drawer")
    first.drawn(op="merge", codes=[code_of(1, 1), code_of(2, 1)])
    second.drawn(op="split", code=code_of(1, 1), line=across(1, 1))
    second.drawn(op="merge", codes=[code_of(6, 0), code_of(7, 0)])
    first.submitted(now).approved(governed)
    second.done("rebase")
    assert second.state["position"] == 1 and [one["asked"]["op"] for one in second.state["left_out"]] == ["split"]
    assert code_of(1, 1) in second.state["left_out"][0]["text"]
    told = second.state["left_out"]
    second.drawn(op="describe", code=code_of(5, 2), name="新名")
    assert second.again().state["left_out"] == told  # whoever opens it later is told too
    second.done("rebase")
    assert second.state["left_out"] == []


def test_what_was_not_drawn_again_is_told_until_the_draft_is_submitted(governed: Governed, now: date) -> None:
    first, second = Drafting.begun(governed), Drafting.begun(governed, "drawer")
    first.drawn(op="merge", codes=[code_of(1, 1), code_of(2, 1)])
    second.drawn(op="split", code=code_of(1, 1), line=across(1, 1))
    second.drawn(op="merge", codes=[code_of(6, 0), code_of(7, 0)])
    first.submitted(now).approved(governed)
    second.done("rebase")
    kept = governed.rows("SELECT left_out FROM grid_change WHERE id = :id", id=second.state["id"])[0][0]
    assert [one["asked"] for one in kept] == [{"op": "split", "code": code_of(1, 1)}]  # no shapes
    second.done("", {"effective_on": now.isoformat()}, method="PATCH")
    assert len(second.state["left_out"]) == 1
    assert second.done("submit")["left_out"] == []
    second.approved(governed)


def test_an_approved_change_is_withdrawn_before_its_day_and_not_after(governed: Governed, now: date) -> None:
    day, before = now + timedelta(days=5), governed.heads()
    people = governed.rows(
        "SELECT grid_stable_id, name, valid FROM grid_worker WHERE upper_inf(recorded) ORDER BY 1, 2"
    )
    draft = Drafting.begun(governed)
    draft.drawn(op="merge", codes=[code_of(0, 0), code_of(1, 0)])
    draft.drawn(op="split", code=code_of(5, 2), line=across(5, 2))
    draft.submitted(day).approved(governed)
    assert draft.send("withdraw", {}).status_code == 403  # who drew it does not undo the approval
    draft.of(governed, "second").done("withdraw", {"comment": "方案取消"})
    after = governed.heads()
    assert codes(after) == codes(before) and after["id"].tolist() == before["id"].tolist()
    assert after.geometry.geom_equals(before.geometry).all() and after["began"].isna().all()
    assert len(governed.grids_on(day)) == 32
    assert people == governed.rows(
        "SELECT grid_stable_id, name, valid FROM grid_worker WHERE upper_inf(recorded) ORDER BY 1, 2"
    )
    other = Drafting.begun(governed)
    other.drawn(op="merge", codes=[code_of(0, 0), code_of(1, 0)])
    other.submitted(now).approved(governed)
    answer = other.of(governed, "second").send("withdraw", {})
    assert answer.status_code == 409 and answer.get_json()["code"] == "in_force"


def test_a_change_is_offered_to_be_filed_from_its_day_on(governed: Governed, now: date) -> None:
    for column, day, may in ((3, now + timedelta(days=1), False), (4, now, True)):
        draft = Drafting.begun(governed)
        draft.drawn(op="describe", code=code_of(column, 2), name=f"自{day}起")
        assert draft.submitted(day).approved(governed).state["may"]["file"] is may


def test_a_change_in_force_is_filed_under_a_number(governed: Governed, now: date) -> None:
    draft = Drafting.begun(governed)
    draft.drawn(op="merge", codes=[code_of(0, 0), code_of(1, 0)])
    draft.submitted(now).approved(governed)
    assert draft.send("filing", {}).get_json()["code"] == "form_incomplete"
    assert draft.done("filing", {"document_number": "和综治〔2026〕12号"})["status"] == "filed"


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        ({"op": "split", "code": code_of(1, 1), "line": [list(vertex(0, 0)), list(vertex(1, 0))]}, "does_not_cross"),
        ({"op": "merge", "codes": [code_of(0, 0), code_of(3, 3)]}, "not_touching"),
        ({"op": "merge", "codes": [code_of(3, 0), code_of(4, 0)]}, "other_community"),
        ({"op": "merge", "codes": [code_of(3, 0), "340523100009999"]}, "unknown_code"),
        ({"op": "transfer", "from": code_of(1, 1), "to": code_of(2, 1), "area": ring(0, 0, 3, 3)}, "takes_all"),
    ],
)
def test_what_would_break_the_coverage_is_refused_with_its_reason(governed: Governed, operation, reason) -> None:
    draft = Drafting.begun(governed)
    answer = draft.refused(**operation)
    assert (answer["code"], answer["reason"]) == ("edit_refused", reason) and answer["detail"] and answer["remedy"]
    assert draft.again().state["position"] == 0


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        ({"op": "carve", "area": [[100, 20], [100.1, 20], [100.1, 20.1]]}, "所画的地方没有网格"),
        ({"op": "drag", "at": list(vertex(3, 2)), "to": list(vertex(5, 3))}, "的界线会穿过或碰到别的界线"),
    ],
)
def test_a_refusal_speaks_of_what_was_drawn(governed: Governed, operation, said) -> None:
    assert said in Drafting.begun(governed).refused(**operation)["detail"]


def test_a_preview_says_what_would_happen_and_keeps_nothing(governed: Governed) -> None:
    draft = Drafting.begun(governed)
    answer = draft.hand.send(f"{draft.path}/preview", {"op": "split", "code": code_of(1, 1), "line": across(1, 1)})
    assert answer.status_code == 200 and len(answer.get_json()["edit"]["created"]) == 2
    assert draft.again().state["position"] == 0


def test_who_has_a_draft_open_is_told_to_others(governed: Governed) -> None:
    draft = Drafting.begun(governed)
    assert draft.hand.send(f"{draft.path}/lease", {}, "PUT").status_code == 200
    other = draft.of(governed, "drawer")
    assert [(one["user"], one["mine"]) for one in other.state["lease"]] == [("王芳", False)]
    [row] = other.hand.get(CHANGES, county=COUNTY).get_json()["changes"]
    assert row["open_with"] == ["王芳"]


def test_people_go_with_their_grids(governed: Governed, now: date) -> None:
    parent = code_of(1, 1)  # led by 张三, as its file says
    with governed.database.owner_session() as owner:
        owner.execute(
            text(
                "INSERT INTO grid_worker (county_id, admin_area_id, police_area_id, grid_stable_id, role, name, telephone)"
                " SELECT county_id, admin_area_id, police_area_id, stable_id, 'full_time', '吕燕', '13900000000' FROM grid"
                " WHERE code = :code"
            ),
            {"code": parent},
        )
    draft = Drafting.begun(governed)
    made = draft.drawn(op="split", code=parent, line=across(1, 1))["edit"]["created"]
    of_nobody = draft.drawn(op="split", code=code_of(2, 3), line=across(2, 3))["edit"]["created"]  # without workers
    draft.drawn(op="merge", codes=of_nobody)
    draft.submitted(now).approved(governed)
    after = governed.grids_on(now).set_index("code")
    assert [after.loc[code, "leader"] for code in made] == ["张三", "张三"]
    assert [after.loc[code, "workers"] for code in made] == ["吕燕", "吕燕"]
    ended = governed.rows(
        "SELECT count(*) FROM grid_worker w JOIN grid g ON g.stable_id = w.grid_stable_id WHERE g.code = :code"
        " AND upper_inf(w.recorded) AND w.valid @> CAST(:day AS date)",
        code=parent,
        day=now,
    )
    assert ended[0][0] == 0


def _features(frame) -> bytes:
    rows = frame[["code", "name", "geometry"]].reset_index(drop=True)
    return rows.to_json(drop_id=True).encode()


def test_a_drawing_made_elsewhere_comes_in_as_geojson_and_as_geopackage(
    governed: Governed, now: date, tmp_path
) -> None:
    """Two grids of the file are one, a third has another name; the rest of the county is not in it."""
    heads = governed.heads().set_index("code", drop=False)
    pair = [code_of(0, 0), code_of(1, 0)]
    drawn = heads.loc[[*pair, code_of(2, 0)]].copy()
    drawn.loc[pair[0], "geometry"] = shapely.union_all(drawn.loc[pair].geometry.to_numpy())
    drawn.loc[pair[0], "code"] = "340523100001031"
    drawn.loc[code_of(2, 0), "name"] = "滨河网格"
    drawn = drawn.drop(index=pair[1])
    package = tmp_path / "drawn.gpkg"
    drawn[["code", "name", "geometry"]].reset_index(drop=True).to_file(package, layer="grids")
    for name, content in (("drawn.geojson", _features(drawn)), ("drawn.gpkg", package.read_bytes())):
        draft = Drafting.begun(governed)
        upload = draft.hand.sent(name, content)
        draft.done("file", {"upload": upload})
        assert draft.state["retired"] == pair and draft.state["created"] == ["340523100001031"], name
        assert draft.state["changed"] == [code_of(2, 0)] and draft.state["faults"] == []
    draft.submitted(now).approved(governed)
    after = governed.grids_on(now)
    assert len(after) == 31 and check(after) == [] and "滨河网格" in after["name"].tolist()


def test_a_file_that_cannot_be_used_says_why_and_changes_nothing(governed: Governed) -> None:
    draft = Drafting.begun(governed)
    same = draft.hand.sent("same.geojson", _features(governed.heads()))
    for upload, word in (
        (same, "drawing_unusable"),
        (draft.hand.sent("empty.geojson", b'{"type": "FeatureCollection", "features": []}'), "drawing_unusable"),
        (draft.hand.sent("none.geojson", b"no json"), "drawing_unusable"),
    ):
        answer = draft.send("file", {"upload": upload})
        assert (answer.status_code, answer.get_json()["code"]) == (422, word)
    point = {
        "type": "Feature",
        "properties": {"code": code_of(0, 0)},
        "geometry": {"type": "Point", "coordinates": [118.3, 31.7]},
    }
    told = draft.send(
        "file",
        {
            "upload": draft.hand.sent(
                "point.geojson", json.dumps({"type": "FeatureCollection", "features": [point]}).encode()
            )
        },
    )
    assert "这是点，需要面" in told.get_json()["detail"].replace(" ", "")
    assert draft.send("file", {"upload": "nobodys"}).status_code == 404
    assert draft.again().state["position"] == 0


def test_what_was_approved_on_paper_is_filed_with_its_number_and_scan(governed: Governed, now: date) -> None:
    draft = Drafting.begun(governed, on_paper=True, approved_on=(now - timedelta(days=20)).isoformat())
    draft.drawn(op="merge", codes=[code_of(0, 0), code_of(1, 0)])
    draft.done("", {"effective_on": (now - timedelta(days=10)).isoformat()}, method="PATCH")
    assert draft.send("submit").get_json()["code"] == "form_incomplete"
    draft.done("", {"document_number": "和综治〔2026〕8号"}, method="PATCH")
    tag = {"If-Match": f'"{draft.state["tag"]}"'}
    path = f"{draft.path}/scans"
    wrong = draft.hand.put(path, b"MZ no paper", query_string={"name": "批复.pdf"}, headers=tag)
    assert wrong.status_code == 400
    added = draft.hand.put(path, b"%PDF-1.7 made for a test", query_string={"name": "批复.pdf"}, headers=tag)
    assert added.status_code == 201, added.get_data(as_text=True)
    draft.again().done("submit")
    draft.approved(governed)
    assert draft.state["approved_on"] == (now - timedelta(days=20)).isoformat() and draft.state["on_paper"]
    assert (
        len(governed.grids_on(now - timedelta(days=9))) == 31 and len(governed.grids_on(now - timedelta(days=11))) == 32
    )
    [scan] = draft.state["scans"]
    fetched = draft.hand.get(f"{path}/{scan['id']}")
    assert fetched.data.startswith(b"%PDF-1.7") and fetched.headers["Content-Disposition"].startswith("attachment")
    assert governed.browser("planner").get(f"{path}/{scan['id']}").status_code == 403
    assert draft.done("filing")["status"] == "filed"


def test_the_numbers_of_what_is_drawn_and_its_impact_are_told_before_anybody_approves(
    governed: Governed, now: date
) -> None:
    with governed.database.owner_session() as owner:  # two households in the north of the grid, one in its south
        for n, (x, y) in enumerate((middle(1, 1)[0], middle(1, 1)[1] + shift) for shift in (0.001, 0.0012, -0.0012)):
            owner.execute(
                text(
                    "INSERT INTO population (county_id, admin_area_id, police_area_id, households, people, source, source_key, geom)"
                    " SELECT county_id, admin_area_id, police_area_id, 1, 3, 'made', :key, ST_SetSRID(ST_MakePoint(:x, :y), 4326)"
                    " FROM grid WHERE code = :code"
                ),
                {"key": str(n), "x": x, "y": y, "code": code_of(1, 1)},
            )
    draft = Drafting.begun(governed)
    drawn = draft.drawn(op="split", code=code_of(1, 1), line=across(1, 1))
    numbers = {row["code"]: row for row in drawn["numbers"]}
    assert numbers[code_of(1, 1)]["before"]["households"] == 3
    north, south = sorted(drawn["edit"]["created"], key=lambda code: -numbers[code]["households"])
    assert (numbers[north]["households"], numbers[south]["households"]) == (2, 1)
    assert numbers[north]["leader"] == "张三"
    draft.submitted(now)
    table = draft.hand.get(f"{draft.path}/impact").get_json()
    rows = {row["code"]: row for row in table["grids"]}
    assert rows[code_of(1, 1)]["state"] == "retired" and rows[north]["state"] == "created"
    households = [rows[code]["numbers"]["households"] for code in (code_of(1, 1), north, south)]
    assert [(one["before"], one["after"]) for one in households] == [(3, 0), (0, 2), (0, 1)]
    draft.approved(governed)
    again = draft.hand.get(f"{draft.path}/impact").get_json()
    assert {row["code"] for row in again["grids"]} == set(rows)


def test_a_corrected_code_is_one_row_of_the_impact_with_both_codes(governed: Governed, now: date) -> None:
    wrong, right = code_of(1, 1), f"{code_of(1, 1)[:12]}099"
    drawing = governed.heads()
    drawing["code"] = drawing["code"].replace(wrong, right)
    draft = Drafting.begun(governed, reason_code="code_correction")
    draft.done("file", {"upload": draft.hand.sent("all.geojson", _features(drawing))})
    (row,) = draft.hand.get(f"{draft.path}/impact").get_json()["grids"]
    assert (row["code"], row["code_before"], row["state"]) == (right, wrong, "renumbered")
    assert row["numbers"]["area_m2"]["before"] == row["numbers"]["area_m2"]["after"] > 0


def test_narrow_faults_are_mended_in_one_step_that_can_be_undone(governed: Governed, now: date) -> None:
    """A drawing from elsewhere whose line lies 30 cm beside its neighbours'."""
    heads = governed.heads().set_index("code", drop=False)
    drawn = heads.loc[[code_of(1, 1)]].copy()
    xy = shapely.get_coordinates(drawn.geometry.iloc[0])
    xy[2] += (3e-6, 0)
    xy[-1] = xy[0]
    drawn["geometry"] = [shapely.MultiPolygon([shapely.Polygon(xy)])]
    draft = Drafting.begun(governed)
    draft.done("file", {"upload": draft.hand.sent("one.geojson", _features(drawn))})
    assert [one["kind"] for one in draft.state["faults"] if one["blocks"]]
    draft.drawn(op="repair", tolerance_m=1.0)
    assert [one["kind"] for one in draft.state["faults"] if one["blocks"]] == []
    draft.submitted(now).approved(governed)
    assert check(governed.grids_on(now)) == []
    assert Drafting.begun(governed).refused(op="repair", tolerance_m=1.0)["reason"] == "nothing_to_mend"
