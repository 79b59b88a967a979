"""What the README says agrees with the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from geo_app.cli import main
from geo_app.cli.layers import markdown
from geo_app.config import SETTINGS

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh-CN.md")


@pytest.mark.parametrize("name", READMES)
def test_each_setting_is_in_the_readme(name: str) -> None:
    readme = (ROOT / name).read_text(encoding="utf-8")
    assert [setting.name for setting in SETTINGS if f"`{setting.name}`" not in readme] == []


@pytest.mark.parametrize(("name", "language"), [("README.md", "en"), ("README.zh-CN.md", "zh")])
def test_the_layer_table_is_the_generated_one(name: str, language: str) -> None:
    readme = (ROOT / name).read_text(encoding="utf-8")
    table = re.search(r"<!-- layers -->\n(.*?)<!-- /layers -->", readme, re.S)
    assert table is not None
    assert table.group(1) == markdown(language), f"run geo-app layers --language {language}"


@pytest.mark.parametrize("name", READMES)
def test_each_command_is_in_the_readme(name: str) -> None:
    readme = (ROOT / name).read_text(encoding="utf-8")
    assert [command for command in main.list_commands(None) if f"geo-app {command}" not in readme] == []


@pytest.mark.parametrize("name", READMES)
def test_the_first_map_is_within_25_lines(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    assert any("./run demo" in line for line in lines[:25])


def test_the_five_lines_without_a_server_run_as_they_stand(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"<!-- example -->\s*```python\n(.*?)```", readme, re.S)
    assert block is not None
    program = block.group(1)
    assert len([line for line in program.splitlines() if line.strip() and not line.startswith(("import", "from"))]) <= 5
    names: dict[str, object] = {}
    exec(compile(program.replace("map.html", str(tmp_path / "map.html")), "README.md", "exec"), names)
    assert "patrol_coverage" in (tmp_path / "map.html").read_text(encoding="utf-8")
