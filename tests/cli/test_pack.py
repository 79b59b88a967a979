"""An inspection pack by command."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from geo_app.cli import main
from tests.made_grids import COUNTY, Governed
from tests.papers.reading import Paper

Run = Callable[..., Result]


@pytest.fixture
def run(governed: Governed, tmp_path: Path) -> Run:
    environ = {
        "DATABASE_URL": governed.settings.database_url,
        "DATABASE_OWNER_URL": governed.settings.database_owner_url,
        "GEO_STATE": str(tmp_path / "state"),
    }
    return lambda *arguments: CliRunner().invoke(main, ["pack", *map(str, arguments)], env=environ)


def test_a_pack_is_written_in_the_language_and_of_the_day_asked_for(
    run: Run, governed: Governed, tmp_path: Path
) -> None:
    out = tmp_path / "pack.zip"
    result = run(
        "--county",
        COUNTY,
        "--as-of",
        "2026-03-01",
        "--since",
        "2026-01-01",
        "--out",
        out,
        "--language",
        "en",
        "--by",
        "Wang",
    )
    assert result.exit_code == 0, result.output
    assert f"{out}: 32 grids, 0 faults" in result.output and "0 changes since 2026-01-01" in result.output
    with zipfile.ZipFile(out) as archive:
        assert set(archive.namelist()) == {"Inspection pack of grids.pdf", "List of grids.xlsx", "Grids.gpkg"}
        words = Paper(archive.read("Inspection pack of grids.pdf")).text
    assert "asof2026-03-01" in words and "PrintedbyWang" in words
    [entry] = governed.rows("SELECT login, details FROM audit_entry WHERE action = 'data:export'")
    assert entry[0] == "command line" and entry[1]["day"] == "2026-03-01"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--county", "999999"), "There is no county"),
        (("--county", COUNTY, "--as-of", "2026-03-01", "--since", "2026-03-02"), "--since lies after --as-of"),
        (("--county", COUNTY, "--as-of", "2026-02-30"), "2026-02-30"),
    ],
)
def test_what_cannot_be_made_is_said_in_a_sentence(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    result = run(*arguments, "--out", tmp_path / "pack.zip")
    assert result.exit_code != 0 and said in result.output
    assert not (tmp_path / "pack.zip").exists()


def test_a_place_that_cannot_be_written_is_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    result = run("--county", COUNTY, "--out", tmp_path / "file" / "pack.zip")
    assert result.exit_code == 1 and "cannot be written" in result.output
