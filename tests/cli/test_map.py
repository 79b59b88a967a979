"""A map as one file, by command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from geo_app.cli import main
from geo_app.config import Settings

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
