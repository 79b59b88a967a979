"""Files that are sent, looked at, taken in by a job and reported on."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from geo_app.jobs.tasks import run
from geo_app.jobs.work import begin
from geo_app.services import uploads
from tests.made_town import HEADINGS, OTHER, TOWN, Hand, Town, as_csv, incident_rows, nameless, shifted
from tests.security.test_slow_bodies import FORM, many_parts

SUM = ("stored", "updated", "unchanged", "quarantined")


def files_of(town: Town) -> list[Path]:
    """Every file that lies below the state folder."""
    return sorted(path for path in town.settings.state.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("110.csv", "110.csv"), ("警情 2026.CSV", "警情 2026.CSV"), ("../../etc/110.csv", "110.csv"),
        ("C:\\data\\110.csv", "110.csv"), ("a\r\nSet-Cookie: x=1.csv", "aSet-Cookie x=1.csv"), ('a"b\'c.csv', "ab'c.csv"),
        ("\u202evsc.exe\u202c.csv", "vsc.exe.csv"), ("nul\x00.csv", "nul.csv"), ("é" * 2000 + ".csv", "é" * 60 + ".csv"),
        ("<img onerror=x>.csv", "img onerror=x.csv"), ("..csv", None), ("/.csv", None), ("csv", None),
        ("110.exe", None), ("110.csv/..", None), ("rows.waiting", None), ("110.csv\u0000.exe", None),
    ],
)  # fmt: skip
def test_D02_a_file_lies_in_its_senders_folder_whatever_its_name(
    hand: Hand, town: Town, name: str, kept: str | None
) -> None:
    answer = hand.upload(name, b"a\n1\n")
    assert answer.status_code == (201 if kept else 400)
    if kept is None:
        assert files_of(town) == [] and answer.get_json()["remedy"]
        return
    (path,) = files_of(town)
    user = town.rows("SELECT id FROM app_user WHERE login = 'analyst'")[0][0]
    assert path.parent == town.settings.state.absolute() / "uploads" / f"{user}-{answer.get_json()['upload']}"
    assert path.name == kept == answer.get_json()["name"]
    assert path.read_bytes() == b"a\n1\n"


@pytest.mark.parametrize("upload", ["../x", "x/y", "", "x" * 65, "x\x00", "..", "%2e%2e"])
def test_D02_the_name_of_an_upload_leads_nowhere_else(hand: Hand, upload: str) -> None:
    assert hand.upload("110.csv", b"a", upload).status_code in {400, 404}
    asked = {"county": TOWN, "upload": upload}
    assert hand.send("/api/imports/proposal", asked).status_code in {400, 404}


def test_B02_what_somebody_sent_is_nobody_elses(hand: Hand, town: Town) -> None:
    upload = hand.sent("110.csv", as_csv(incident_rows(3)))
    for login in ("colleague", "stranger"):
        other = town.browser(login)
        county = OTHER if login == "stranger" else TOWN
        assert other.upload("111.csv", b"a", upload).status_code == 404
        asked = {"county": county, "upload": upload, "kind": "incidents"}
        assert other.send("/api/imports/proposal", asked).status_code == 404
        assert other.send("/api/imports", asked).status_code == 404
    assert len(files_of(town)) == 1


def test_B01_who_may_not_import_can_neither_send_nor_look(hand: Hand, town: Town) -> None:
    upload = hand.sent("110.csv", as_csv(incident_rows(3)))
    planner = town.browser("planner")
    asked = {"county": TOWN, "upload": upload, "kind": "incidents"}
    answers = [
        planner.upload("110.csv", b"a"), planner.send("/api/imports/proposal", asked),
        planner.send("/api/imports", asked), planner.get("/api/imports", county=TOWN),
        planner.get("/api/imports/1"), planner.get("/data", county=TOWN),
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [403] * 6


def test_B02_another_county_looks_like_none(hand: Hand, town: Town) -> None:
    upload = hand.sent("110.csv", as_csv(incident_rows(3)))
    for county in (OTHER, "000000"):
        asked = {"county": county, "upload": upload, "kind": "incidents"}
        assert hand.send("/api/imports/proposal", asked).status_code == 404
        assert hand.send("/api/imports", asked).status_code == 404
        assert hand.get("/api/imports", county=county).status_code == 404
    report = hand.imported("110.csv", incident_rows(3))
    stranger = town.browser("stranger")
    assert stranger.get(f"/api/imports/{report['batch_id']}").status_code == 404
    assert hand.get(f"/api/imports/{report['batch_id']}").status_code == 200


def test_D01_a_sender_who_promises_more_than_comes_leaves_no_half_file(hand: Hand, town: Town) -> None:
    lie = {"CONTENT_LENGTH": "4000", "wsgi.input": io.BytesIO(b"a\n1\n")}
    answer = hand.put("/api/imports/files", b"", query_string={"name": "110.csv"}, environ_overrides=lie)
    assert answer.status_code == 400
    assert files_of(town) == []


def test_D01_more_than_a_file_may_have_is_refused(hand: Hand, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LARGEST", 100)
    assert hand.upload("110.csv", b"x" * 101).status_code == 413
    assert files_of(town) == []
    assert hand.upload("110.csv", b"x" * 100).status_code == 201


def test_D01_an_upload_has_few_files(hand: Hand) -> None:
    upload = hand.sent("0.csv", b"a")
    answers = [hand.upload(f"{number}.csv", b"a", upload).status_code for number in range(1, 12)]
    assert answers == [201] * 9 + [400] * 2


def test_D09_a_form_of_ten_thousand_parts_is_no_file_and_leaves_none(hand: Hand, town: Town) -> None:
    answer = hand.put(
        "/api/imports/files", many_parts(), query_string={"name": "1.csv"}, headers={"Content-Type": FORM}
    )
    assert answer.status_code == 413 and answer.get_json()["code"] == "too_large"
    assert files_of(town) == []


def test_a_form_or_json_is_no_file(hand: Hand) -> None:
    for kind in ("multipart/form-data; boundary=x", "application/json", "text/csv"):
        answer = hand.put("/api/imports/files", b"x", query_string={"name": "1.csv"}, headers={"Content-Type": kind})
        assert answer.status_code in {400, 415}


def test_a_request_from_another_site_sends_nothing(hand: Hand, town: Town) -> None:
    answer = hand.put("/api/imports/files", b"x", query_string={"name": "1.csv"}, headers={"X-CSRFToken": "no"})
    assert answer.status_code == 400
    assert files_of(town) == []


def test_what_nobody_imported_within_a_day_is_removed(hand: Hand, town: Town) -> None:
    hand.sent("110.csv", b"a")
    assert uploads.remove_old(town.settings, datetime.now(UTC)) == 0
    assert uploads.remove_old(town.settings, datetime.now(UTC) + timedelta(days=1, minutes=1)) == 1
    assert files_of(town) == []


def test_a_good_file_is_understood_by_itself_and_nothing_is_stored(
    proposed: Callable[..., dict[str, Any]], town: Town
) -> None:
    found = proposed(incident_rows(60))
    assert (found["kind"], found["source"], found["rows"], found["is_all"]) == ("incidents", "110", 60, True)
    assert (found["crs"], found["finding"]["why"], found["finding"]["certain"]) == ("EPSG:4326", "named", True)
    assert found["columns"]["number"] == "接警单编号" and found["columns"]["address"] == "事发地址"
    assert found["headings"] == list(HEADINGS)
    assert found["first"][0][0] == f"{TOWN}000000" and found["numbers"][0] == 2
    assert len(found["points"]) == 60 and found["points_as"] == "EPSG:4326"
    assert found["remembered"] is False and found["words"] == {}
    assert town.count("incident") == town.count("job") == 0 and town.count("import_batch") == 1  # the streets


def test_a_file_in_another_datum_is_known_by_the_roads_that_its_addresses_name(
    proposed: Callable[..., dict[str, Any]],
) -> None:
    rows = incident_rows(60)
    found = proposed(shifted(rows))
    assert (found["crs"], found["finding"]["why"]) == ("GCJ-02", "named")
    away = {one["system"]: one["distance_m"] for one in found["finding"]["evidence"]}
    assert away["GCJ-02"] < 20 < 200 < away["WGS84"]
    real = [[float(row["经度"]), float(row["纬度"])] for row in rows]
    assert all(abs(x - a) + abs(y - b) < 5e-6 for (x, y), (a, b) in zip(found["points"], real, strict=True))


def test_D10_a_file_in_another_datum_for_which_nobody_chose_one_is_refused_with_the_evidence(
    hand: Hand, town: Town
) -> None:
    failed = hand.done(hand.start(hand.sent("110.csv", as_csv(shifted(incident_rows(60)))), crs=None))
    assert failed["status"] == "failed" and town.count("incident") == 0
    rejected = failed["rejected"]
    assert rejected["problems"][0]["code"] == "datum_against" and "GCJ-02" in rejected["problems"][0]["reason"]
    assert "GCJ-02" in rejected["remedy"] and rejected["finding"]["system"] == "GCJ-02"
    assert rejected["finding"]["evidence"][1]["distance_m"] < 20
    unsure = hand.done(hand.start(hand.sent("111.csv", as_csv(nameless(incident_rows(60)))), crs=None))
    assert unsure["status"] == "done" and any("GCJ-02" in said for said in unsure["report"]["warnings"])


def test_without_known_names_somebody_has_to_choose_and_may(proposed: Callable[..., dict[str, Any]]) -> None:
    rows = nameless(incident_rows(60))
    found = proposed(rows)
    assert (found["crs"], found["finding"]["why"]) == (None, "cannot_tell")
    assert found["points"] and found["points_as"] == "EPSG:4326"
    chosen = proposed(rows, crs="GCJ-02")
    assert (chosen["crs"], chosen["points_as"]) == ("GCJ-02", "GCJ-02")
    assert chosen["points"] != found["points"]


def test_what_a_geojson_says_by_habit_does_not_choose(hand: Hand) -> None:
    features = [
        {"type": "Feature", "properties": {"name": "x"}, "geometry": {"type": "Point", "coordinates": [121.51, 31.24]}}
    ] * 30
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    found = hand.proposal(hand.sent("schools.geojson", content))
    assert (found["crs"], found["named"], found["finding"]["why"]) == (None, "EPSG:4326", "cannot_tell")


def test_swapped_axes_are_found_and_can_be_denied(proposed: Callable[..., dict[str, Any]]) -> None:
    rows = [row | {"经度": row["纬度"], "纬度": row["经度"]} for row in incident_rows(60)]
    found = proposed(rows)
    assert found["swapped"] is True and found["points"][0][0] > 100
    assert proposed(rows, swapped=False)["swapped"] is False


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("110.csv", b""), ("110.csv", b"\x00\x01\x02" * 100), ("110.geojson", b"{"), ("110.xlsx", b"PK\x03\x04"),
        ("110.gpkg", b"SQLite format 3\x00"), ("110.zip", b"PK"), ("110.shp", b"\x00" * 200), ("110.osm.pbf", b"x"),
    ],
)  # fmt: skip
def test_a_poor_file_is_rejected_with_a_reason_and_a_remedy(hand: Hand, name: str, content: bytes) -> None:
    found = hand.proposal(hand.sent(name, content))
    assert found["rejected"]["problems"][0]["reason"] and found["rejected"]["remedy"]
    assert str(hand.town.settings.state) not in json.dumps(found)


def test_of_a_file_with_several_layers_one_is_asked_for(hand: Hand) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", as_csv(incident_rows(3)))
        archive.writestr("b.csv", as_csv(incident_rows(4)))
    upload = hand.sent("both.zip", packed.getvalue())
    layers = hand.proposal(upload)["rejected"]["layers"]
    assert layers == ["a.csv", "b.csv"]
    assert hand.proposal(upload, layer="b.csv")["rows"] == 4


def test_what_somebody_says_of_a_column_stands(hand: Hand) -> None:
    rows = [{**row, "备注地址": row["事发地址"]} for row in incident_rows(5)]
    upload = hand.sent("110.csv", as_csv(rows))
    said = {"kind": "incidents", "columns": {"address": "备注地址", "category": ""}}
    found = hand.proposal(upload, **said)
    assert found["columns"]["address"] == "备注地址" and "category" not in found["columns"]
    report = hand.done(hand.start(upload, **said))["report"]
    assert report["stored"] == 5
    assert set(hand.town.rows("SELECT category FROM incident")) == {("",)}


@pytest.mark.parametrize(
    "said",
    [
        {"columns": {"address": "没有"}},
        {"columns": {"no_such": "事发地址"}},
        {"columns": {"address": "没有"}, "kind": "roads"},
    ],
)
def test_a_column_that_there_is_not_is_said_not_a_failure(hand: Hand, said: dict[str, Any]) -> None:
    found = hand.proposal(hand.sent("110.csv", as_csv(incident_rows(3))), **said)
    assert found["rejected"]["problems"][0]["code"] == "columns"


def test_words_that_are_not_ours_can_be_given_a_meaning(hand: Hand) -> None:
    rows = [row | {"有效警情": "对" if number % 2 else "不对"} for number, row in enumerate(incident_rows(10))]
    upload = hand.sent("110.csv", as_csv(rows))
    found = hand.proposal(upload)
    assert found["words"]["valid"] == {"unknown": [["不对", 5], ["对", 5]], "choices": ["yes", "no"], "is_free": False}
    values = {"valid": {"对": "yes", "不对": "no"}}
    report = hand.done(hand.start(upload, values=values, source="110"))["report"]
    assert (report["stored"], report["quarantined"]) == (10, 0)
    assert hand.town.rows("SELECT count(*) FROM incident WHERE valid")[0][0] == 5
    again = hand.proposal(hand.sent("again.csv", as_csv(rows)), source="110")
    assert again["remembered"] and again["values"] == values


def test_categories_that_are_codes_are_proposed_by_their_names(hand: Hand, town: Town) -> None:
    with town.database.owner_session() as owner:
        owner.execute(
            text("INSERT INTO incident_category (county_id, code, name) SELECT id, c, n FROM county,"
                 " (VALUES ('0101', '盗窃'), ('0201', '纠纷')) AS t (c, n) WHERE county.code = :code"),
            {"code": TOWN},
        )  # fmt: skip
    rows = [row | {"警情类别": ("0101", "纠纷", "其他")[number % 3]} for number, row in enumerate(incident_rows(9))]
    found = hand.proposal(hand.sent("110.csv", as_csv(rows)))
    assert found["values"]["category"] == {"0101": "盗窃"}
    assert found["words"]["category"]["unknown"] == [["0101", 3], ["其他", 3]]
    assert found["words"]["category"]["choices"] == ["盗窃", "纠纷"] and found["words"]["category"]["is_free"]


def test_the_next_file_of_a_source_is_read_as_the_last_one(hand: Hand) -> None:
    rows = [{**row, "怪列": row["事发地址"]} for row in nameless(incident_rows(20))]
    hand.imported("one.csv", rows, crs="GCJ-02", columns={"address": "怪列"})
    found = hand.proposal(hand.sent("two.csv", as_csv(rows)), source="110")
    assert (found["remembered"], found["crs"], found["columns"]["address"]) == (True, "GCJ-02", "怪列")
    assert hand.proposal(hand.sent("two.csv", as_csv(rows)))["remembered"] is False


def test_a_file_is_taken_in_by_a_job_and_its_report_adds_up(hand: Hand, town: Town) -> None:
    rows = incident_rows(60)
    for number, cells in enumerate(({"报警时间": "昨天"}, {"有效警情": "也许"}, {"经度": "0", "纬度": "0"})):
        rows[number] |= cells
    upload = hand.sent("110.csv", as_csv(rows))
    job = hand.start(upload, source="110")
    waiting = hand.get(f"/api/jobs/{job}").get_json()
    assert (waiting["status"], waiting["asked"]["file"], waiting["asked"]["source"]) == ("waiting", "110.csv", "110")
    done = hand.done(job)
    report = done["report"]
    assert (done["status"], done["done"], done["rejected"]) == ("done", 60, None)
    assert report["read"] == sum(report[name] for name in SUM) == 60
    assert (report["stored"], report["quarantined"], report["unplaced"]) == (58, 2, 1)
    assert {one["code"]: one["count"] for one in report["reasons"]} == {"time": 1, "truth": 1}
    assert all(one["reason"] for one in report["reasons"]) and len(report["warnings"]) >= 1
    assert town.count("incident") == 58
    assert files_of(town) == []
    batch = hand.get(done["result"]).get_json()
    assert {name: batch[name] for name in ("read", *SUM)} == {name: report[name] for name in ("read", *SUM)}
    assert batch["waiting"] == 2 and sum(one["count"] for one in batch["reasons"]) == 2
    listed = hand.get("/api/imports", county=TOWN).get_json()
    assert (listed["imports"][0]["id"], listed["waiting"], listed["jobs"]) == (report["batch_id"], 2, [])


def test_the_same_file_again_changes_nothing(hand: Hand, town: Town) -> None:
    rows = incident_rows(40)
    assert hand.imported("110.csv", rows)["stored"] == 40
    again = hand.imported("110.csv", rows)
    assert (again["read"], again["unchanged"]) == (40, 40)
    changed = hand.imported("110.csv", [rows[0] | {"事发地址": "东一路2号"}, *rows[1:]])
    assert (changed["updated"], changed["unchanged"]) == (1, 39)
    assert town.count("incident") == 40


def test_a_trial_stores_nothing_and_keeps_the_file(hand: Hand, town: Town) -> None:
    rows = incident_rows(20)
    rows[0] |= {"报警时间": "昨天"}
    upload = hand.sent("110.csv", as_csv(rows))
    report = hand.done(hand.start(upload, dry_run=True))["report"]
    assert report["dry_run"] and (report["stored"], report["quarantined"]) == (19, 1)
    assert town.count("incident") == town.count("quarantine_row") == 0
    assert town.count("import_batch") == 1
    assert hand.done(hand.start(upload))["report"]["stored"] == 19
    assert town.count("incident") == 19


def test_H06_a_job_that_is_done_twice_is_done_once(hand: Hand, town: Town) -> None:
    job = hand.start(hand.sent("110.csv", as_csv(incident_rows(10))))
    first = hand.done(job)
    assert hand.done(job) == first
    assert town.count("incident") == 10 and town.count("import_batch") == 2


def test_a_job_that_was_cancelled_before_it_began_stores_nothing(hand: Hand, town: Town) -> None:
    job = hand.start(hand.sent("110.csv", as_csv(incident_rows(10))))
    assert hand.send(f"/api/jobs/{job}", {}, "DELETE").get_json()["status"] == "cancelled"
    assert hand.done(job)["status"] == "cancelled"
    assert town.count("incident") == 0 and len(files_of(town)) == 1


def test_a_job_that_is_cancelled_under_way_stores_nothing(hand: Hand, town: Town) -> None:
    job = hand.start(hand.sent("110.csv", as_csv(incident_rows(10))))
    user = town.rows("SELECT user_id FROM job")[0][0]
    assert begin(town.settings, town.database, job, user) is not None
    assert hand.send(f"/api/jobs/{job}", {}, "DELETE").get_json()["status"] == "running"
    run(town.settings, town.database, job, user, is_last=True)
    assert hand.get(f"/api/jobs/{job}").get_json()["status"] == "cancelled"
    assert town.count("incident") == 0 and town.count("import_batch") == 1


def test_a_file_that_cannot_be_used_as_a_whole_is_explained_and_can_be_corrected(hand: Hand, town: Town) -> None:
    upload = hand.sent("110.csv", as_csv(incident_rows(10)))
    failed = hand.done(hand.start(upload, crs="EPSG:4548", source="110"))
    assert (failed["status"], failed["report"]) == ("failed", None)
    assert failed["rejected"]["problems"][0]["code"] == "crs_wrong" and failed["rejected"]["remedy"]
    assert failed["asked"]["upload"] == upload and failed["asked"]["wishes"]["crs"] == "EPSG:4548"
    listed = hand.get("/api/imports", county=TOWN).get_json()["jobs"]
    assert [(one["id"], one["status"]) for one in listed] == [(failed["id"], "failed")]
    assert town.browser("colleague").get("/api/imports", county=TOWN).get_json()["jobs"] == []
    assert hand.done(hand.start(upload))["report"]["stored"] == 10


@pytest.mark.parametrize(
    "said",
    [
        {"kind": None}, {"kind": "no_such"}, {"crs": "EPSG:x"}, {"crs": "EPSG:1"}, {"crs": "'; --"}, {"columns": []},
        {"columns": {"address": 1}}, {"values": {"valid": "yes"}}, {"swapped": "yes"}, {"user_id": 1}, {"scope": [1]},
        {"source": ""}, {"source": "x" * 121}, {"county": 5}, {"layer": "x" * 201}, {"crs": "x" * 41},
    ],
)  # fmt: skip
def test_B05_anything_else_in_the_order_is_refused(hand: Hand, said: dict[str, Any]) -> None:
    upload = hand.sent("110.csv", as_csv(incident_rows(1)))
    wanted = {"county": TOWN, "upload": upload, "kind": "incidents", **said}
    assert (
        hand.send("/api/imports", {name: value for name, value in wanted.items() if value is not None}).status_code
        == 400
    )
    assert hand.town.count("job") == 0


def test_B08_a_job_of_who_may_no_longer_import_does_nothing(hand: Hand, town: Town) -> None:
    job = hand.start(hand.sent("110.csv", as_csv(incident_rows(10))))
    with town.database.owner_session() as owner:
        owner.execute(
            text(
                "UPDATE user_role SET role = 'planner' WHERE user_id = (SELECT id FROM app_user WHERE login = 'analyst')"
            )
        )
    assert hand.done(job)["status"] == "failed"
    assert town.count("incident") == 0
