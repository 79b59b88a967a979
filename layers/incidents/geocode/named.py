"""What a place, an estate or an area in an address may mean."""

from __future__ import annotations

from collections.abc import Iterator

from layers.incidents.address import Address
from layers.incidents.gazetteer.build import Gazetteer
from layers.incidents.gazetteer.calibration import share_within
from layers.incidents.geocode.answer import Candidate

TRUST = {"exact": 1.0, "homophone": 0.9, "slip": 0.75, "part": 0.8, "whole": 0.7}
LEAST_M = 40.0  # a place is a house with its yard
AREAS = ("group", "community", "town")


def called(gazetteer: Gazetteer, address: Address) -> Iterator[tuple[Candidate, float]]:
    """Yield the places and estates of an address's names, with the trust in the name."""
    asked = [(address.estate, "estate"), (address.place, "place")]
    if address.estate and address.building:
        asked.insert(0, (f"{address.estate}{address.building}幢", "building"))
    for text, level in asked:
        if not text:
            continue
        for name, how in gazetteer.places.find(text):
            if level == "building" and how not in ("exact", "homophone"):
                continue
            found = gazetteer.places.spots[name]
            is_estate = name in gazetteer.places.estates
            for spot in found[:5]:
                radius, right = gazetteer.places.learned(max(spot.spread_m, LEAST_M if spot.n == 1 else 0.0))
                radius = max(radius, LEAST_M)
                of_level = level if level == "building" else "estate" if is_estate else "place"
                code = "+".join(dict.fromkeys(("place", how))) if how in ("homophone", "slip") else "place"
                yield (
                    Candidate(spot.x, spot.y, of_level, right * spot.share, radius, name, code),
                    TRUST[how],
                )


def areas(gazetteer: Gazetteer, address: Address) -> Iterator[tuple[Candidate, float]]:
    """Yield the group, community or town that an address names: the smallest that is known."""
    above = {"group": address.community, "community": address.town, "town": address.county}
    for kind in AREAS:
        found = gazetteer.regions.find(kind, getattr(address, kind))
        under = [one for one in found if one.parent and one.parent == above[kind]]
        for region in under or found:
            yield (
                Candidate(
                    region.x, region.y, kind, share_within(region.radius_m), region.radius_m, region.name, "centre"
                ),
                1.0,
            )
        if found:
            return
