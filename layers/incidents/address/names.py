"""Names in a Chinese address, each asked for by the character that it ends with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.incidents.address import areas, places, roads
from layers.incidents.address.words import PLACING, ZONES

if TYPE_CHECKING:
    from layers.incidents.address.chinese import Scan

MARKS = "".join(sorted(roads.ENDS | areas.DIVISION_ENDS | places.ENDS | set("镇乡村组队园城处期")))


def ends(scan: Scan, at: int) -> int:
    """Take a name that ends with the character at a mark; return where to go on, 0 where none ends."""
    s, begin, end = scan.s, scan.start, at + 1
    if end - begin < 2:
        return 0
    character = s[at]
    if character in roads.ENDS:
        return roads.road(scan, at)
    if character in "组队":
        return areas.group(scan, at)
    taken = 0
    if character in "镇乡":
        taken = areas.town(scan, at)
    elif character == "村":
        taken = areas.village(scan, at)
    elif character == "区" and s[at - 1] == "社":
        taken = areas.neighbourhood(scan, end)
    elif character == "处" and s.endswith("办事处", begin, end) and end - begin > 4 and not scan.known & PLACING:
        taken = scan.put("town", begin, end)
    if not taken and character in areas.DIVISION_ENDS:
        taken = areas.division(scan, at)
    if not taken and character in "区园城" and s.endswith(ZONES, begin, end):
        return areas.zone(scan, end)
    if not taken and character in "区期":
        return places.part_of_place(scan, end)
    if not taken and character in places.ENDS:
        return places.place(scan, end)
    return taken
