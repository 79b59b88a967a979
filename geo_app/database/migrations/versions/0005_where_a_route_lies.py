"""In which areas of a county a place lies, for whoever sees one of them: what a drawn route is stamped with."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Ids alone, as geo_subtree gives them: who plans in a town does not see the police tree above it, yet his route has
# to name its area there.
FUNCTION = """
CREATE FUNCTION geo_areas_at(of_county bigint, day date, place geometry)
RETURNS TABLE (tree text, id bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$
  WITH RECURSIVE below(id, tree, depth) AS (
    SELECT area.id, area.tree, 0 FROM area WHERE county_id = of_county AND parent_id IS NULL
    UNION ALL SELECT area.id, area.tree, depth + 1 FROM area JOIN below ON area.parent_id = below.id
  )
  SELECT DISTINCT ON (b.tree) b.tree, b.id FROM below b JOIN area a ON a.id = b.id
  WHERE geo_sees_county(of_county)
    AND (b.depth = 0 OR (a.valid @> day AND a.geom && place AND ST_Covers(a.geom, place)))
  ORDER BY b.tree, b.depth DESC, b.id
$$;
"""


def upgrade() -> None:
    op.execute(FUNCTION)
    op.execute("REVOKE ALL ON FUNCTION geo_areas_at(bigint, date, geometry) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION geo_areas_at(bigint, date, geometry) TO geo_application")


def downgrade() -> None:
    op.execute("DROP FUNCTION geo_areas_at(bigint, date, geometry)")
