"""A map as one file, by command."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from geo_app.cli import main
from geo_app.config import Settings
from geo_app.database.engine import Database
from tests.made_history import SPLIT

Run = Callable[..., Result]


@pytest.fixture
def run(mesa_settings: Settings, tmp_path: Path) -> Run:
    environ = {
        "DATABASE_URL": mesa_settings.database_url,
        "DATABASE_OWNER_URL": mesa_settings.database_owner_url,
        "GEO_STATE": str(tmp_path / "state"),
    }
    return lambda *arguments: CliRunner().invoke(main, ["map", *map(str, arguments)], env=environ)


def test_a_map_holds_its_layers_in_chinese_and_says_what_is_simulated(run: Run, tmp_path: Path) -> None:
    result = run("patrol_gaps", "incidents", "cameras", "--county", "mesa", "--out", tmp_path / "map.html")
    assert result.exit_code == 0, result.output
    text = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert "巡防空白" in text and "演示数据" in text and "Mesa 演示区" in text
    assert "<script src" not in text and "stylesheet" not in text


@pytest.mark.parametrize("layer", ["patrol_gaps", "patrol_coverage", "unseen_streets"])
def test_what_was_computed_from_made_up_routes_says_so(run: Run, tmp_path: Path, layer: str) -> None:
    assert run(layer, "--county", "mesa", "--out", tmp_path / "map.html").exit_code == 0
    assert '<span class="map-simulated">演示数据 · ' in (tmp_path / "map.html").read_text(encoding="utf-8")
    assert run("streets", "--county", "mesa", "--out", tmp_path / "map.html").exit_code == 0
    assert '<span class="map-simulated">' not in (tmp_path / "map.html").read_text(encoding="utf-8")


def test_only_a_map_with_something_made_up_says_so(run: Run, tmp_path: Path) -> None:
    for layer, marked in (("patrol_gaps", True), ("incidents", False)):
        assert run(layer, "--county", "mesa", "--out", tmp_path / "map.html").exit_code == 0
        assert ("演示数据" in (tmp_path / "map.html").read_text(encoding="utf-8")) is marked


def test_a_map_in_english(run: Run, tmp_path: Path) -> None:
    assert run("incidents", "--county", "mesa", "--out", tmp_path / "map.html", "--language", "en").exit_code == 0
    assert '"Incidents"' in (tmp_path / "map.html").read_text(encoding="utf-8")


@pytest.fixture
def dated(mesa: Database) -> None:
    """The incidents of Mesa on the days of two months, at all hours, in two categories, one in ten no valid call."""
    with mesa.owner_session() as owner:
        owner.execute(
            text(
                "UPDATE incident SET occurred_from = '2026-03-01 12:30-07'::timestamptz + n * interval '5 hours',"
                " occurred_to = NULL, category = CASE WHEN n % 4 = 0 THEN '盗窃' ELSE '纠纷' END, valid = n % 10 > 0"
                " FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM incident) AS numbered"
                " WHERE numbered.id = incident.id"
            )
        )


def written(out: Path) -> tuple[int, str]:
    """How many incidents a file shows, and what it says that it stands for."""
    page = out.read_text(encoding="utf-8")
    island = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.S)
    said = re.search(r'<p class="map-said">(.*?)</p>', page)
    assert island is not None and said is not None
    return json.loads(island[1])["drawings"][0]["legend"]["n"], html.unescape(said[1])


@pytest.mark.parametrize(
    ("options", "where", "said"),
    [
        ([], "valid", "Incidents from 2026-03-01 to 2026-04-30"),
        (["--all-calls"], "true", "All calls, not only valid incidents"),
        (["--since", "2026-03-10", "--until", "2026-03-20"],
         "valid AND (occurred_from AT TIME ZONE 'America/Phoenix')::date BETWEEN '2026-03-10' AND '2026-03-20'",
         "Incidents from 2026-03-10 to 2026-03-20"),
        (["--category", "盗窃"], "valid AND category = '盗窃'", "Categories: 盗窃"),
        (["--category", "盗窃", "--category", "纠纷"], "valid", "Categories: 盗窃, 纠纷"),
        (["--hours", "22-6"],
         "valid AND extract(hour FROM occurred_from AT TIME ZONE 'America/Phoenix') IN (22, 23, 0, 1, 2, 3, 4, 5)",
         "From 22 to 6 o'clock"),
        (["--area", "mesa"], "valid", "Area: Mesa 演示区"),
    ],
    ids=["everything", "all calls", "period", "category", "categories", "hours", "area"],
)  # fmt: skip
def test_a_map_holds_what_its_filters_choose_and_says_them_in_words(
    run: Run, dated: None, mesa: Database, tmp_path: Path, options: list[str], where: str, said: str
) -> None:
    out = tmp_path / "map.html"
    assert run("incidents", "--county", "mesa", "--out", out, "--language", "en", *options).exit_code == 0
    with mesa.owner_session() as owner:
        expected = owner.execute(text(f"SELECT count(*) FROM incident WHERE geom IS NOT NULL AND {where}")).scalar_one()
    n, words = written(out)
    assert n == expected > 0
    assert said in words and words.startswith("As of 20")


def test_a_map_in_chinese_says_its_filters_in_chinese(run: Run, dated: None, tmp_path: Path) -> None:
    out = tmp_path / "map.html"
    options = ("--hours", "8-20", "--sight", "80", "--bandwidth", "300", "--unit", "grids")
    assert run("incidents", "--county", "mesa", "--out", out, *options).exit_code == 0
    english = ("As of", "Incidents", "o'clock", "Sight", "Bandwidth", "Hot spots")
    assert [word for word in english if word in written(out)[1]] == []


def test_another_sight_distance_gives_other_gaps(run: Run, tmp_path: Path) -> None:
    numbers = []
    for sight in ("20", "200"):
        out = tmp_path / f"map-{sight}.html"
        assert run("unseen_streets", "--county", "mesa", "--out", out, "--sight", sight).exit_code == 0
        numbers.append(written(out)[0])
    assert numbers[0] > numbers[1]


def test_a_map_of_another_day_has_the_grids_of_then_and_says_so(run: Run, history: Database, tmp_path: Path) -> None:
    for day, count in ((SPLIT - timedelta(1), 12), (SPLIT, 13)):
        out = tmp_path / "map.html"
        assert run("grids", "--county", "mesa", "--out", out, "--language", "en", "--as-of", day).exit_code == 0
        n, words = written(out)
        assert n == count and words.startswith(f"As of {day}")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--as-of", "2026-02-30"], "--as-of: 2026-02-30 is no day of the calendar"),
        (["--since", "yesterday"], "--since: a day is written 2026-01-31"),
        (["--since", "2026-02-01", "--until", "2026-01-01"], "the period ends before it begins"),
        (["--hours", "25-3"], "--hours: "),
        (["--sight", "5000"], "--sight: "),
        (["--bandwidth", "nan"], "--bandwidth: a number is needed"),
        (["--unit", "towns"], "cells"),
        (["--days", "1.5"], "--days: a whole number is needed"),
        (["--least", "1"], "--least: "),
        (["--area", "999999"], "There is no area '999999' in mesa"),
        (["--area", "' OR 1=1 --"], "There is no area"),
    ],
)
def test_a_filter_that_means_nothing_is_said_in_a_sentence(
    run: Run, tmp_path: Path, options: list[str], sentence: str
) -> None:
    result = run("incidents", "--county", "mesa", "--out", tmp_path / "map.html", *options)
    assert result.exit_code != 0 and sentence in result.output
    assert "Traceback" not in result.output and not (tmp_path / "map.html").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["incidents", "--county", "nowhere", "--out", "map.html"], "There is no county 'nowhere'"),
        (["crimes", "--county", "mesa", "--out", "map.html"], "patrol_gaps"),
        (["incidents", "--county", "mesa", "--out", "/proc/map.html"], "cannot be written"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_a_sentence(run: Run, arguments: list[str], sentence: str) -> None:
    result = run(*arguments)
    assert result.exit_code != 0 and sentence in result.output
    assert "Traceback" not in result.output
