"""Filters of the API: what they choose, and what they refuse."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from geo_app.database.engine import Database


def total(client: FlaskClient, query: str = "") -> int:
    answer = client.get(f"/api/gaps?county=mesa{query}")
    assert answer.status_code == 200, answer.text
    return answer.get_json()["total"]


def test_each_filter_changes_the_answer_and_its_tag(reader: FlaskClient) -> None:
    everything = total(reader)
    assert total(reader, "&sight=100") < everything < total(reader, "&routes=none")
    assert total(reader, "&asked=ABC") > everything > total(reader, "&asked=A") > 0
    assert total(reader, "&since=2026-01-01") < everything  # no incident of Mesa has a time: class A is empty
    tags = {
        reader.get(f"/api/gaps?county=mesa{query}").headers["ETag"]
        for query in ("", "&sight=100", "&routes=none", "&asked=A", "&since=2026-01-01", "&valid=0", "&hours=22-6")
    }
    assert len(tags) == 7


def test_list_and_layer_agree_under_every_filter(reader: FlaskClient) -> None:
    for query in ("", "&sight=100", "&routes=none", "&asked=ABC", "&category=none+of+them", "&valid=0"):
        drawn = reader.get(f"/api/layers/patrol_gaps?county=mesa{query}").get_json()
        assert drawn["legend"]["n"] == total(reader, query)


def test_an_area_shows_what_lies_in_it_and_its_gaps_are_judged_as_before(planner: FlaskClient, mesa: Database) -> None:
    with mesa.owner_session() as owner:
        root = owner.scalar(
            text("SELECT a.id FROM area a JOIN county c ON c.id = a.county_id WHERE c.code = 'mesa' AND tree = 'admin'")
        )
        foreign = owner.scalar(
            text("SELECT a.id FROM area a JOIN county c ON c.id = a.county_id WHERE c.code <> 'mesa'")
        )
    assert total(planner, f"&area={root}") == total(planner)
    for unseen in (foreign, 999_999_999):
        answer = planner.get(f"/api/gaps?county=mesa&area={unseen}")
        assert answer.status_code == 404
        answers = {(answer.get_json()["code"], answer.get_json()["detail"])}
    assert len(answers) == 1


@pytest.mark.parametrize(
    "query",
    (
        "since=2026-02-30", "since=20260201", "since=2026-03-02&until=2026-03-01", "hours=24-3", "hours=6-6", "hours=22",
        "valid=yes", "routes=", "routes=1;2", "routes=-1", "sight=nan", "sight=0", "sight=1e9", "sight=1_0", "asked=D",
        "asked=AA", "asked=", "bandwidth=5", "days=0", "days=1.5", "days=4000", "least=1", "least=-3", "unit=hexagons", "area=x", "area=0", "area=1%20OR%201=1",
        "box=1,2,3", "box=10,0,-10,5", "box=0,0,nan,1", "box=-200,0,0,1", "box=1,2,3,4,5,6", "sight=50&sight=60",
        "category=" + "x" * 201, "colour=red",
    ),
)  # fmt: skip
def test_C06_what_is_no_filter_is_refused_with_its_name(reader: FlaskClient, query: str) -> None:
    for path in ("/api/gaps", "/api/layers/incidents"):
        answer = reader.get(f"{path}?county=mesa&{query}")
        assert answer.status_code == 400
        name = query.split("=")[0]
        assert name in answer.get_json()["detail"] or (name == "since" and answer.get_json()["detail"])


def test_C01_text_of_a_category_is_a_value_and_never_sql(reader: FlaskClient) -> None:
    for category in ("'; DROP TABLE incident; --", "%", "\\", "纠纷' OR '1'='1"):
        answer = reader.get("/api/layers/incidents", query_string={"county": "mesa", "category": category})
        assert answer.status_code == 200 and answer.get_json()["legend"]["n"] == 0


def test_a_category_may_be_repeated(planner: FlaskClient, mesa: Database) -> None:
    with mesa.owner_session() as owner:
        owner.execute(
            text("UPDATE incident SET category = CASE id % 3 WHEN 0 THEN '纠纷' WHEN 1 THEN '交通' ELSE '' END")
        )
        wanted = owner.scalar(text("SELECT count(*) FROM incident WHERE category <> ''"))
    answer = planner.get("/api/layers/incidents?county=mesa&category=纠纷&category=交通")
    assert answer.get_json()["legend"]["n"] == wanted
