"""The columns of each kind's template: what may stand in them, what must, and an example (made up)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from geo_app.errors import N_
from geo_app.imports.columns import HEADINGS, POSITION
from geo_app.imports.kinds import areas, cameras, duty, grid_people, grids, incidents, posts, roads, routes, waters

CHINESE = re.compile(r"[\u3400-\u9fff]")
TEXT = N_("Text; digits stay as they are.")
NUMBER = N_("A number.")
TIME = N_("A time of the county's clock, such as 2026-01-31 08:30:00.")
DAY = N_("A day, such as 2026-01-31.")
HOURS = N_("Hours of a day, such as 08:30-11:30 13:30-17:00; 22:00-06:00 reaches into the next day.")
TERMS = N_("First and last day of each term, such as 2026-02-16/2026-07-03 2026-09-01/2027-01-15.")
CLOCK = N_("Times of day, such as 08:30 14:00.")
DEGREES = N_("Degrees, WGS84; another datum has to be named when the file is imported.")
WKT = N_("A geometry as WKT. What was drawn is better brought as GeoJSON, GeoPackage or shapefile.")
YES_NO = ("是", "否")


@dataclass(frozen=True)
class Field:
    """A column. ``form``: message id of what may stand in it; ``words``: what is allowed, or with ``open`` proposed;
    ``is_needed``: a row without it is not taken."""

    name: str
    example: str = ""
    form: str = TEXT
    is_needed: bool = False
    words: tuple[str, ...] = ()
    open: bool = False

    @property
    def is_number(self) -> bool:
        """Whether a spreadsheet may keep it as a number."""
        return self.form in (NUMBER, DEGREES)


def words_of(meanings: Mapping[str, str], *, every: bool = False) -> tuple[str, ...]:
    """The words of a kind that people use: of each meaning the first Chinese one, or ``every`` one; its own name where
    there is none."""
    found: dict[str, str] = {}
    for word, meaning in meanings.items():
        if CHINESE.search(word):
            found.setdefault(word if every else meaning, word)
    return tuple(found.values()) + tuple(
        meaning for meaning in dict.fromkeys(meanings.values()) if not every and meaning not in found
    )


def heading(kind: str, name: str) -> str:
    """What the column is called in the template: the first Chinese heading that the importer knows for it."""
    known = (HEADINGS[kind] | POSITION)[name]
    return next((word for word in known if CHINESE.search(word)), known[0])


def _yes_no(name: str, example: str = "") -> Field:
    return Field(name, example, "", words=YES_NO)


def _chosen(name: str, example: str, words: Iterable[str], *, is_needed: bool = False, open: bool = False) -> Field:
    return Field(name, example, "", is_needed, tuple(words), open)


def _point(is_needed: bool) -> tuple[Field, ...]:
    return (
        Field("longitude", "118.361234", DEGREES, is_needed),
        Field("latitude", "31.721234", DEGREES, is_needed),
    )


SQUARE = "POLYGON ((118.36 31.72, 118.37 31.72, 118.37 31.73, 118.36 31.73, 118.36 31.72))"
LINE = "LINESTRING (118.36 31.72, 118.37 31.72)"

TEMPLATES: Mapping[str, tuple[Field, ...]] = {
    "areas": (
        Field("code", "340523100", is_needed=True),
        Field("name", "示例镇"),
        _chosen("tree", "行政", words_of(areas.TREES)),
        _chosen("level", "乡镇", words_of(areas.LEVELS)),
        Field("parent"),
        Field("statistical_code"),
        Field("police_code"),
        Field("wkt", SQUARE, WKT, is_needed=True),
    ),
    "grids": (
        Field("code", "340523100001001", is_needed=True),
        Field("name", "示例一网格"),
        _chosen("kind", "基础网格", words_of(grids.KINDS)),
        Field("households", "320", NUMBER),
        Field("leader_name", "张示例"),
        Field("leader_telephone", "05550000000"),
        Field("workers", "李示例、王示例"),
        Field("wkt", SQUARE, WKT, is_needed=True),
    ),
    "grid_people": (
        Field("grid_code", "340523100001001", is_needed=True),
        _chosen("role", "网格长", words_of(grid_people.ROLES), is_needed=True),
        Field("name", "张示例", is_needed=True),
        Field("telephone", "05550000000"),
        Field("since", "2026-01-01", DAY),
        Field("until", "", DAY),
    ),
    "incidents": (
        Field("number", "3405232026010100001", is_needed=True),
        Field("occurred_from", "2026-01-01 08:30:00", TIME),
        Field("occurred_to", "2026-01-01 09:00:00", TIME),
        Field("reported_at", "2026-01-01 09:05:10", TIME),
        Field("acknowledged_at", "2026-01-01 09:05:40", TIME),
        Field("departed_at", "2026-01-01 09:08:00", TIME),
        Field("feedback_at", "2026-01-01 10:00:00", TIME),
        Field("category", "治安"),
        Field("category_intake"),
        Field("category_feedback"),
        _chosen("case_kind", "警情", words_of(incidents.CASE_KINDS)),
        _chosen("discovered_by", "群众报警", words_of(incidents.DISCOVERIES)),
        _yes_no("valid", "是"),
        _yes_no("preventable", "是"),
        _yes_no("non_police", "否"),
        Field("description", "示例:车内物品被盗"),
        Field("address", "示例路12号"),
        Field("caller_name", "李示例"),
        Field("caller_telephone", "05550000000"),
        *_point(False),
    ),
    "categories": (
        Field("code", "010000", is_needed=True),
        Field("parent_code"),
        Field("name", "刑事", is_needed=True),
        _yes_no("valid", "是"),
        _yes_no("preventable", "是"),
    ),
    "addresses": (
        Field("key", "3405231000010000012", is_needed=True),
        Field("full_text", "和县示例镇示例路12号", is_needed=True),
        Field("town", "示例镇"),
        Field("community", "示例社区"),
        Field("villager_group"),
        Field("road", "示例路"),
        Field("number", "12号"),
        Field("estate"),
        Field("building"),
        Field("unit"),
        *_point(False),
    ),
    "aliases": (
        Field("key", "1", is_needed=True),
        Field("alias", "老粮站", is_needed=True),
        Field("address_key", "3405231000010000012"),
        Field("address_text", "和县示例镇示例路12号"),
        *_point(False),
    ),
    "places": (
        Field("key", "1", is_needed=True),
        Field("name", "示例小学"),
        _chosen("kind", "小学", ("小学", "中学", "幼儿园", "医院", "银行", "车站", "市场", "商场", "小区"), open=True),
        _yes_no("is_key", "是"),
        Field("address", "示例路20号"),
        _yes_no("estate_access"),
        Field("hours", "", HOURS),
        Field("terms", "2026-02-16/2026-07-03 2026-09-01/2027-01-15", TERMS),
        *_point(True),
    ),
    "posts": (
        Field("key", "1", is_needed=True),
        Field("name", "示例检查站"),
        _chosen("kind", "检查站", words_of(posts.KINDS, every=True), is_needed=True),
        Field("response_minutes", "3", NUMBER),
        Field("hours", "08:30-11:30 13:30-17:00", HOURS),
        Field("team", "一组"),
        *_point(True),
    ),
    "roads": (
        Field("key", "1", is_needed=True),
        Field("name", "示例路"),
        _chosen("road_class", "主干路", words_of(roads.CLASSES, every=True), open=True),
        _yes_no("one_way", "否"),
        Field("layer", "0", NUMBER),
        _yes_no("bridge", "否"),
        _yes_no("tunnel", "否"),
        Field("wkt", LINE, WKT, is_needed=True),
    ),
    "buildings": (
        Field("key", "1", is_needed=True),
        Field("name", "1幢"),
        Field("kind", "住宅"),
        Field("height_m", "18", NUMBER),
        Field("levels", "6", NUMBER),
        Field("address", "示例路12号"),
        Field("wkt", SQUARE, WKT, is_needed=True),
    ),
    "waters": (
        Field("key", "1", is_needed=True),
        Field("name", "示例河"),
        _chosen("kind", "河流", words_of(waters.KINDS), open=True),
        Field("wkt", LINE, WKT, is_needed=True),
    ),
    "cameras": (
        Field("code", "34052300001320000001", is_needed=True),
        Field("name", "示例路口"),
        _chosen("kind", "球机", words_of(cameras.KINDS)),
        _chosen("owner_class", "1", ("1", "2", "3")),
        _chosen("status", "ON", ("ON", "OFF")),
        Field("bearing", "90", NUMBER),
        Field("field_of_view", "60", NUMBER),
        Field("range_m", "80", NUMBER),
        Field("height_m", "4.5", NUMBER),
        _yes_no("estimated", "否"),
        *_point(True),
    ),
    "routes": (
        Field("key", "1", is_needed=True),
        Field("name", "示例巡逻线", is_needed=True),
        _chosen("mode", "步巡", words_of(routes.MODES)),
        Field("departures", "08:30 14:00", CLOCK),
        _yes_no("mandatory", "是"),
        Field("wkt", LINE, WKT, is_needed=True),
    ),
    "tracks": (
        Field("device_code", "皖E0001警", is_needed=True),
        Field("at", "2026-01-01 08:30:00", TIME, is_needed=True),
        Field("speed_kmh", "18", NUMBER),
        Field("heading", "90", NUMBER),
        Field("accuracy_m", "10", NUMBER),
        *_point(True),
    ),
    "duty": (
        Field("team_name", "一组", is_needed=True),
        Field("person", "王示例", is_needed=True),
        Field("person_number", "000001"),
        _chosen("person_rank", "民警", words_of(duty.RANKS), is_needed=True),
        Field("station"),
        Field("starts_at", "2026-01-01 08:00:00", TIME, is_needed=True),
        Field("ends_at", "2026-01-01 20:00:00", TIME, is_needed=True),
    ),
    "population": (
        Field("key", "1", is_needed=True),
        Field("grid_code", "340523100001001"),
        Field("households", "320", NUMBER),
        Field("people", "950", NUMBER),
        Field("counted_on", "2026-01-01", DAY),
        *_point(False),
    ),
}
