"""Rows that wait in quarantine, how a source was read, and incidents that arrive a million at a time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSON, JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# One look-up a row and key takes longer than all the rest of storing a row; one a statement takes nothing. Rows that
# are referred to stay: who would delete one is asked a row at a time, which happens next to never.
REFERRED = ("county", "area", "import_batch")
CHECK = """
CREATE FUNCTION geo_check_incident_references() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS
$$
BEGIN
  IF EXISTS (
    SELECT FROM (SELECT DISTINCT county_id, admin_area_id, police_area_id, import_batch_id FROM changed) c
    WHERE NOT EXISTS (SELECT FROM county WHERE id = c.county_id)
       OR NOT EXISTS (SELECT FROM area WHERE id = c.admin_area_id)
       OR NOT EXISTS (SELECT FROM area WHERE id = c.police_area_id)
       OR c.import_batch_id IS NOT NULL AND NOT EXISTS (SELECT FROM import_batch WHERE id = c.import_batch_id)
  ) THEN
    RAISE foreign_key_violation USING MESSAGE = 'an incident refers to a county, area or batch that is not there';
  END IF;
  RETURN NULL;
END
$$;

CREATE FUNCTION geo_keep_what_incidents_name() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS
$$
BEGIN
  IF TG_TABLE_NAME = 'county' AND EXISTS (SELECT FROM incident WHERE county_id = OLD.id)
     OR TG_TABLE_NAME = 'area' AND EXISTS (SELECT FROM incident WHERE admin_area_id = OLD.id OR police_area_id = OLD.id)
     OR TG_TABLE_NAME = 'import_batch' AND EXISTS (SELECT FROM incident WHERE import_batch_id = OLD.id)
  THEN
    RAISE foreign_key_violation USING MESSAGE = format('incidents refer to this row of %s', TG_TABLE_NAME);
  END IF;
  RETURN OLD;
END
$$;
"""
KEYS = {"county_id": "county", "admin_area_id": "area", "police_area_id": "area", "import_batch_id": "import_batch"}
# Nothing looks an incident up by these, by place or by time: who reads a county's incidents reads their columns, all at once.
UNUSED = ("county_id", "admin_area_id", "police_area_id", "grid_stable_id", "import_batch_id")


def upgrade() -> None:
    op.alter_column("quarantine_row", "file_line", type_=sa.BigInteger())
    op.add_column("quarantine_row", sa.Column("unit", sa.String(), server_default="line", nullable=False))
    op.add_column("quarantine_row", sa.Column("params", JSONB(), server_default="{}", nullable=False))
    op.add_column("quarantine_row", sa.Column("remedy", sa.String(), server_default="", nullable=False))
    op.add_column("quarantine_row", sa.Column("state", sa.String(), server_default="waiting", nullable=False))
    op.add_column("quarantine_row", sa.Column("arrived", JSONB(), server_default="{}", nullable=False))
    op.add_column("quarantine_row", sa.Column("arrived_hash", sa.String(), server_default="", nullable=False))
    op.execute("UPDATE quarantine_row SET arrived = content, arrived_hash = md5(content::text)")
    op.create_index("ix_quarantine_row_arrived_hash", "quarantine_row", ["arrived_hash"])
    op.create_check_constraint("state", "quarantine_row", "state IN ('waiting', 'taken', 'left')")
    op.add_column("import_batch", sa.Column("reading", JSONB(), server_default="{}", nullable=False))
    op.add_column("import_batch", sa.Column("rows_unplaced", sa.Integer(), server_default="0", nullable=False))
    op.drop_column("import_batch", "rows_dropped")

    for column in KEYS:
        op.drop_constraint(f"fk_incident_{column}", "incident", type_="foreignkey")
    for column in UNUSED:
        op.drop_index(f"ix_incident_{column}", "incident")
    op.create_index("ix_incident_import_batch_id", "incident", ["import_batch_id"], postgresql_using="brin")
    # Keys are compared, never sorted for people: by bytes, which is several times as fast as by a language.
    for column in ("source", "source_key"):
        op.alter_column("incident", column, type_=sa.String(collation="C"))
    for name in ("geom", "county_time"):
        op.drop_index(f"ix_incident_{name}", "incident")
    # What arrived is kept as it came, and not taken apart on the way in.
    op.alter_column("incident", "arrived", type_=JSON())
    op.execute(CHECK)
    for event in ("insert", "update"):
        op.execute(
            f"CREATE TRIGGER references_{event} AFTER {event.upper()} ON incident REFERENCING NEW TABLE AS changed"
            " FOR EACH STATEMENT EXECUTE FUNCTION geo_check_incident_references()"
        )
    for table in REFERRED:
        op.execute(
            f"CREATE TRIGGER named_by_incidents BEFORE DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION geo_keep_what_incidents_name()"
        )
    op.execute("REVOKE ALL ON FUNCTION geo_check_incident_references(), geo_keep_what_incidents_name() FROM PUBLIC")


def downgrade() -> None:
    for table in REFERRED:
        op.execute(f"DROP TRIGGER named_by_incidents ON {table}")
    for event in ("insert", "update"):
        op.execute(f"DROP TRIGGER references_{event} ON incident")
    op.execute("DROP FUNCTION geo_check_incident_references(), geo_keep_what_incidents_name()")
    for column in ("source", "source_key"):
        op.alter_column("incident", column, type_=sa.String(collation="default"))
    op.alter_column("incident", "arrived", type_=JSONB())
    op.create_index("ix_incident_geom", "incident", ["geom"], postgresql_using="gist")
    op.create_index("ix_incident_county_time", "incident", ["county_id", "occurred_from"])
    op.drop_index("ix_incident_import_batch_id", "incident")
    for column in UNUSED:
        op.create_index(f"ix_incident_{column}", "incident", [column])
    for column, table in KEYS.items():
        op.create_foreign_key(f"fk_incident_{column}", "incident", table, [column], ["id"])

    op.add_column("import_batch", sa.Column("rows_dropped", sa.Integer(), server_default="0", nullable=False))
    op.drop_column("import_batch", "rows_unplaced")
    op.drop_column("import_batch", "reading")
    op.drop_constraint("state", "quarantine_row", type_="check")
    for column in ("arrived_hash", "arrived", "state", "remedy", "params", "unit"):
        op.drop_column("quarantine_row", column)
    op.alter_column("quarantine_row", "file_line", type_=sa.Integer())
