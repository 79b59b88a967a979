"""148,636 assaults of ten years, whole: every number is the one that pandas counts in the same file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from layers.incidents.sums import MOST_POINTS, MOST_SUMS
from tests.real_counties import CHICAGO, Real, RealCounty, closer_in

pytestmark = pytest.mark.long
BOX = (-87.68, 41.86, -87.64, 41.89)


@pytest.fixture(scope="module")
def chicago(real: Callable[[RealCounty], Real]) -> Real:
    return real(CHICAGO)


@pytest.fixture(scope="module")
def table(file_of: Callable[[str], Path]) -> pd.DataFrame:
    return pd.read_csv(file_of(CHICAGO.takes[0].file), parse_dates=["date"])


def in_period(table: pd.DataFrame, first: str, last: str) -> pd.Series:
    days = table["date"].dt.normalize()
    return (days >= first) & (days <= last)


FILTERS: list[tuple[dict[str, Any], Callable[[pd.DataFrame], pd.Series]]] = [
    ({}, lambda t: t["date"].notna()),
    ({"since": "2018-01-01", "until": "2018-12-31"}, lambda t: in_period(t, "2018-01-01", "2018-12-31")),
    ({"since": "2019-12-31"}, lambda t: in_period(t, "2019-12-31", "2100-01-01")),
    ({"until": "2010-01-01"}, lambda t: in_period(t, "2000-01-01", "2010-01-01")),
    # The nights on which the clocks are changed.
    ({"since": "2015-03-08", "until": "2015-03-08"}, lambda t: in_period(t, "2015-03-08", "2015-03-08")),
    ({"since": "2015-11-01", "until": "2015-11-01"}, lambda t: in_period(t, "2015-11-01", "2015-11-01")),
    ({"category": ["street", "open space"]}, lambda t: t["loc_cat"].isin(["street", "open space"])),
    ({"hours": "22-6"}, lambda t: (t["date"].dt.hour >= 22) | (t["date"].dt.hour < 6)),
    (
        {"since": "2014-02-01", "until": "2014-02-28", "category": "residence", "hours": "0-12"},
        lambda t: in_period(t, "2014-02-01", "2014-02-28") & (t["loc_cat"] == "residence") & (t["date"].dt.hour < 12),
    ),
    ({"category": "no such category"}, lambda t: t["date"].isna()),
]


@pytest.mark.parametrize(("filters", "chosen"), FILTERS, ids=[str(filters) for filters, _ in FILTERS])
def test_a_filter_chooses_exactly_what_pandas_counts(
    chicago: Real, table: pd.DataFrame, filters: dict[str, Any], chosen: Callable[[pd.DataFrame], pd.Series]
) -> None:
    expected = int(chosen(table).sum())
    drawn = chicago.get("/api/layers/incidents", **filters)
    assert drawn["legend"]["n"] == expected
    assert chicago.get("/api/incidents/summary", **filters)["n"] == expected
    if expected > MOST_POINTS:
        assert drawn["facts"]["partial"] is True and len(drawn["features"]["features"]) <= MOST_SUMS
        assert sum(f["properties"]["count"] for f in drawn["features"]["features"]) == expected
    else:
        assert "partial" not in drawn["facts"] and len(drawn["features"]["features"]) == expected


def test_the_whole_of_it_is_a_small_answer(chicago: Real) -> None:
    parameters = {"county": "chicago"}
    plain = chicago.client.get("/api/layers/incidents", query_string=parameters)
    packed = chicago.client.get("/api/layers/incidents", query_string=parameters, headers={"Accept-Encoding": "gzip"})
    assert len(plain.data) < 400_000 and len(packed.data) < 60_000


def test_inside_a_small_box_each_incident_is_a_point(chicago: Real, table: pd.DataFrame) -> None:
    west, south, east, north = BOX
    box = ",".join(map(str, BOX))
    inside = table["longitude"].between(west, east) & table["latitude"].between(south, north)
    drawn = chicago.get("/api/layers/incidents", box=box)
    assert 0 < len(drawn["features"]["features"]) == inside.sum() <= MOST_POINTS
    assert drawn["legend"]["n"] == len(table) and drawn["facts"]["partial"] is True
    kinds = pd.Series([f["properties"]["category"] for f in drawn["features"]["features"]]).value_counts()
    assert kinds.to_dict() == table[inside]["loc_cat"].value_counts().to_dict()


def test_the_time_bar_adds_up_and_so_do_hours_weekdays_and_categories(chicago: Real, table: pd.DataFrame) -> None:
    summary = chicago.get("/api/incidents/summary")
    assert sum(summary["histogram"]["counts"]) == summary["n"] == summary["total"] == len(table)
    assert summary["hours"] == table["date"].dt.hour.value_counts().reindex(range(24), fill_value=0).tolist()
    assert summary["weekdays"] == table["date"].dt.day_of_week.value_counts().sort_index().tolist()
    categories = {one["name"]: one["count"] for one in summary["categories"]}
    assert categories == table["loc_cat"].value_counts().to_dict()
    assert (summary["first"], summary["last"]) == (f"{table['date'].min():%Y-%m-%d}", f"{table['date'].max():%Y-%m-%d}")


def test_a_year_is_compared_with_the_one_before(chicago: Real, table: pd.DataFrame) -> None:
    years = table["date"].dt.year.value_counts()
    summary = chicago.get("/api/incidents/summary", since="2018-01-01", until="2018-12-31")
    assert summary["n"] == years[2018]
    assert summary["previous"]["count"] == years[2017]
    assert summary["previous"]["change"] == pytest.approx((years[2018] - years[2017]) / years[2017], abs=1e-4)


def test_the_density_of_a_year_is_a_surface_of_that_year(chicago: Real, table: pd.DataFrame) -> None:
    drawn = chicago.get("/api/layers/density", since="2018-01-01", until="2018-12-31")
    assert drawn["raster"]["png"] and drawn["legend"]["n"] == in_period(table, "2018-01-01", "2018-12-31").sum()
    assert drawn["legend"]["dates"] == ["2018-01-01", "2018-12-31"]


def test_the_page_of_all_of_it_opens_and_draws_points_closer_in(
    chicago: Real, page_of: Callable[..., Any], tmp_path: Path
) -> None:
    visit = page_of(chicago, viewport={"width": 1440, "height": 900})
    visit.open("?view=incidents&layers=incidents,density")
    row = visit.tab.locator('[data-layer="incidents"] .count')
    assert "148,636" in row.inner_text()
    with visit.tab.expect_response(closer_in("incidents")) as found:
        visit.tab.evaluate("() => { map_main.setView([41.875, -87.66], 16, { animate: false }); }")
    drawn = found.value.json()
    assert {f["geometry"]["type"] for f in drawn["features"]["features"]} == {"Point"}
    assert "category" in drawn["features"]["features"][0]["properties"]
    visit.tab.wait_for_timeout(300)
    assert "148,636" in row.inner_text()
    visit.tab.screenshot(path=str(tmp_path / "chicago.png"))
    assert visit.complaints == [] and visit.violations() == []
