"""Inspection packs and records through the API: ordered, written by a worker, fetched by who ordered them alone."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from geo_app.queries import grid_change_papers
from geo_app.queries.terms import today
from geo_app.services import inspection_pack
from tests.drafting import Drafting, across
from tests.made_grids import COUNTY, Governed, code_of
from tests.made_town import Hand
from tests.papers.reading import Paper

PACKS = "/api/grid-packs"


@pytest.fixture
def now(governed: Governed) -> date:
    return today(governed.county(), datetime.now(UTC))


@pytest.fixture
def hand(governed: Governed) -> Hand:
    return governed.browser("editor")


def order(hand: Hand, **said: str) -> int:
    answer = hand.send(PACKS, {"county": COUNTY, **said})
    assert answer.status_code == 202, answer.get_data(as_text=True)
    return int(answer.get_json()["id"])


def test_a_pack_is_ordered_watched_written_and_fetched(governed: Governed, hand: Hand, now: date) -> None:
    job = order(hand)
    [waiting] = hand.get(PACKS, county=COUNTY).get_json()["packs"]
    assert (waiting["id"], waiting["status"], waiting["as_of"]) == (job, "waiting", now.isoformat())
    assert waiting["since"] == inspection_pack.year_before(now).isoformat()
    assert hand.get(f"{PACKS}/{job}").status_code == 404
    done = hand.done(job)
    assert (done["status"], done["result"], done["done"]) == ("done", f"{PACKS}/{job}", done["total"])
    [told] = hand.get(PACKS, county=COUNTY).get_json()["packs"]
    assert (told["grids"], told["faults"], told["changes"]) == (32, 0, 1)
    file = hand.get(done["result"])
    assert file.mimetype == "application/zip" and f"grids-{COUNTY}-{now}.zip" in file.headers["Content-Disposition"]
    assert told["bytes"] == len(file.data)
    assert "no-store" in file.headers["Cache-Control"]
    words = Paper(zipfile.ZipFile(io.BytesIO(file.data)).read("网格迎检资料.pdf")).text
    assert "32网格" in words and "王芳" in words
    [entry] = governed.rows("SELECT login, details FROM audit_entry WHERE action = 'data:export'")
    assert entry[0] == "editor" and entry[1]["kind"] == "inspection_pack" and entry[1]["rows"] == 32


def test_B02_nobody_else_finds_the_pack(governed: Governed, hand: Hand) -> None:
    job = order(hand)
    hand.done(job)
    other = governed.browser("drawer")
    assert other.get(f"{PACKS}/{job}").status_code == other.get(f"/api/jobs/{job}").status_code == 404
    assert other.get(PACKS, county=COUNTY).get_json() == {"packs": []}
    assert hand.get(f"/api/maps/{job}").status_code == 404  # a pack is no map


def test_B06_a_pack_of_a_wider_scope_is_not_given_to_whom_was_cut_back(governed: Governed, hand: Hand) -> None:
    job = order(hand)
    hand.done(job)
    with governed.database.owner_session() as owner:
        owner.execute(
            text(
                "DELETE FROM user_scope WHERE area_id IN (SELECT id FROM area WHERE tree = 'police' AND parent_id IS NULL)"
            )
        )
    assert hand.get(f"{PACKS}/{job}").status_code == 404


def test_B08_a_pack_is_written_in_the_scope_that_its_submitter_has(governed: Governed) -> None:
    hand = governed.browser("of_community")
    job = order(hand)
    assert hand.done(job)["status"] == "done"
    assert hand.get(PACKS, county=COUNTY).get_json()["packs"][0]["grids"] == 16


def test_a_cancelled_pack_is_not_written(governed: Governed, hand: Hand) -> None:
    job = order(hand)
    assert hand.send(f"/api/jobs/{job}", {}, "DELETE").get_json()["status"] == "cancelled"
    hand.done(job)
    assert not inspection_pack.path_of(governed.settings, job).exists()
    assert hand.get(PACKS, county=COUNTY).get_json() == {"packs": []}


def test_H06_doing_it_twice_leaves_one_pack(governed: Governed, hand: Hand) -> None:
    job = order(hand)
    first = hand.done(job)
    assert hand.done(job) == first
    assert len(list((governed.settings.state / "packs").iterdir())) == 1


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"as_of": "2026-02-30"}, "bad_day"), ({"as_of": "yesterday"}, "bad_day"), ({"since": "2026-13-01"}, "bad_day"),
        ({"as_of": 0}, "bad_day"), ({"day": "2026-01-01"}, "bad_input"),
        ({"as_of": "2026-01-01", "since": "2026-01-02"}, "bad_input"), ({"as_of": "2999-01-01"}, "bad_input"),
    ],
)  # fmt: skip
def test_an_order_that_means_nothing_is_refused(
    governed: Governed, hand: Hand, said: dict[str, object], code: str
) -> None:
    answer = hand.send(PACKS, {"county": COUNTY, **said})
    assert answer.status_code in (400, 422) and answer.get_json()["code"] == code
    assert governed.count("job") == 0


def test_the_first_of_all_days_is_a_day_too(hand: Hand) -> None:
    assert hand.done(order(hand, as_of="0001-01-01"))["status"] == "done"
    assert hand.get("/api/grids/crosswalk", county=COUNTY, as_of="0001-01-01").status_code == 200


def test_B02_a_foreign_county_is_one_that_is_not_there(hand: Hand) -> None:
    assert hand.send(PACKS, {"county": "999999"}).status_code == 404
    assert hand.get(PACKS, county="999999").status_code == 404


def test_the_record_of_a_draft_shows_what_was_drawn(governed: Governed, now: date) -> None:
    draft = Drafting.begun(governed)
    nothing = draft.hand.get(draft.path + "/record.pdf")
    assert (nothing.status_code, nothing.get_json()["code"]) == (422, "nothing_drawn")
    draft.drawn(op="split", code=code_of(1, 1), line=across(1, 1))
    answer = draft.hand.get(draft.path + "/record.pdf")
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    words = Paper(answer.data).text
    assert "·草稿" in words and f"撤销{code_of(1, 1)}" in words and "尚无审核记录" in words
    for code in ("340523100001017", "340523100001018"):
        assert f"新增{code}" in words


def test_the_record_of_what_took_effect_stays_as_it_was(governed: Governed, now: date) -> None:
    draft = Drafting.begun(governed)
    draft.drawn(op="merge", codes=[code_of(0, 0), code_of(1, 0)])
    draft.submitted(now - timedelta(days=2)).approved(governed)
    path = draft.path + "/record.pdf"
    first = Paper(draft.hand.get(path).data).text
    later = Drafting.begun(governed)
    made = draft.state["created"][0]
    later.drawn(op="merge", codes=[made, code_of(2, 0)])
    later.submitted(now).approved(governed)
    again = Paper(draft.hand.get(path).data).text
    table = "本次调整的网格"
    assert first.split(table)[1].split("审核记录")[0] == again.split(table)[1].split("审核记录")[0]
    assert "赵敏已批准" in again and f"新增{made}" in again and code_of(0, 0) in again


def test_the_record_is_made_without_reading_its_scans(governed: Governed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty of 20 MB each are allowed, and nothing of them is in it."""
    draft = Drafting.begun(governed)
    draft.drawn(op="merge", codes=[code_of(0, 0), code_of(1, 0)])
    monkeypatch.delattr(grid_change_papers, "scans")
    assert draft.hand.get(draft.path + "/record.pdf").status_code == 200


def test_the_record_is_for_those_who_see_changes(governed: Governed) -> None:
    draft = Drafting.begun(governed)
    draft.drawn(op="merge", codes=[code_of(0, 0), code_of(1, 0)])
    assert governed.browser("leader").get(draft.path + "/record.pdf").status_code == 200
    assert governed.browser("planner").get(draft.path + "/record.pdf").status_code == 403
    assert governed.browser("leader").get("/api/grid-changes/999999/record.pdf").status_code == 404


def test_the_page_of_packs_begins_with_today_and_a_year_before(governed: Governed, now: date) -> None:
    page = governed.browser("leader").get("/grids/packs").get_data(as_text=True)
    assert "迎检资料包" in page and f'"today":"{now}"' in page.replace(": ", ":")
    assert inspection_pack.year_before(now).isoformat() in page
