"""Addresses of a file become points by command: by a table alone, or by a county."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from geo_app.cli import main
from tests.made_addresses import call_row, spot, take_calls
from tests.made_town import TOWN, Town

Run = Callable[..., Result]
# Made: 和州路 runs east, a number every 0.0001 degrees.
GAZETTEER = "name,address,lon,lat,floors\n" + "\n".join(
    f"店{n},和县历阳镇和州路{n}号,{118.3 + n * 0.0001:.5f},31.7,3" for n in range(2, 40) if n != 20
)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Without any database."""
    environ = {"DATABASE_URL": "", "GEO_STATE": str(tmp_path / "no state")}
    return lambda *arguments: CliRunner().invoke(main, [*map(str, arguments)], env=environ)


@pytest.fixture
def gazetteer(tmp_path: Path) -> Path:
    path = tmp_path / "gazetteer.csv"
    path.write_text(GAZETTEER, encoding="utf-8")
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_addresses_are_found_by_a_table_without_a_database(run: Run, gazetteer: Path, tmp_path: Path) -> None:
    queries, out = tmp_path / "queries.csv", tmp_path / "out.csv"
    queries.write_bytes(
        "编号,事发地址\n1,历阳镇和州路8号\n2,和州路20号对面\n3,北京市海淀区中关村大街1号\n4,\n5,=1+1\n".encode(
            "gb18030"
        )
    )
    said = run("geocode", queries, "--column", "事发地址", "--gazetteer", gazetteer, "--out", out)
    assert said.exit_code == 0, said.output
    assert "5 addresses" in said.output
    found = rows(out)
    assert list(found[0]) == ["编号", "事发地址", "lon", "lat", "level", "score", "radius_m", "matched"]
    assert (found[0]["编号"], found[0]["level"], found[0]["matched"]) == ("1", "number", "和州路8号")
    assert float(found[0]["lon"]) == pytest.approx(118.3008, abs=1e-6)
    assert float(found[1]["lon"]) == pytest.approx(118.302, abs=2e-4)  # 20 is not known: between its neighbours
    assert float(found[1]["radius_m"]) > 40
    assert [(one["level"], one["matched"], one["lon"]) for one in found[2:]] == [
        ("none", "another county", ""), ("none", "", ""), ("none", "", ""),
    ]  # fmt: skip
    assert found[4]["事发地址"] == "'=1+1"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--column", "地址"], "has no column 地址; it has 编号, 事发地址"),
        (["--column", "编号", "--gazetteer", "queries"], "has no column name, address, lon, lat"),
        (["--column", "编号", "--gazetteer", "absent.csv"], "There is no file"),
        (["--column", "编号", "--county", "1", "--gazetteer", "gazetteer"], "Say where to look"),
        ([], "--column"),
    ],
)
def test_what_is_missing_is_said_with_its_remedy(
    run: Run, gazetteer: Path, tmp_path: Path, more: list[str], said: str
) -> None:
    queries = tmp_path / "queries.csv"
    queries.write_text("编号,事发地址\n1,和州路8号\n", encoding="utf-8")
    given = {"queries": str(queries), "gazetteer": str(gazetteer)}
    more = [given.get(word, word) for word in more]
    if "--gazetteer" not in more:
        more += ["--gazetteer", str(gazetteer)]
    answer = run("geocode", queries, *more, "--out", tmp_path / "out.csv")
    assert answer.exit_code != 0 and said in answer.output, answer.output
    assert not (tmp_path / "out.csv").exists()


def test_a_gazetteer_without_places_and_a_folder_that_is_not_there_are_said(
    run: Run, gazetteer: Path, tmp_path: Path
) -> None:
    queries, empty = tmp_path / "queries.csv", tmp_path / "empty.csv"
    queries.write_text("a,b\n1,和州路8号\n", encoding="utf-8")
    gazetteer.write_text(GAZETTEER + "\n店,和州路99号,,,3\n店,和州路8号,118,31,3,4,5", encoding="utf-8")
    some = run("geocode", queries, "--column", "b", "--gazetteer", gazetteer, "--out", tmp_path / "some.csv")
    assert some.exit_code == 0 and "1 rows of gazetteer.csv have no place and are left out" in some.output
    assert "1 rows of gazetteer.csv cannot be read and are left out: line 40" in some.output
    empty.write_text("name,address,lon,lat\n店,和州路8号,,\n", encoding="utf-8")
    nowhere = run("geocode", queries, "--column", "b", "--gazetteer", empty, "--out", tmp_path / "out.csv")
    assert nowhere.exit_code == 1 and "No row of empty.csv has a place." in nowhere.output
    lost = run("geocode", queries, "--column", "b", "--gazetteer", gazetteer, "--out", tmp_path / "no" / "out.csv")
    assert lost.exit_code == 1 and "cannot be written" in lost.output


def test_a_county_answers_and_its_calls_are_placed_anew(addressed: Town, tmp_path: Path) -> None:
    environ = {
        "DATABASE_URL": addressed.settings.database_url, "DATABASE_OWNER_URL": addressed.settings.database_owner_url,
        "GEO_STATE": str(tmp_path / "state"),
    }  # fmt: skip

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(main, [*map(str, arguments)], env=environ)

    take_calls(addressed, tmp_path, call_row(1, "青石镇东一路6号"), call_row(2, "没有这个地方"))
    queries, out = tmp_path / "queries.csv", tmp_path / "out.csv"
    queries.write_text("地址\n青石镇东一路6号\n", encoding="utf-8")
    answer = run("geocode", queries, "--column", "地址", "--county", TOWN, "--out", out)
    assert answer.exit_code == 0, answer.output
    assert (float(rows(out)[0]["lon"]), float(rows(out)[0]["lat"])) == pytest.approx(spot(0, 6), abs=2e-7)
    anew = run("geocode", "--county", TOWN)
    assert anew.exit_code == 0 and "2 addresses, 0 calls have another place now" in anew.output, anew.output
    assert "There is no county" in run("geocode", "--county", "000000").output


def test_a_column_that_is_called_as_an_answer_is_keeps_its_values_beside_it(
    run: Run, gazetteer: Path, tmp_path: Path
) -> None:
    queries = tmp_path / "queries.csv"
    queries.write_text("地址,lon,Level\n历阳镇和州路8号,1.5,高\n", encoding="utf-8")
    said = run("geocode", queries, "--column", "地址", "--gazetteer", gazetteer, "--out", queries)
    assert said.exit_code == 0, said.output
    [row] = rows(queries)
    assert list(row) == ["地址", "given_lon", "given_Level", "lon", "lat", "level", "score", "radius_m", "matched"]
    assert (row["given_lon"], row["given_Level"], row["level"]) == ("1.5", "高", "number")
    assert float(row["lon"]) == pytest.approx(118.3008, abs=1e-6)
