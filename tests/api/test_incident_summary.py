"""The numbers above the incidents, against plain SQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from scipy import stats
from sqlalchemy import text

from geo_app.api import reading
from geo_app.database.engine import Database
from geo_app.queries import area_counts
from layers.incidents.choice import Incidents


def ask(client: FlaskClient, query: str = "") -> dict:
    answer = client.get(f"/api/incidents/summary?county=mesa{query}")
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def rows(database: Database, statement: str, **values) -> list:
    with database.owner_session() as owner:
        return [tuple(row) for row in owner.execute(text(statement), values)]


# An incident as the product understands it: local middle of its range.
INCIDENT = """
WITH seen AS (
  SELECT i.*, (occurred_from + (occurred_to - occurred_from) / 2) AT TIME ZONE 'America/Phoenix' AS at,
    occurred_to - occurred_from AS length FROM incident i JOIN county c ON c.id = i.county_id
  WHERE c.code = 'mesa' AND valid)
"""


def test_mesa_has_no_times_and_says_so(reader: FlaskClient) -> None:
    found = ask(reader)
    assert (found["n"], found["total"], found["untimed"], found["hour_unknown"]) == (287, 287, 287, 287)
    assert found["first"] is found["last"] is found["histogram"] is found["previous"] is found["year_before"] is None
    assert found["hours"] == [0] * 24 and found["weekdays"] == [0] * 7
    assert found["categories"] == [{"name": "", "count": 287}] or sum(c["count"] for c in found["categories"]) == 287
    in_period = ask(reader, "&since=2026-01-01&until=2026-01-31")
    assert (in_period["n"], in_period["untimed"], in_period["total"]) == (0, 287, 287)
    at_night = reader.get("/api/incidents/summary?county=mesa&hours=22-6").get_json()
    assert (at_night["n"], at_night["untimed"]) == (0, 287)


def test_counts_hours_weekdays_and_categories_are_those_of_sql(timed: Database, planner: FlaskClient) -> None:
    found = ask(planner, "&since=2025-03-01&until=2025-08-31&category=纠纷&category=盗窃")
    meant = (
        INCIDENT
        + "SELECT {} FROM seen WHERE category IN ('纠纷', '盗窃') AND at::date BETWEEN '2025-03-01' AND '2025-08-31'"
    )
    assert [(found["n"], found["unplaced"])] == rows(
        timed, meant.format("count(*), count(*) FILTER (WHERE geom IS NULL)")
    )
    hours = dict(
        rows(timed, meant.format("extract(hour FROM at)::int, count(*)") + " AND length <= '12 hours' GROUP BY 1")
    )
    assert found["hours"] == [hours.get(hour, 0) for hour in range(24)]
    assert found["hour_unknown"] == found["n"] - sum(found["hours"])
    days = dict(
        rows(timed, meant.format("extract(isodow FROM at)::int, count(*)") + " AND length <= '1 day' GROUP BY 1")
    )
    assert found["weekdays"] == [days.get(day, 0) for day in range(1, 8)]
    every = rows(
        timed,
        INCIDENT + "SELECT category, count(*) FROM seen WHERE at::date BETWEEN '2025-03-01' AND '2025-08-31'"
        ' GROUP BY 1 ORDER BY 2 DESC, category COLLATE "C"',
    )
    assert [(one["name"], one["count"]) for one in found["categories"]] == every and len(every) == 4
    assert rows(timed, INCIDENT + "SELECT min(at)::date::text, max(at)::date::text FROM seen") != []
    assert found["total"] == rows(timed, INCIDENT + "SELECT count(*) FROM seen")[0][0]
    assert ask(planner, "&valid=0")["total"] == rows(timed, "SELECT count(*) FROM incident")[0][0]


def test_what_has_no_time_is_counted_apart(timed: Database, planner: FlaskClient) -> None:
    found = ask(planner, "&since=2025-03-01&until=2025-08-31&category=纠纷")
    assert (
        found["untimed"]
        == rows(timed, INCIDENT + "SELECT count(*) FROM seen WHERE at IS NULL AND category = '纠纷'")[0][0]
        > 0
    )


@pytest.mark.parametrize(
    ("period", "previous", "year_before"),
    [
        ("2026-03-01 2026-03-31", "2026-02-01 2026-02-28", "2025-03-01 2025-03-31"),
        ("2026-02-16 2026-02-28", "2026-02-01 2026-02-15", "2025-02-16 2025-02-28"),
        ("2026-01-05 2026-01-11", "2025-12-29 2026-01-04", "2025-01-05 2025-01-11"),
    ],
)
def test_periods_compare_with_sql_counts_and_the_exact_test(
    timed: Database, planner: FlaskClient, period: str, previous: str, year_before: str
) -> None:
    since, until = period.split()
    found = ask(planner, f"&since={since}&until={until}")

    def count(days: str) -> int:
        first, last = (date.fromisoformat(day) for day in days.split())
        statement = INCIDENT + "SELECT count(*) FROM seen WHERE at::date BETWEEN :first AND :last"
        return rows(timed, statement, first=first, last=last)[0][0]

    def length(days: str) -> int:
        first, last = (date.fromisoformat(day) for day in days.split())
        return (last - first).days + 1

    assert found["n"] == count(period)
    for name, days in (("previous", previous), ("year_before", year_before)):
        then = found[name]
        assert f"{then['since']} {then['until']}" == days and then["count"] == count(days)
        assert then["change"] == pytest.approx((found["n"] - then["count"]) / then["count"], abs=1e-4)
        share = length(period) / (length(period) + length(days))
        assert then["p"] == pytest.approx(stats.binomtest(found["n"], found["n"] + then["count"], share).pvalue)


def test_a_month_that_is_not_over_compares_with_as_many_days(
    timed: Database, planner: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = reading.terms_of
    monkeypatch.setattr(
        reading, "terms_of", lambda *given: replace(usual(*given), day=date(2026, 3, 10), now=date(2026, 3, 10))
    )
    found = ask(planner, "&since=2026-03-01&until=2026-03-31")
    assert found["known_until"] == "2026-03-10"
    assert (found["previous"]["since"], found["previous"]["until"]) == ("2026-02-01", "2026-02-10")
    assert (found["year_before"]["since"], found["year_before"]["until"]) == ("2025-03-01", "2025-03-10")
    upto = rows(timed, INCIDENT + "SELECT count(*) FROM seen WHERE at::date BETWEEN '2026-03-01' AND '2026-03-10'")[0][
        0
    ]
    then = found["previous"]["count"]
    assert found["previous"]["change"] == pytest.approx((upto - then) / then, abs=1e-4)


def test_what_lies_before_the_data_is_no_comparison(timed: Database, planner: FlaskClient) -> None:
    found = ask(planner, "&since=2025-02-01&until=2025-02-28")
    assert found["previous"]["since"] == "2025-01-01" and found["year_before"] is None
    assert ask(planner, "&since=2025-01-01&until=2025-01-31")["previous"] is None
    assert ask(planner, "&since=2027-01-01&until=2027-01-31")["previous"] is None  # after the data
    assert ask(planner, "&since=2025-06-01")["previous"] is None
    assert ask(planner)["previous"] is None


def test_the_histogram_covers_all_days_whatever_the_period(timed: Database, planner: FlaskClient) -> None:
    found, narrow = ask(planner), ask(planner, "&since=2025-06-01&until=2025-06-02")
    bars = found["histogram"]
    assert narrow["histogram"] == bars and bars["step"] == "week"
    assert sum(bars["counts"]) == found["n"] - found["untimed"]
    assert all(date.fromisoformat(start).weekday() == 0 for start in bars["starts"])
    for start, count in list(zip(bars["starts"], bars["counts"], strict=True))[::10]:
        first = date.fromisoformat(start)
        statement = INCIDENT + "SELECT count(*) FROM seen WHERE at::date BETWEEN :first AND :last"
        assert [(count,)] == rows(timed, statement, first=first, last=first + timedelta(6))


def test_areas_are_those_below_with_all_that_is_in_them(timed: Database, planner: FlaskClient) -> None:
    found = ask(planner, "&since=2026-03-01&until=2026-03-31")
    assert [one["name"] for one in found["areas"]] == ["西镇", "东镇"]
    for one in found["areas"]:
        for count, (first, last) in (
            (one["count"], ("2026-03-01", "2026-03-31")),
            (one["previous"], ("2026-02-01", "2026-02-28")),
        ):
            statement = INCIDENT + "SELECT count(*) FROM seen WHERE at::date BETWEEN :a AND :b AND admin_area_id = :id"
            values = {"a": date.fromisoformat(first), "b": date.fromisoformat(last), "id": one["id"]}
            assert rows(timed, statement, **values) == [(count,)]
    assert found["elsewhere"] == found["n"] - sum(one["count"] for one in found["areas"]) > 0
    town = ask(planner, f"&area={found['areas'][0]['id']}&since=2026-03-01&until=2026-03-31")
    assert (town["n"], town["areas"], town["elsewhere"]) == (found["areas"][0]["count"], [], town["n"])


def test_B03_another_county_and_another_area_are_not_found(stranger: FlaskClient, mesa: Database) -> None:
    assert stranger.get("/api/incidents/summary?county=mesa").status_code == 404
    area = rows(mesa, "SELECT id FROM area WHERE code = 'mesa' AND tree = 'admin'")[0][0]
    assert stranger.get(f"/api/incidents/summary?county=340523&area={area}").status_code == 404
    assert stranger.get("/api/incidents/summary?county=340523").get_json()["n"] == 0


def test_an_answer_that_holds_is_not_sent_again(timed: Database, planner: FlaskClient) -> None:
    address = "/api/incidents/summary?county=mesa&since=2026-03-01&until=2026-03-31"
    first = planner.get(address)
    tag = {"If-None-Match": first.headers["ETag"]}
    assert planner.get(address, headers=tag).status_code == 304
    # What changes nothing here is no reason to send it again.
    assert planner.get(address + "&sight=100", headers=tag).status_code == 304
    assert planner.get(address + "&category=x", headers=tag).status_code == 200
    rows(timed, "DELETE FROM incident WHERE id = (SELECT max(id) FROM incident) RETURNING id")
    assert planner.get(address, headers=tag).status_code == 200


def test_without_any_area_or_incident_there_is_an_answer_too(mesa: Database, planner: FlaskClient) -> None:
    rows(mesa, "DELETE FROM incident RETURNING id")
    found = ask(planner, "&since=2026-03-01&until=2026-03-31")
    assert (found["n"], found["total"], found["categories"], found["areas"]) == (0, 0, [], [])
    nothing: list[Incidents] = []
    assert area_counts.area_counts([], None, nothing, None) == ([], 0)  # type: ignore[arg-type]


def test_many_incidents_without_a_single_category_are_one_category_without_a_name(
    mesa: Database, planner: FlaskClient
) -> None:
    rows(
        mesa,
        "INSERT INTO incident (county_id, admin_area_id, police_area_id, occurred_from) SELECT county_id, admin_area_id,"
        " police_area_id, timestamptz '2020-01-01' + n * interval '17 minutes' FROM generate_series(1, 100000) AS n,"
        " (SELECT county_id, admin_area_id, police_area_id FROM street_piece LIMIT 1) AS place RETURNING 1",
    )
    found = ask(planner)
    assert found["categories"][0]["name"] == "" and found["n"] == 100_287
    assert found["unplaced"] == 100_000 and sum(found["histogram"]["counts"]) == 100_000
    assert found["histogram"]["step"] == "month"


def test_how_incidents_were_placed_is_said_by_level_with_a_warning_where_few_are(
    planner: FlaskClient, found: Database
) -> None:
    with found.owner_session() as owner:
        counts = dict(owner.execute(text("SELECT match_level, count(*) FROM incident WHERE valid GROUP BY 1")).all())
    placed = planner.get("/api/incidents/summary?county=mesa").json["placed"]
    assert {one["level"]: one["count"] for one in placed["levels"]} == counts
    assert [one["level"] for one in placed["levels"]] == [
        "given", "number", "crossing", "place", "road", "community", "none",
    ]  # fmt: skip
    assert placed["share"] == round(1 - counts["none"] / sum(counts.values()), 4) and placed["is_low"] is False
    with found.owner_session() as owner:
        owner.execute(text("UPDATE incident SET geom = NULL WHERE match_level = 'community'"))
    less = planner.get("/api/incidents/summary?county=mesa").json
    assert less["placed"]["is_low"] is True and less["unplaced"] == counts["none"] + counts["community"]
    nobody = planner.get("/api/incidents/summary?county=mesa&since=1999-01-01&until=1999-01-02").json
    assert nobody["placed"] == {"share": None, "is_low": False, "levels": []}
