"""What a change makes of communities and towns, as rows of its record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from geo_app.errors import N_
from geo_app.queries.grid_change_areas import ChangedArea

LEVELS: Mapping[str, str] = {
    "community": N_("Village or community"),
    "town": N_("Town or street office"),
    "county": N_("County"),
    "station": N_("Police station"),
    "zone": N_("Police zone"),
}
BETWEEN = N_("; ")


@dataclass(frozen=True)
class AreaRow:
    """A community or town of the table, in words of the reader's language."""

    what: str
    code: str
    name: str
    level: str
    particulars: str


def area_rows(areas: Sequence[ChangedArea], said: Callable[[str], str]) -> list[AreaRow]:
    """The rows of a table: whether an area is new, ended or altered, and how. said: translates a message id."""
    return [
        AreaRow(said(_what(one)), one.code, one.name, said(LEVELS.get(one.level, one.level)), _how(one, said))
        for one in areas
    ]


def _what(area: ChangedArea) -> str:
    return N_("newly founded") if area.is_new else N_("ended") if area.is_retired else N_("altered")


def _how(area: ChangedArea, said: Callable[[str], str]) -> str:
    values = {"above": area.parent_name, "name": area.name_before, "before": area.parent_before}
    told = []
    if area.is_new and area.parent_name:
        told.append(N_("lies in %(above)s"))
    if area.is_retired and area.parent_name:
        told.append(N_("merged into %(above)s"))
    if area.name_before:
        told.append(N_("was called %(name)s"))
    if area.parent_before:
        told.append(N_("came from %(before)s to %(above)s"))
    if area.has_other_land and not area.is_new:
        told.append(N_("has another outline"))
    return said(BETWEEN).join(said(one) % values for one in told)
