"""Counties and how many rows of each kind they have."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

IN_FORCE = "upper_inf(recorded) AND valid @> (now() AT TIME ZONE c.time_zone)::date"
COUNTED = {
    "areas": "area WHERE parent_id IS NOT NULL AND",
    "grids": f"grid WHERE {IN_FORCE} AND",
    "incidents": "incident WHERE",
    "categories": "incident_category WHERE",
    "addresses": f"address WHERE {IN_FORCE} AND",
    "aliases": f"address_alias WHERE {IN_FORCE} AND",
    "places": f"place WHERE {IN_FORCE} AND",
    "posts": f"post WHERE {IN_FORCE} AND",
    "roads": f"street WHERE {IN_FORCE} AND",
    "pieces": f"street_piece WHERE {IN_FORCE} AND",
    "buildings": f"building WHERE {IN_FORCE} AND",
    "waters": f"water WHERE {IN_FORCE} AND",
    "cameras": f"camera WHERE {IN_FORCE} AND",
    "routes": f"patrol_route WHERE {IN_FORCE} AND",
    "tracks": "fix WHERE",
    "duty": "shift_member WHERE",
    "grid_people": f"grid_worker WHERE {IN_FORCE} AND",
    "population": f"population WHERE {IN_FORCE} AND",
}


@dataclass(frozen=True)
class CountyRows:
    """A county and its rows in force by kind."""

    code: str
    name: str
    metric_srid: int
    time_zone: str
    simulated: bool
    rows: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


def rows_by_kind(session: Session) -> list[CountyRows]:
    """Every county that the session sees, by code, with its rows in force today."""
    columns = ", ".join(f"(SELECT count(*) FROM {where} county_id = c.id) AS {kind}" for kind, where in COUNTED.items())
    found = session.execute(
        text(f"SELECT c.code, c.name, c.metric_srid, c.time_zone, c.simulated, {columns} FROM county c ORDER BY c.code")
    )
    return [
        CountyRows(
            row.code, row.name, row.metric_srid, row.time_zone, row.simulated, {k: getattr(row, k) for k in COUNTED}
        )
        for row in found
    ]
