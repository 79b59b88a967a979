"""37,512 incidents of a year, a tenth of them without a position: kept, counted, and said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.real_counties import VANCOUVER, Real, RealCounty


@pytest.fixture(scope="module")
def vancouver(real: Callable[[RealCounty], Real]) -> Real:
    return real(VANCOUVER)


@pytest.fixture(scope="module")
def table(file_of: Callable[[str], Path]) -> pd.DataFrame:
    return pd.read_csv(file_of(VANCOUVER.takes[0].file))


def test_what_has_no_position_is_counted_and_said(vancouver: Real, table: pd.DataFrame) -> None:
    without = ((table["X"] == 0) & (table["Y"] == 0)) | table["X"].isna()
    legend = vancouver.get("/api/layers/incidents")["legend"]
    assert (len(table), int(without.sum())) == (37_512, 3_751)
    assert (legend["n"], legend["unplaced"]) == (37_512 - 3_751, 3_751)
    assert legend["placed_share"] == pytest.approx(1 - 3_751 / 37_512, abs=1e-3)
    summary = vancouver.get("/api/incidents/summary")
    assert (summary["n"], summary["unplaced"]) == (37_512, 3_751)


@pytest.mark.parametrize("kind", ["Theft of Bicycle", "Offence Against a Person", "Mischief"])
def test_a_category_of_the_file_is_a_filter(vancouver: Real, table: pd.DataFrame, kind: str) -> None:
    chosen = table[table["TYPE"] == kind]
    legend = vancouver.get("/api/layers/incidents", category=kind)["legend"]
    assert (legend["n"], legend["unplaced"]) == ((chosen["X"] > 0).sum(), (chosen["X"] == 0).sum())


def test_a_month_is_that_of_the_city_not_of_the_server(vancouver: Real, table: pd.DataFrame) -> None:
    summary = vancouver.get("/api/incidents/summary", since="2020-03-01", until="2020-03-31")
    assert summary["n"] == (table["MONTH"] == 3).sum()


def test_a_position_in_metres_lands_where_the_city_is(vancouver: Real) -> None:
    west, south, east, north = vancouver.get("/api/layers/incidents")["bounds"]
    assert -123.3 < west < east < -122.9 and 49.1 < south < north < 49.4


def test_the_page_says_what_has_no_position(vancouver: Real, page_of: Callable[..., Any]) -> None:
    visit = page_of(vancouver)
    visit.open("?view=incidents&layers=incidents")
    row = visit.tab.locator('[data-layer="incidents"]')
    assert "33,761" in row.locator(".count").inner_text()
    # Wherever the panel stands, the legend of the layer is in the page.
    assert "3751" in row.locator(".legend").text_content().replace(",", "")
    assert visit.complaints == [] and visit.violations() == []
