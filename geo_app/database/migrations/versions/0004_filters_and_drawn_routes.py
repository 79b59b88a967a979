"""What filters ask of the whole county's incidents and routes, and what a drawn route keeps of its drawing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

HEAD = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS"

PATHS = """
CREATE FUNCTION geo_patrol_paths(of_county bigint, day date)
RETURNS TABLE ({columns}, geom geometry) {head}
$$
  SELECT {names}, geom FROM patrol_route
  WHERE geo_sees_county(of_county) AND county_id = of_county AND valid @> day AND upper_inf(recorded) ORDER BY id
$$;
"""
POINTS = """
CREATE FUNCTION geo_incident_points(of_county bigint)
RETURNS TABLE ({columns}geom geometry) {head}
$$
  SELECT {names}geom FROM incident
  WHERE geo_sees_county(of_county) AND county_id = of_county AND case_kind = 'incident' AND geom IS NOT NULL {order}
$$;
"""


def upgrade() -> None:
    _replace(
        PATHS.format(
            columns="stable_id bigint, mode text, departures time[], simulated boolean",
            names="stable_id, mode, departures, simulated",
            head=HEAD,
        ),
        POINTS.format(
            columns="category text, occurred_from timestamptz, occurred_to timestamptz, valid boolean,"
            " simulated boolean, ",
            names="category, occurred_from, occurred_to, valid, simulated, ",
            order="ORDER BY id",
            head=HEAD,
        ),
    )
    op.add_column("patrol_route", sa.Column("shift_begins", sa.Time()))
    op.add_column("patrol_route", sa.Column("shift_ends", sa.Time()))
    op.add_column("patrol_route", sa.Column("points", JSONB()))


def downgrade() -> None:
    for column in ("points", "shift_ends", "shift_begins"):
        op.drop_column("patrol_route", column)
    _replace(
        PATHS.format(
            columns="mode text, departures time[], simulated boolean", names="mode, departures, simulated", head=HEAD
        ),
        POINTS.format(columns="", names="", order="", head=HEAD),
    )


def _replace(paths: str, points: str) -> None:
    """Another result is another function: PostgreSQL replaces none whose columns change."""
    for signature, made in (("geo_patrol_paths(bigint, date)", paths), ("geo_incident_points(bigint)", points)):
        op.execute(f"DROP FUNCTION {signature}")
        op.execute(made)
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO geo_application")
