"""geo-app export and geo-app template."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from geo_app.cli import main
from geo_app.config import Settings
from geo_app.models import AuditEntry
from tests.imports.conftest import Desk

Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings) -> Run:
    """Runs a command against the test's database."""
    environment = {
        "DATABASE_URL": settings.database_url,
        "DATABASE_OWNER_URL": settings.database_owner_url,
        "GEO_STATE": str(settings.state),
        "GEO_SECRET_KEY": settings.secret_key,
    }
    return lambda *words: CliRunner(env=environment).invoke(main, [str(word) for word in words])


def test_a_kind_is_written_to_a_file_and_that_is_written_down(desk: Desk, run: Run, tmp_path: Path) -> None:
    file = desk.text("p.csv", "id,name,longitude,latitude\n1,a,118.3,31.7\n2,b,118.4,31.7\n")
    desk.take("places", file)
    out = tmp_path / "places.gpkg"
    done = run("export", "places", "--county", desk.code, "--crs", "metric", "--out", out)
    assert (done.exit_code, done.output) == (0, f"{out}: 2 places, {out.stat().st_size / 2**20:.1f} MB\n")
    assert desk.take("places", out, source="p").unchanged == 2
    with desk.database.side_session() as session:
        [entry] = session.scalars(select(AuditEntry).where(AuditEntry.action == "data:export"))
    assert entry.details == {"kind": "places", "format": "gpkg", "crs": "EPSG:4548", "rows": 2}


def test_what_cannot_be_is_said_in_one_sentence_and_leaves_no_file(desk: Desk, run: Run, tmp_path: Path) -> None:
    for words, said in (
        (("--county", "x", "--out", tmp_path / "a.csv"), "no county"),
        (("--county", desk.code, "--out", tmp_path / "a.txt"), "say what a.txt is to be"),
        (("--county", desk.code, "--out", tmp_path / "a.csv", "--crs", "EPSG:0"), "no coordinate system"),
        (("--county", desk.code, "--out", tmp_path / "no" / "a.csv"), "cannot be written"),
    ):
        done = run("export", "places", *words)
        assert done.exit_code != 0 and said in done.output and "Traceback" not in done.output
    assert list(tmp_path.glob("*")) in ([], [tmp_path / "state"])


def test_a_template_is_written(run: Run, tmp_path: Path) -> None:
    done = run("template", "cameras", "--out", tmp_path / "t.xlsx")
    assert (done.exit_code, done.output) == (0, f"{tmp_path / 't.xlsx'}\n")
    assert (tmp_path / "t.xlsx").read_bytes().startswith(b"PK")
    assert "cannot be written" in run("template", "cameras", "--out", tmp_path / "no" / "t.xlsx").output
