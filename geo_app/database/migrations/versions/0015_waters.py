"""Rivers, canals and lakes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import DATERANGE, TSTZRANGE

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

IN_SCOPE = (
    "admin_area_id = ANY ((SELECT geo_scope())::bigint[]) OR police_area_id = ANY ((SELECT geo_scope())::bigint[])"
)
# A river through two towns is stamped in one. Whoever sees an area of the county sees what flows there.
WATERS = """
CREATE FUNCTION geo_waters(of_county bigint, day date, known_at timestamptz, box geometry)
RETURNS TABLE (id bigint, name text, kind text, simulated boolean, geom geometry) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS
$$
  SELECT id, name, kind, simulated, geom FROM water
  WHERE geo_sees_county(of_county) AND county_id = of_county AND valid @> day
    AND CASE WHEN known_at IS NULL THEN upper_inf(recorded) ELSE recorded @> known_at END
    AND (box IS NULL OR geom && box)
  ORDER BY id
$$;
REVOKE ALL ON FUNCTION geo_waters(bigint, date, timestamptz, geometry) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION geo_waters(bigint, date, timestamptz, geometry) TO geo_application;
"""


def upgrade() -> None:
    op.create_table(
        "water",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("name", sa.String(), server_default="", nullable=False),
        sa.Column("kind", sa.String(), server_default="water", nullable=False),
        sa.Column("geom", Geometry("GEOMETRY", srid=4326, spatial_index=False), nullable=False),
        sa.Column("county_id", sa.BigInteger(), sa.ForeignKey("county.id"), nullable=False),
        sa.Column("admin_area_id", sa.BigInteger(), sa.ForeignKey("area.id"), nullable=False),
        sa.Column("police_area_id", sa.BigInteger(), sa.ForeignKey("area.id"), nullable=False),
        sa.Column("simulated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("valid", DATERANGE(), server_default=sa.text("daterange(NULL, NULL)"), nullable=False),
        sa.Column("recorded", TSTZRANGE(), server_default=sa.text("tstzrange(now(), NULL)"), nullable=False),
        sa.Column("source", sa.String(), server_default="", nullable=False),
        sa.Column("source_key", sa.String()),
        sa.Column("file_line", sa.Integer()),
        sa.Column("import_batch_id", sa.BigInteger(), sa.ForeignKey("import_batch.id")),
        sa.CheckConstraint("ST_Dimension(geom) IN (1, 2)", name="line_or_outline"),
    )
    for column in ("county_id", "admin_area_id", "police_area_id", "import_batch_id"):
        op.create_index(f"ix_water_{column}", "water", [column])
    op.create_index("ix_water_geom", "water", ["geom"], postgresql_using="gist")
    op.execute("ALTER TABLE water ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE water FORCE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY owner_all ON water TO geo_owner USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY in_scope ON water TO geo_application USING ({IN_SCOPE}) WITH CHECK ({IN_SCOPE})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON water TO geo_application")
    op.execute("GRANT USAGE ON SEQUENCE water_id_seq TO geo_application")
    # A trigger that sees the changed rows takes one event only.
    for event, rows in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")):
        op.execute(
            f"CREATE TRIGGER data_version_{event} AFTER {event.upper()} ON water REFERENCING {rows} TABLE AS changed"
            " FOR EACH STATEMENT EXECUTE FUNCTION geo_raise_data_version('waters')"
        )
    op.execute(WATERS)


def downgrade() -> None:
    op.execute("DROP FUNCTION geo_waters(bigint, date, timestamptz, geometry)")
    op.drop_table("water")
