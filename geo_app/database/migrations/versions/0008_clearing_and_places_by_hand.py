"""Calls that were cleared in the morning, and places that somebody chose by hand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

HEAD = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS"
# Ids alone, as geo_areas_at gives them, for who sees a part of the county only.
FUNCTIONS = {
    "geo_grid_at(bigint, date, geometry)": f"""
CREATE FUNCTION geo_grid_at(of_county bigint, day date, place geometry) RETURNS bigint {HEAD}
-- The stable id of the grid in force at a place: a station that sees its own calls may not see the grid's row.
$$
  SELECT min(stable_id) FROM grid
  WHERE geo_sees_county(of_county) AND county_id = of_county AND upper_inf(recorded) AND valid @> day
    AND geom && place AND ST_Covers(geom, place)
$$;
""",
    "geo_area_above(bigint, text[])": f"""
CREATE FUNCTION geo_area_above(area_id bigint, levels text[]) RETURNS bigint {HEAD}
-- The nearest area of one of these levels, of any for NULL, the area itself or above it; the root where there is none.
$$
  WITH RECURSIVE up(id, parent_id, level, height) AS (
    SELECT id, parent_id, level, 0 FROM area WHERE id = area_id
    UNION ALL SELECT a.id, a.parent_id, a.level, height + 1 FROM area a JOIN up ON a.id = up.parent_id
  )
  SELECT id FROM up WHERE levels IS NULL OR level = ANY (levels) OR parent_id IS NULL ORDER BY height LIMIT 1
$$;
""",
    "geo_county_areas(bigint)": f"""
CREATE FUNCTION geo_county_areas(of_county bigint) RETURNS bigint[] {HEAD}
-- All areas of a county for whoever sees one of them: an address is placed by the names of the whole county, since a
-- road may be there in several of its towns.
$$ SELECT coalesce(array_agg(id), '{{}}') FROM area WHERE geo_sees_county(of_county) AND county_id = of_county $$;
""",
}


def upgrade() -> None:
    op.add_column("incident", sa.Column("cleared_at", sa.DateTime(timezone=True)))
    op.add_column("incident", sa.Column("cleared_by", sa.BigInteger()))
    op.add_column("incident", sa.Column("placed_before", JSONB()))
    op.create_foreign_key("fk_incident_cleared_by", "incident", "app_user", ["cleared_by"], ["id"])
    op.create_check_constraint("cleared", "incident", "(cleared_at IS NULL) = (cleared_by IS NULL)")
    op.add_column("address_alias", sa.Column("level", sa.String()))
    op.add_column("address_alias", sa.Column("radius_m", sa.Double()))
    op.add_column("import_batch", sa.Column("placed", JSONB(), server_default="{}", nullable=False))
    _count_aliases("aliases")
    for signature, function in FUNCTIONS.items():
        op.execute(function)
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO geo_application")


def _count_aliases(kind: str) -> None:
    """Aliases come one by one, as people choose places; a gazetteer of addresses must not be made anew for each."""
    for event, rows in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")):
        op.execute(f"DROP TRIGGER data_version_{event} ON address_alias")
        op.execute(
            f"CREATE TRIGGER data_version_{event} AFTER {event.upper()} ON address_alias"
            f" REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION geo_raise_data_version('{kind}')"
        )


def downgrade() -> None:
    _count_aliases("addresses")
    op.drop_column("import_batch", "placed")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION {signature}")
    for column in ("radius_m", "level"):
        op.drop_column("address_alias", column)
    op.drop_constraint("cleared", "incident", type_="check")
    op.drop_constraint("fk_incident_cleared_by", "incident", type_="foreignkey")
    for column in ("placed_before", "cleared_by", "cleared_at"):
        op.drop_column("incident", column)
