"""A small made partition: a row of squares of 0.01 degrees near 和县, as papers take grids."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pandas as pd
import shapely
from geopandas import GeoDataFrame

from geo_app.papers.paper import Printing

COMMUNITY = "340523100001"
DAY = date(2026, 11, 1)
PRINTING = Printing("王芳", datetime(2026, 11, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai")))
SRID = 4548
WEST, SOUTH, SIZE = 118.30, 31.70, 0.01


def square(column: float, row: float = 0, width: float = 1, height: float = 1) -> shapely.Polygon:
    """A rectangle in squares counted from the south-west corner, on the lattice."""
    x, y = WEST + column * SIZE, SOUTH + row * SIZE
    return shapely.box(*(round(part, 7) for part in (x, y, x + width * SIZE, y + height * SIZE)))


def grids(count: int = 4, **columns: object) -> GeoDataFrame:
    """Grids from west to east; ``columns`` take the place of what they usually are."""
    usual = {
        "code": [f"{COMMUNITY}{n + 1:03d}" for n in range(count)], "name": [f"第{n + 1}网格" for n in range(count)], "kind": "basic",
        "leader": "张三", "leader_telephone": "0555-1234567", "workers": "李四 13800000000", "households": [320] * count,
        "community": COMMUNITY, "community_name": "演示村", "town_name": "演示镇", "simulated": False,
    }  # fmt: skip
    frame = GeoDataFrame(usual, geometry=[square(n) for n in range(count)], crs=4326)
    return frame.assign(**columns).astype({"households": object})


def communities(*shapes: shapely.Geometry | None) -> GeoDataFrame:
    """The community of `grids`, with this outline; more follow it."""
    shapes = shapes or (shapely.union_all([square(n) for n in range(4)]),)
    codes = [f"{int(COMMUNITY) + n:012d}" for n in range(len(shapes))]
    frame = {"code": codes, "name": [f"演示村{n or ''}" for n in range(len(shapes))], "town": "演示镇"}
    return GeoDataFrame(frame, geometry=list(shapes), crs=4326)


def split(before: GeoDataFrame) -> tuple[GeoDataFrame, dict[str, tuple[str, ...]]]:
    """The same with the second grid cut in two, and where the new ones came from."""
    old = before["code"].iloc[1]
    new = before.iloc[[1, 1]].assign(code=[f"{COMMUNITY}801", f"{COMMUNITY}802"], name=["甲", "乙"])
    new = new.set_geometry([square(1, 0, 1, 0.5), square(1, 0.5, 1, 0.5)], crs=4326)
    after = pd.concat([before.drop(before.index[1]), new], ignore_index=True)
    return after, dict.fromkeys(new["code"], (old,))
