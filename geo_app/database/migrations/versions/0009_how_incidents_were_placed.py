"""The incidents of a whole county, by which streets are judged, say how they were placed; those without a place too."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

POINTS = """
CREATE FUNCTION geo_incident_points(of_county bigint)
RETURNS TABLE (category text, occurred_from timestamptz, occurred_to timestamptz, valid boolean, simulated boolean,
  {types}geom geometry)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$
  SELECT category, occurred_from, occurred_to, valid, simulated, {names}geom FROM incident
  WHERE geo_sees_county(of_county) AND county_id = of_county AND case_kind = 'incident' {which}ORDER BY id
$$;
"""


def upgrade() -> None:
    _replace(types="match_level text, radius_m double precision, ", names="match_level, radius_m, ", which="")


def downgrade() -> None:
    _replace(types="", names="", which="AND geom IS NOT NULL ")


def _replace(types: str, names: str, which: str) -> None:
    """Another result is another function: PostgreSQL replaces none whose columns change."""
    op.execute("DROP FUNCTION geo_incident_points(bigint)")
    op.execute(POINTS.format(types=types, names=names, which=which))
    op.execute("REVOKE ALL ON FUNCTION geo_incident_points(bigint) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION geo_incident_points(bigint) TO geo_application")
