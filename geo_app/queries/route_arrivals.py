"""Routes on their way in: the teams that they name."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.queries.arrivals import Taking


def find_teams(session: Session, taking: Taking) -> None:
    """Fills in ``team_id`` of arriving routes by the name of their team; one that nobody knows is made, the county's."""
    if "team_name" not in taking.columns:
        return
    find = text(
        "UPDATE arriving SET team_id = (SELECT t.id FROM team t WHERE t.county_id = :county"
        " AND t.name = arriving.team_name ORDER BY NOT t.active, t.id LIMIT 1) WHERE team_name IS NOT NULL"
    )
    session.execute(find, taking.values)
    simulated = "coalesce(bool_and(simulated), false)" if "simulated" in taking.columns else "false"
    session.execute(
        text(
            "INSERT INTO team (county_id, admin_area_id, police_area_id, simulated, name)"
            f" SELECT :county, :admin, CAST(:police AS bigint), {simulated}, team_name FROM arriving"
            " WHERE team_id IS NULL AND team_name IS NOT NULL GROUP BY team_name ORDER BY min(nth)"
        ),
        taking.values,
    )
    session.execute(find, taking.values)
