"""Made-up rows of the kinds that stand on a street, in a list or in a plan: (geometry, properties) with hard texts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, box

from tests.exports.made import LATITUDES, LONGITUDES, OPTIONAL, POINTS, TRUTH, UNKNOWN, WORDS

ROWS = 8
Rows = st.SearchStrategy[list[Any]]
LINES = st.lists(st.tuples(LONGITUDES, LATITUDES), min_size=2, max_size=5, unique=True).map(LineString)
NUMBER = st.none() | st.floats(0.5, 300)
WHOLE = st.none() | st.integers(0, 2000)
TIMES = st.datetimes(dt.datetime(2001, 1, 1), dt.datetime(2026, 1, 1))
WRITTEN = st.one_of(
    TIMES.map(lambda time: time.replace(microsecond=0).isoformat(" ")),
    TIMES.map(lambda time: time.isoformat()),
    TIMES.map(lambda time: time.replace(microsecond=0).isoformat() + "+05:30"),
)


def rows(shape: st.SearchStrategy[Any], key: str = "", /, **said: st.SearchStrategy[Any]) -> Rows:
    """Rows with a key of their own under ``key``; without one all are known by what they say."""
    drawn = st.lists(st.tuples(shape, st.fixed_dictionaries(said)), min_size=ROWS, max_size=ROWS)
    if not key:
        return drawn
    return drawn.map(lambda made: [(where, {key: f"=00{place}"} | row) for place, (where, row) in enumerate(made)])


def cells(key: str, /, **said: st.SearchStrategy[Any]) -> Rows:
    """Rows of polygons that lie beside each other, the last one in two parts."""

    def shaped(made: list[Any]) -> list[Any]:
        boxes = [box(118.3 + at / 100, 31.7, 118.31 + at / 100, 31.71) for at in range(ROWS)]
        boxes[-1] = MultiPolygon([boxes[-1], box(118.6, 31.8, 118.61, 31.81)])
        return [(cell, row) for cell, (_, row) in zip(boxes, made, strict=True)]

    return rows(st.none(), key, **said).map(shaped)


def duty(made: list[Any]) -> list[Any]:
    """Each with a beginning of its own, as a person begins one shift at a time, over midnight now and then."""
    begin = dt.datetime(2026, 3, 1, 20, 30)
    for place, (_, row) in enumerate(made):
        row["starts_at"] = str(begin + dt.timedelta(days=place))
        row["ends_at"] = str(begin + dt.timedelta(days=place, hours=place + 1))
    return made


MADE: dict[str, Rows] = {
    "areas": cells(
        "code", name=OPTIONAL, tree=st.sampled_from([None, "公安"]), statistical_code=OPTIONAL, police_code=OPTIONAL
    ),
    "categories": rows(st.none(), "code", name=WORDS, valid=TRUTH, preventable=TRUTH),
    "addresses": rows(
        st.none() | POINTS, "编号", full_text=WORDS, town=OPTIONAL, road=OPTIONAL, number=OPTIONAL, unit=OPTIONAL,
        simulated=TRUTH,
    ),
    "aliases": rows(POINTS, "key", alias=WORDS, address_key=OPTIONAL, address_text=OPTIONAL, simulated=TRUTH),
    "posts": rows(
        POINTS, kind=st.sampled_from(["派出所", "堵截点"]), name=OPTIONAL, hours=st.sampled_from([None, "22:00-06:00"]),
        team=OPTIONAL, response_minutes=NUMBER, simulated=TRUTH, **UNKNOWN,
    ),
    "roads": rows(
        LINES, "id", name=OPTIONAL, highway=st.sampled_from([None, "主干路", "service"]), layer=st.integers(-9, 9),
        oneway=st.sampled_from([None, "yes", "-1"]), simulated=TRUTH,
    ),
    "buildings": cells("", name=OPTIONAL, kind=OPTIONAL, height_m=NUMBER, levels=NUMBER, address=OPTIONAL, simulated=TRUTH),
    "waters": rows(LINES, "id", name=OPTIONAL, waterway=st.sampled_from([None, "river", "水库", "井"]), simulated=TRUTH),
    "cameras": rows(
        POINTS, name=OPTIONAL, kind=st.sampled_from([None, "球机"]), bearing=NUMBER, field_of_view=NUMBER, range_m=NUMBER,
        owner_class=WHOLE, status=OPTIONAL, estimated=TRUTH, simulated=TRUTH, **UNKNOWN,
    ),
    "routes": rows(
        LINES, "key", name=WORDS, mode=st.sampled_from([None, "车巡"]), mandatory=TRUTH, simulated=TRUTH,
        departures=st.sampled_from([None, "8:30 22:00"]),
    ),
    "tracks": rows(
        POINTS, "device_code", at=WRITTEN, speed_mps=st.none() | st.floats(0, 50), heading=NUMBER, accuracy_m=NUMBER
    ),
    "duty": rows(
        st.none(), team_name=WORDS, person=WORDS, person_number=OPTIONAL, person_rank=st.sampled_from(["民警", "辅警"])
    ).map(duty),
    "population": rows(POINTS, people=st.integers(0, 500), households=WHOLE, counted_on=st.sampled_from([None, "2026-01-02"])),
}  # fmt: skip
