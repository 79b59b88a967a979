"""People on duty on their way in: teams, their members, their shifts, and who is out in which."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.queries.arrivals import Counts, Taking

OWN = "county_id, admin_area_id, police_area_id, simulated"
STATION = (
    "(SELECT s.id FROM area s WHERE s.county_id = :county AND s.tree = 'police' AND NOT s.retired"
    " AND a.station IN (s.code, s.police_code, s.name) ORDER BY s.id LIMIT 1)"
)


def unknown_stations(session: Session, taking: Taking) -> dict[int, str]:
    """What arriving rows call their station where the county's police tree has none of that code or name, by ``nth``."""
    if "station" not in taking.columns:
        return {}
    found = session.execute(
        text(f"SELECT a.nth, a.station FROM arriving a WHERE a.station IS NOT NULL AND {STATION} IS NULL"),
        taking.values,
    )
    return {row.nth: row.station for row in found}


def overwriting(session: Session, taking: Taking) -> Sequence[int]:
    """Arriving rows, by ``nth``, of whose person another rank, or another end of the same shift, is stored."""
    number = "a.person_number" if "person_number" in taking.columns else "NULL"
    station = f"coalesce({STATION}, t.police_area_id)" if "station" in taking.columns else "t.police_area_id"
    found = session.scalars(
        text(
            "SELECT DISTINCT a.nth FROM arriving a"
            f" JOIN team t ON t.county_id = :county AND t.name = a.team_name AND t.police_area_id = {station}"
            f" JOIN team_member m ON m.team_id = t.id AND (m.number = {number} OR m.name = a.person"
            f"  AND (m.number IS NULL OR {number} IS NULL))"
            " LEFT JOIN (shift_member p JOIN shift s ON s.id = p.shift_id)"
            "  ON p.team_member_id = m.id AND s.starts_at = a.starts_at"
            " WHERE m.rank <> a.person_rank OR s.ends_at <> a.ends_at"
        ),
        taking.values,
    )
    return found.all()


def merge_duty(session: Session, taking: Taking) -> Counts:
    """Takes the arriving rows over. A row is known by its team, its person and the beginning of the shift.

    A person is known within the team by the number or, where either side has none, by the name. What the last row
    says of a person's rank and name holds. Who ends at another time than before moves to another shift; a shift that
    this leaves empty goes.
    """
    _tell(session, taking)
    _find_teams(session, taking)
    _find_members(session)
    _correct_members(session)
    _find_shifts(session)
    everything, fresh, changed = session.execute(
        text(
            "SELECT (SELECT count(*) FROM arriving), count(*) FILTER (WHERE place IS NULL),"
            " count(*) FILTER (WHERE place IS NOT NULL AND (differs OR ends_at <> ended_at)) FROM told"
        )
    ).one()
    _move(session)
    session.execute(
        text(
            f"INSERT INTO shift_member ({OWN}, shift_id, team_member_id)"
            f" SELECT {_of_team('told.simulated')}, told.shift_id, told.member_id"
            " FROM told JOIN team t ON t.id = told.team_id WHERE place IS NULL ORDER BY nth"
        )
    )
    return Counts(fresh, changed, everything - fresh - changed)


def _of_team(simulated: str) -> str:
    return f"t.county_id, t.admin_area_id, t.police_area_id, {simulated}"


def _tell(session: Session, taking: Taking) -> None:
    """Makes ``told``: the arriving rows with room for what they are in the database."""
    has = {name: f"a.{name}" if name in taking.columns else "NULL" for name in ("person_number", "simulated")}
    station = STATION if "station" in taking.columns else "NULL::bigint"
    session.execute(
        text(
            "CREATE TEMP TABLE told ON COMMIT DROP AS SELECT a.nth, a.team_name, a.person, a.person_rank,"
            f" {has['person_number']}::text AS number, coalesce({has['simulated']}::boolean, false) AS simulated,"
            f" a.starts_at, a.ends_at, {station} AS station, NULL::bigint AS team_id, NULL::bigint AS member_id,"
            " NULL::bigint AS shift_id, NULL::bigint AS place, NULL::bigint AS left_shift,"
            " NULL::timestamptz AS ended_at, false AS differs FROM arriving a"
        ),
        taking.values,
    )


def _find_teams(session: Session, taking: Taking) -> None:
    """Fills in ``team_id``, adding teams. A team whose station nobody names is one of that name, or the county's own."""
    find = text(
        "UPDATE told SET team_id = (SELECT t.id FROM team t WHERE t.county_id = :county AND t.name = told.team_name"
        " AND t.police_area_id = coalesce(told.station, t.police_area_id) ORDER BY NOT t.active, t.id LIMIT 1)"
    )
    session.execute(find, taking.values)
    session.execute(
        text(
            f"INSERT INTO team ({OWN}, name) SELECT :county, :admin, coalesce(station, CAST(:police AS bigint)),"
            " bool_and(simulated), team_name FROM told WHERE team_id IS NULL GROUP BY station, team_name"
            " ORDER BY min(nth)"
        ),
        taking.values,
    )
    session.execute(find, taking.values)


def _find_members(session: Session) -> None:
    """Fills in ``member_id``, adding people."""
    find = text(
        "UPDATE told SET member_id = (SELECT m.id FROM team_member m WHERE m.team_id = told.team_id"
        " AND (m.number = told.number OR m.name = told.person AND (told.number IS NULL OR m.number IS NULL"
        "  AND NOT EXISTS (SELECT FROM told o WHERE o.team_id = told.team_id AND o.person = told.person"
        "                  AND o.number <> told.number))) ORDER BY m.number IS NOT DISTINCT FROM told.number DESC, m.id LIMIT 1)"
    )
    session.execute(find)
    session.execute(
        text(
            f"INSERT INTO team_member ({OWN}, team_id, name, number, rank)"
            f" SELECT {_of_team('n.simulated')}, n.team_id, n.person, n.number, n.person_rank"
            " FROM (SELECT DISTINCT ON (team_id, coalesce(number, person)) * FROM told WHERE member_id IS NULL"
            "       ORDER BY team_id, coalesce(number, person), nth DESC) n JOIN team t ON t.id = n.team_id ORDER BY n.nth"
        )
    )
    session.execute(find)
    # One with a number and one without may turn out to be one person: the earlier row holds.
    session.execute(
        text(
            "DELETE FROM told USING told earlier WHERE earlier.member_id = told.member_id"
            " AND earlier.starts_at = told.starts_at AND earlier.nth < told.nth"
        )
    )


def _correct_members(session: Session) -> None:
    """Fills in ``differs`` where a person's name, number or rank was another, and writes what holds now."""
    session.execute(
        text(
            "CREATE TEMP TABLE said_last ON COMMIT DROP AS"
            " SELECT s.member_id, s.person, coalesce(s.number, m.number) AS number, s.person_rank FROM"
            " (SELECT DISTINCT ON (member_id) * FROM told ORDER BY member_id, nth DESC) s"
            " JOIN team_member m ON m.id = s.member_id WHERE (m.name, m.number, m.rank)"
            " IS DISTINCT FROM (s.person, coalesce(s.number, m.number), s.person_rank)"
        )
    )
    session.execute(text("UPDATE told SET differs = true WHERE member_id IN (SELECT member_id FROM said_last)"))
    session.execute(
        text(
            "UPDATE team_member m SET name = s.person, number = s.number, rank = s.person_rank"
            " FROM said_last s WHERE s.member_id = m.id"
        )
    )


def _find_shifts(session: Session) -> None:
    """Fills in ``place``, the row that has the person out at this time, and ``shift_id``, adding shifts."""
    session.execute(
        text(
            "UPDATE told SET place = p.id, left_shift = p.shift_id, ended_at = s.ends_at"
            " FROM shift_member p JOIN shift s ON s.id = p.shift_id"
            " WHERE p.team_member_id = told.member_id AND s.starts_at = told.starts_at"
        )
    )
    find = text(
        "UPDATE told SET shift_id = (SELECT s.id FROM shift s WHERE s.team_id = told.team_id"
        " AND s.starts_at = told.starts_at AND s.ends_at = told.ends_at ORDER BY s.id LIMIT 1)"
    )
    session.execute(find)
    session.execute(
        text(
            f"INSERT INTO shift ({OWN}, team_id, starts_at, ends_at)"
            f" SELECT {_of_team('n.simulated')}, n.team_id, n.starts_at, n.ends_at"
            " FROM (SELECT team_id, starts_at, ends_at, bool_and(simulated) AS simulated, min(nth) AS nth FROM told"
            "       WHERE shift_id IS NULL GROUP BY team_id, starts_at, ends_at) n"
            " JOIN team t ON t.id = n.team_id ORDER BY n.nth"
        )
    )
    session.execute(find)


def _move(session: Session) -> None:
    """People who end at another time go to the shift that does."""
    session.execute(
        text(
            "UPDATE shift_member p SET shift_id = told.shift_id FROM told"
            " WHERE told.place = p.id AND told.shift_id <> told.left_shift"
        )
    )
    session.execute(
        text(
            "DELETE FROM shift s USING told WHERE s.id = told.left_shift AND told.shift_id <> told.left_shift"
            " AND NOT EXISTS (SELECT FROM shift_member p WHERE p.shift_id = s.id)"
            " AND NOT EXISTS (SELECT FROM shift_route r WHERE r.shift_id = s.id)"
        )
    )
