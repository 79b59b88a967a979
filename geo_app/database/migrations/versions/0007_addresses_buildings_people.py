"""Standard addresses and aliases, buildings, households and people, and who is out in a shift."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import DATERANGE, TSTZRANGE

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

IN_SCOPE = (
    "admin_area_id = ANY ((SELECT geo_scope())::bigint[]) OR police_area_id = ANY ((SELECT geo_scope())::bigint[])"
)
# Kinds whose changes caches have to notice.
COUNTED = {
    "address": "addresses", "address_alias": "addresses", "building": "buildings", "population": "population",
    "shift_member": "shifts",
}  # fmt: skip
POINTS = ("place", "post")  # that keep from now on what arrived


def upgrade() -> None:
    _create(
        "address",
        sa.Column("full_text", sa.String(), nullable=False),
        *(
            sa.Column(name, sa.String())
            for name in ("town", "community", "villager_group", "road", "number", "estate", "building", "unit")
        ),
        *_arrived(),
        _shape("POINT", nullable=True),
    )
    op.create_index("ix_address_source_key", "address", ["county_id", "source_key"])
    _create(
        "address_alias",
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("address_key", sa.String()),
        sa.Column("address_text", sa.String()),
        *_arrived(),
        _shape("POINT", nullable=True),
    )
    op.create_index("ix_address_alias_alias", "address_alias", ["alias"])
    _create(
        "building",
        sa.Column("name", sa.String(), server_default="", nullable=False),
        sa.Column("kind", sa.String(), server_default="building", nullable=False),
        sa.Column("height_m", sa.Double()),
        sa.Column("levels", sa.Double()),
        sa.Column("address", sa.String(), server_default="", nullable=False),
        _shape("MULTIPOLYGON", nullable=False),
        sa.CheckConstraint("height_m > 0", name="height"),
    )
    _create(
        "population",
        sa.Column("grid_code", sa.String()),
        sa.Column("households", sa.Integer()),
        sa.Column("people", sa.Integer()),
        sa.Column("counted_on", sa.Date()),
        *_arrived(),
        _shape("POINT", nullable=True),
        sa.CheckConstraint("grid_code IS NOT NULL OR geom IS NOT NULL", name="somewhere"),
        sa.CheckConstraint("households >= 0 AND people >= 0", name="no_less_than_none"),
    )
    op.create_index("ix_population_grid_code", "population", ["county_id", "grid_code"])
    _create_shift_member()
    for table, kind in COUNTED.items():
        _secure(table)
        _count(table, kind)
    for table in POINTS:
        for column in _arrived():
            op.add_column(table, column)


def _create(name: str, *own: sa.schema.SchemaItem) -> None:
    """A table of a versioned kind with a shape: its own columns and those that all such tables share."""
    op.create_table(
        name,
        sa.Column("id", sa.BigInteger(), primary_key=True),
        *own,
        *_scoped(),
        sa.Column("valid", DATERANGE(), server_default=sa.text("daterange(NULL, NULL)"),
                  nullable=False),
        sa.Column("recorded", TSTZRANGE(), server_default=sa.text("tstzrange(now(), NULL)"),
                  nullable=False),
        sa.Column("source", sa.String(), server_default="", nullable=False),
        sa.Column("source_key", sa.String()),
        sa.Column("file_line", sa.Integer()),
        sa.Column("import_batch_id", sa.BigInteger(), sa.ForeignKey("import_batch.id")),
    )  # fmt: skip
    for column in ("county_id", "admin_area_id", "police_area_id", "import_batch_id"):
        op.create_index(f"ix_{name}_{column}", name, [column])
    op.create_index(f"ix_{name}_geom", name, ["geom"], postgresql_using="gist")


def _create_shift_member() -> None:
    op.create_table(
        "shift_member",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("shift_id", sa.BigInteger(), sa.ForeignKey("shift.id"), nullable=False),
        sa.Column("team_member_id", sa.BigInteger(), sa.ForeignKey("team_member.id"), nullable=False),
        *_scoped(),
    )
    op.create_index("uq_shift_member", "shift_member", ["shift_id", "team_member_id"], unique=True)
    for column in ("county_id", "admin_area_id", "police_area_id", "team_member_id"):
        op.create_index(f"ix_shift_member_{column}", "shift_member", [column])


def _scoped() -> list[sa.Column[object]]:
    return [
        sa.Column("county_id", sa.BigInteger(), sa.ForeignKey("county.id"), nullable=False),
        sa.Column("admin_area_id", sa.BigInteger(), sa.ForeignKey("area.id"), nullable=False),
        sa.Column("police_area_id", sa.BigInteger(), sa.ForeignKey("area.id"), nullable=False),
        sa.Column("simulated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    ]


def _arrived() -> list[sa.Column[object]]:
    return [
        sa.Column("arrived_datum", sa.String()),
        sa.Column("arrived_x", sa.Double()),
        sa.Column("arrived_y", sa.Double()),
    ]


def _shape(kind: str, *, nullable: bool) -> sa.Column[object]:
    return sa.Column("geom", Geometry(kind, srid=4326, spatial_index=False), nullable=nullable)


def _secure(table: str) -> None:
    """Row security by the two areas of a row, also for the owner, who gets a policy of its own."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY owner_all ON {table} TO geo_owner USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY in_scope ON {table} TO geo_application USING ({IN_SCOPE}) WITH CHECK ({IN_SCOPE})")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO geo_application")
    op.execute(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO geo_application")


def _count(table: str, kind: str) -> None:
    # A trigger that sees the changed rows takes one event only.
    for event, rows in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")):
        op.execute(
            f"CREATE TRIGGER data_version_{event} AFTER {event.upper()} ON {table} REFERENCING {rows} TABLE AS changed"
            f" FOR EACH STATEMENT EXECUTE FUNCTION geo_raise_data_version('{kind}')"
        )


def downgrade() -> None:
    for table in POINTS:
        for column in _arrived():
            op.drop_column(table, column.name)
    for table in reversed(COUNTED):
        op.drop_table(table)
