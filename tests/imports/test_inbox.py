"""The watched folder: what a gateway drops is imported as the last file of its source was, and a receipt tells."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from shapely.geometry import Point

from geo_app.services import inbox

FIRST = "单号,类别x,lon,lat\n1,盗窃,118.351,31.742\n"
NEXT = "单号,类别x,lon,lat\n1,盗窃,118.351,31.742\n2,纠纷,118.352,31.743\n3,纠纷,abc,31.743\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "inbox"
    (made / "340523" / "incidents" / "110").mkdir(parents=True)
    return made


def drop(folder: Path, content: str, name: str = "b.csv", where: str = "340523/incidents/110") -> Path:
    """A file that has come to rest a minute ago."""
    path = folder / where / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    rest(path)
    return path


def rest(path: Path) -> None:
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 60))


def receipt(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.with_name(f"{path.name}.receipt.json").read_text(encoding="utf-8"))
    return found


def by_hand(desk) -> None:  # type: ignore[no-untyped-def]
    path = desk.text("a.csv", FIRST)
    desk.take("incidents", path, source="110", columns={"number": "单号", "category": "类别x"}, crs="GCJ-02")


def test_a_file_is_read_as_the_last_one_of_its_source_and_a_receipt_adds_up(desk, folder: Path) -> None:
    by_hand(desk)
    dropped = drop(folder, NEXT)
    [said] = inbox.take_all(desk.database, folder)
    assert said == receipt(dropped) and said["outcome"] == "taken"
    assert (said["read"], said["stored"], said["unchanged"], said["quarantined"]) == (3, 1, 1, 1)
    assert said["crs"] == "GCJ-02" and dropped.exists()
    assert desk.rows("SELECT number, category FROM incident ORDER BY number") == [("1", "盗窃"), ("2", "纠纷")]


def test_what_has_a_receipt_is_not_taken_again_until_its_content_changes(desk, folder: Path) -> None:
    by_hand(desk)
    drop(folder, NEXT)
    assert len(inbox.take_all(desk.database, folder)) == 1
    assert inbox.take_all(desk.database, folder) == []
    drop(folder, NEXT + "4,纠纷,118.353,31.743\n")
    [said] = inbox.take_all(desk.database, folder)
    assert (said["stored"], said["unchanged"]) == (1, 2)


def test_a_file_that_may_still_grow_waits(desk, folder: Path) -> None:
    by_hand(desk)
    path = drop(folder, NEXT)
    os.utime(path)
    assert inbox.take_all(desk.database, folder) == []


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("340523/incidents/120", "No file of the source 120 has been imported yet."),
        ("340523/rivers/110", "rivers is no kind of data."),
        ("999999/incidents/110", "There is no county 999999."),
    ],
)
def test_what_cannot_be_taken_gets_a_receipt_that_says_why(desk, folder: Path, where: str, said: str) -> None:
    path = drop(folder, NEXT, where=where)
    inbox.take_all(desk.database, folder)
    assert receipt(path)["outcome"] == "rejected" and said in receipt(path)["reasons"][0] and receipt(path)["remedy"]
    assert desk.rows("SELECT * FROM import_batch") == []


def test_a_link_out_of_the_folder_is_not_followed(desk, folder: Path, tmp_path: Path) -> None:
    by_hand(desk)
    outside = drop(tmp_path, NEXT, where="elsewhere")
    (folder / "340523" / "incidents" / "110" / "c.csv").symlink_to(outside)
    (folder / "340523" / "incidents" / "111").symlink_to(tmp_path / "elsewhere")
    assert inbox.take_all(desk.database, folder) == []


def test_one_file_that_fails_does_not_keep_others_waiting(desk, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    by_hand(desk)
    drop(folder, NEXT, "a.csv")
    other, digest = drop(folder, NEXT, "b.csv"), inbox.hashlib.file_digest

    def failing(file: Any, name: str) -> Any:
        if file.name.endswith("a.csv"):
            raise PermissionError(13, "Permission denied")
        return digest(file, name)

    monkeypatch.setattr(inbox.hashlib, "file_digest", failing)
    inbox.take_all(desk.database, folder)
    assert receipt(other)["outcome"] == "taken"


def test_of_a_shapefile_all_parts_have_to_be_there_and_at_rest(desk, folder: Path, tmp_path: Path) -> None:
    places = gpd.GeoDataFrame({"id": ["p1"], "name": ["East"]}, geometry=[Point(118.351, 31.742)], crs=4326)
    places.to_file(tmp_path / "places.shp", encoding="utf-8")
    desk.take("places", tmp_path / "places.shp", source="gis")
    where = folder / "340523" / "places" / "gis"
    where.mkdir(parents=True)
    places.assign(name="Gate").to_file(where / "new.shp", encoding="utf-8")
    for part in where.iterdir():
        rest(part)
    os.utime(where / "new.dbf")
    assert inbox.take_all(desk.database, folder) == []
    late = (where / "new.dbf").rename(tmp_path / "late.dbf")
    [without] = inbox.take_all(desk.database, folder)
    assert without["outcome"] == "rejected"
    rest(late.rename(where / "new.dbf"))
    [whole] = inbox.take_all(desk.database, folder)
    assert (whole["outcome"], whole["updated"]) == ("taken", 1)
    assert inbox.take_all(desk.database, folder) == []


def test_a_file_of_a_source_that_nobody_knew_is_taken_once_one_was_imported_by_hand(desk, folder: Path) -> None:
    path = drop(folder, NEXT)
    assert [one["outcome"] for one in inbox.take_all(desk.database, folder)] == ["rejected"]
    assert inbox.take_all(desk.database, folder) == []
    by_hand(desk)
    assert [one["outcome"] for one in inbox.take_all(desk.database, folder)] == ["taken"] and receipt(path)[
        "stored"
    ] == 1
