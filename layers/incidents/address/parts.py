"""What an address is taken apart into."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = (
    "country", "province", "city", "county", "town", "community", "group", "zone", "road", "number", "sub_number",
    "lane", "estate", "building", "unit", "floor", "room", "crossing", "stake", "place", "relation", "remark",
    "separator", "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch [start, end) of the text as it was given, what it is (one of KINDS), and itself made alike."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Relation:
    """Where something lies as seen from what the address names.

    side: opposite, beside, near, front, behind, inside, east, south, west, north, northeast, southeast, southwest,
    northwest or "". metres: how far, None where the address does not say.
    """

    side: str
    metres: float | None


@dataclass(frozen=True, slots=True)
class Address:
    """An address taken apart. Texts are made alike by ``normalise``; what is absent is "", None or ().

    parts: in their order; together they cover every character of raw exactly once. Numbers are without their unit:
    number "20" of 20号, with number_to "24" of 20-24号; sub_number "3" of 附3号; lane "832" and lane_number "125" of
    832弄125号; building "3" of 3号楼; a western block keeps its letters ("10XX"). stake_m: metres from a road's
    beginning (k47+100 is 47100.0).
    """

    raw: str
    parts: tuple[Part, ...] = ()
    province: str = ""
    city: str = ""
    county: str = ""
    town: str = ""
    community: str = ""
    group: str = ""
    zone: str = ""
    road: str = ""
    crossing: str = ""
    number: str = ""
    number_to: str = ""
    sub_number: str = ""
    lane: str = ""
    lane_number: str = ""
    estate: str = ""
    building: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""
    place: str = ""
    stake_m: float | None = None
    relation: Relation | None = None
    remark: str = ""
