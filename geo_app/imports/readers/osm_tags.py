"""What the tags of OpenStreetMap say of places, cameras, boundaries, addresses, buildings and waters, under our headings."""

from __future__ import annotations

import re
from typing import Any

HAN = re.compile(r"[㐀-鿿]")
METRES = re.compile(r"(\d+(?:[.,]\d+)?) ?(?:m|米|metres?|meters?)?")
FEET = re.compile(r"""(\d+(?:\.\d+)?) ?(?:'|ft|feet) ?(?:(\d+(?:\.\d+)?) ?(?:"|''|in))?""")
FOOT = 0.3048
AMENITIES = frozenset([
    "school", "kindergarten", "college", "university", "hospital", "clinic", "police", "bank", "fire_station",
    "bus_station", "marketplace", "townhall", "courthouse", "community_centre", "library", "place_of_worship", "fuel",
    "post_office", "nightclub", "bar", "cinema", "theatre",
])  # fmt: skip
CAMERA = ("name", "camera:type", "camera:direction", "camera:angle", "height", "operator", "surveillance")
WATERWAYS = frozenset(["river", "stream", "canal", "drain", "ditch", "tidal_channel"])  # others are dams, locks, docks
LEVELS = {"7": "town", "8": "town", "9": "community", "10": "community"}
# Heading → tag.
ADDRESS = {
    "road": "addr:street", "number": "addr:housenumber", "addr:full": "addr:full", "name": "name", "unit": "addr:unit",
    "addr:place": "addr:place", "addr:city": "addr:city", "addr:district": "addr:district",
    "addr:postcode": "addr:postcode",
}  # fmt: skip


def place(tags: Any) -> dict[str, str] | None:
    """A place with a known purpose; None for anything else."""
    amenity = tags.get("amenity")
    kind = amenity if amenity in AMENITIES else None
    if tags.get("shop") in ("mall", "supermarket", "department_store", "jewelry"):
        kind = tags["shop"]
    elif tags.get("railway") == "station":
        kind = "railway_station"
    elif tags.get("tourism") in ("hotel", "museum", "attraction"):
        kind = tags["tourism"]
    elif tags.get("office") == "government":
        kind = "government"
    return None if kind is None else {"kind": kind, "name": tags.get("name", ""), "address": whole_address(tags)}


def camera(tags: Any) -> dict[str, str] | None:
    """A surveillance camera."""
    if tags.get("man_made") != "surveillance" or tags.get("surveillance:type", "camera") not in ("camera", "ALPR"):
        return None
    found = {tag: tags[tag] for tag in CAMERA if tag in tags}
    found.setdefault("camera:direction", tags.get("direction", ""))
    if tags.get("surveillance:type") == "ALPR":
        found["camera:type"] = "alpr"
    return found


def boundary(tags: Any) -> dict[str, str] | None:
    """An administrative boundary below the county."""
    level = LEVELS.get(tags.get("admin_level", ""))
    if tags.get("boundary") != "administrative" or level is None:
        return None
    return {"name": tags.get("name", ""), "level": level, "ref": tags.get("ref", "")}


def address(tags: Any) -> dict[str, str]:
    """The parts of an address."""
    return {heading: tags[tag] for heading, tag in ADDRESS.items() if tag in tags}


def building(tags: Any) -> dict[str, str] | None:
    """A building with its height in metres and its storeys above the ground, as far as they are numbers."""
    if tags["building"] == "no":
        return None
    return {
        "kind": tags["building"],
        "name": tags.get("name", ""),
        "levels": _number(tags.get("building:levels", "")),
        "height_m": _metres(tags.get("height", "") or tags.get("building:height", "")),
        "address": whole_address(tags),
        "road": tags.get("addr:street", ""),
        "number": tags.get("addr:housenumber", ""),
    }


def water(tags: Any) -> dict[str, str] | None:
    """What water covers."""
    if tags.get("natural") == "water":
        kind = tags.get("water", "water")
    elif tags.get("waterway") == "riverbank":
        kind = "river"
    elif tags.get("landuse") in ("reservoir", "basin"):
        kind = "reservoir"
    else:
        return None
    return {"kind": kind, "name": tags.get("name", "")}


def waterway(tags: Any) -> dict[str, str] | None:
    """A middle line of flowing water above the ground."""
    kind = tags.get("waterway")
    if kind not in WATERWAYS or tags.get("tunnel", "no") != "no":
        return None
    return {"kind": kind, "name": tags.get("name", "")}


def whole_address(tags: Any) -> str:
    """An address as it is written: Chinese ones without a space."""
    street = tags.get("addr:street") or tags.get("addr:place") or ""
    number = tags.get("addr:housenumber") or ""
    apart = "" if HAN.search(street) else " "
    return tags.get("addr:full") or apart.join(filter(None, (street, number)))


def _number(said: str) -> str:
    return said.strip() if re.fullmatch(r"\s*\d+(?:\.\d+)?\s*", said) else ""


def _metres(said: str) -> str:
    """A height in metres as text; '' for what is none. Feet and inches are converted."""
    words = said.strip().casefold()
    if found := METRES.fullmatch(words):
        return found[1].replace(",", ".")
    if found := FEET.fullmatch(words):
        return f"{FOOT * (float(found[1]) + float(found[2] or 0) / 12):.2f}"
    return ""
