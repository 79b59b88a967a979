"""Rivers and lakes as the map and the editor ask for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from geo_app.services.imports import import_file
from tests.made_grids import COUNTY, Governed

RIVER = "LINESTRING (118.301 31.701, 118.33 31.71)"
LAKE = "POLYGON ((118.32 31.701, 118.33 31.701, 118.33 31.71, 118.32 31.701))"


def brought(governed: Governed, path: Path, *shapes: str) -> None:
    path.write_text("id,name,wkt\n" + "".join(f'{n},青河,"{wkt}"\n' for n, wkt in enumerate(shapes)), encoding="utf-8")
    import_file(governed.database, governed.county_scope(), COUNTY, "waters", path, crs="EPSG:4326")


def test_waters_are_read_once_however_often_the_map_moves_and_anew_when_they_are_others(
    governed: Governed, tmp_path: Path
) -> None:
    read: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "geo_waters" in statement:
            read.append(statement)

    def shown(login: str, box: str) -> int:
        answer = governed.browser(login).get("/api/layers/waters", county=COUNTY, box=box)
        return int(answer.get_json()["legend"]["n"])

    brought(governed, tmp_path / "waters.csv", RIVER)
    event.listen(Engine, "before_cursor_execute", note)
    try:
        boxes = ("118.30,31.70,118.31,31.71", "118.31,31.70,118.32,31.71", "118.30,31.70,118.34,31.72")
        assert [shown("editor", box) for box in boxes] == [1, 1, 1] and len(read) == 1
        assert shown("of_community", boxes[0]) == 1 and len(read) == 2  # of another scope
        brought(governed, tmp_path / "waters.csv", RIVER, LAKE)
        assert [shown("editor", box) for box in boxes] == [2, 2, 2] and len(read) == 3
    finally:
        event.remove(Engine, "before_cursor_execute", note)
