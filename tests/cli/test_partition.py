"""A first set of grids by command: a file that the importer takes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely
from click.testing import CliRunner, Result
from sqlalchemy import text

from geo_app.cli import main
from geo_app.config import Settings
from geo_app.database.engine import Database

Run = Callable[..., Result]


@pytest.fixture
def run(mesa_settings: Settings, tmp_path: Path) -> Run:
    environ = {
        "DATABASE_URL": mesa_settings.database_url,
        "DATABASE_OWNER_URL": mesa_settings.database_owner_url,
        "GEO_STATE": str(tmp_path / "state"),
    }
    return lambda *arguments: CliRunner().invoke(main, [*map(str, arguments)], env=environ)


def features(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["features"]


def test_the_file_that_is_written_is_one_that_the_importer_takes(run: Run, mesa: Database, tmp_path: Path) -> None:
    with mesa.owner_session() as owner:
        owner.execute(text("DELETE FROM grid"))
    out = tmp_path / "grids.geojson"
    result = run("partition", "--county", "mesa", "--count", 8, "--out", out)
    assert result.exit_code == 0, result.output
    assert "8 grids" in result.output and f"geo-app import grids {out} --county mesa" in result.output
    assert [feature["properties"] for feature in features(out)][:2] == [
        {"code": "mesa-001", "name": "第01网格", "kind": "basic"},
        {"code": "mesa-002", "name": "第02网格", "kind": "basic"},
    ]
    taken = run("import", "grids", out, "--county", "mesa")
    assert taken.exit_code == 0 and "8 stored" in taken.output and "note" not in taken.output, taken.output
    assert "8 unchanged" in run("import", "grids", out, "--county", "mesa").output


def test_codes_that_were_ever_given_are_not_given_again(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "grids.geojson"
    result = run("partition", "--county", "mesa", "--count", 3, "--out", out)
    assert "12 grids are in force there" in result.output
    assert [feature["properties"]["code"] for feature in features(out)] == ["mesa-013", "mesa-014", "mesa-015"]
    assert features(out)[0]["properties"]["name"] == "第13网格"


def test_a_community_is_cut_within_its_outline_and_its_code_begins_the_grids(
    run: Run, mesa: Database, tmp_path: Path
) -> None:
    outline = shapely.box(-111.838, 33.410, -111.826, 33.420)
    with mesa.owner_session() as owner:
        owner.execute(text("DELETE FROM grid"))
        owner.execute(text("UPDATE county SET settings = '{}' WHERE code = 'mesa'"))
        owner.execute(
            text(
                "INSERT INTO area (county_id, parent_id, tree, level, code, name, statistical_code, valid, recorded, geom)"
                " SELECT c.id, a.id, 'admin', 'community', 'c1', '社区', '340523001001', daterange('2020-01-01', NULL),"
                " tstzrange(now(), NULL), ST_Multi(ST_GeomFromText(:outline, 4326)) FROM county c JOIN area a"
                " ON a.county_id = c.id AND a.tree = 'admin' WHERE c.code = 'mesa'"
            ),
            {"outline": outline.wkt},
        )
    out = tmp_path / "grids.geojson"
    result = run("partition", "--county", "mesa", "--area", "c1", "--count", 4, "--out", out)
    assert result.exit_code == 0, result.output
    assert [feature["properties"]["code"] for feature in features(out)] == [f"340523001001{n:03d}" for n in range(1, 5)]
    union = shapely.union_all([shapely.geometry.shape(feature["geometry"]) for feature in features(out)])
    assert shapely.hausdorff_distance(union, outline) < 1.5e-7
    assert run("partition", "--county", "mesa", "--area", "mesa", "--count", 4, "--out", out).exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--county", "nowhere", "--count", "3"], "There is no county 'nowhere'"),
        (["--county", "mesa", "--count", "900"], "cannot make 900 grids"),
        (["--county", "mesa", "--count", "0"], "0 is not in the range"),
        (["--county", "mesa", "--count", "3", "--area", "c9"], "There is no area 'c9'"),
        (["--county", "mesa", "--count", "3", "--area", "mesa"], "has no outline"),
        (["--county", "mesa", "--count", "3", "--prefix", "x"], "do not follow the pattern"),
        (["--county", "340523", "--count", "3"], "There are no streets in 340523"),
        (["--county", "mesa", "--count", "3", "--out", "/proc/grids.geojson"], "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence_with_what_to_do(
    run: Run, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    if "--out" not in arguments:
        arguments = [*arguments, "--out", str(tmp_path / "grids.geojson")]
    result = run("partition", *arguments)
    assert result.exit_code != 0
    assert sentence in result.output
    assert "Traceback" not in result.output
