"""Changes of grids that are drafted, reviewed, dated and filed; who has one open; the papers of those from outside."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

IN_SCOPE = (
    "admin_area_id = ANY ((SELECT geo_scope())::bigint[]) OR police_area_id = ANY ((SELECT geo_scope())::bigint[])"
)
CHECKS = {
    "status": "status IN ('draft', 'review', 'sent_back', 'approved', 'filed', 'withdrawn')",
    "position": "position >= 0 AND position <= jsonb_array_length(operations)",
}
HEAD = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS"
FUNCTIONS = {
    "geo_grid_heads(bigint)": f"""
CREATE FUNCTION geo_grid_heads(of_county bigint)
RETURNS TABLE (id bigint, stable_id bigint, code text, name text, kind text, area_id bigint, community text, began date,
               geom geometry) {HEAD}
-- The newest version of each grid of a county, also for who sees a part of it: a vertex that enters a shared line enters
-- the grid on its other side too.
$$
  SELECT g.id, g.stable_id, g.code, g.name, g.kind, g.admin_area_id, a.code, lower(g.valid), g.geom
  FROM grid g LEFT JOIN area a ON a.id = g.admin_area_id AND a.level = 'community'
  WHERE geo_sees_county(of_county) AND g.county_id = of_county AND upper_inf(g.valid) AND upper_inf(g.recorded)
  ORDER BY g.code
$$;
""",
    "geo_grid_codes(bigint)": f"""
CREATE FUNCTION geo_grid_codes(of_county bigint) RETURNS SETOF text {HEAD}
-- Every code that a grid of the county ever had: none is given out twice.
$$ SELECT DISTINCT code FROM grid WHERE geo_sees_county(of_county) AND county_id = of_county $$;
""",
}


def upgrade() -> None:
    for column in _own():
        op.add_column("grid_change", column)
    op.alter_column("grid_change", "kind", server_default="edit")
    for name, rule in CHECKS.items():
        op.create_check_constraint(name, "grid_change", rule)
    op.create_index("ix_grid_change_status", "grid_change", ["county_id", "status"])
    _create(
        "grid_review",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("change_id", sa.BigInteger(), sa.ForeignKey("grid_change.id"), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("reviewer_id", sa.BigInteger(), sa.ForeignKey("app_user.id")),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("comment", sa.String(), server_default="", nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )
    _create(
        "grid_lease",
        sa.Column("change_id", sa.BigInteger(), sa.ForeignKey("grid_change.id"), primary_key=True),
        sa.Column("user_id", sa.BigInteger(), sa.ForeignKey("app_user.id"), primary_key=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
    )
    _create(
        "grid_scan",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("change_id", sa.BigInteger(), sa.ForeignKey("grid_change.id"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), sa.ForeignKey("app_user.id")),
        sa.Column("added_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )
    for table in ("grid_review", "grid_scan"):
        op.create_index(f"ix_{table}_change_id", table, ["change_id"])
        op.execute(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO geo_application")
    for signature, function in FUNCTIONS.items():
        op.execute(function)
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO geo_application")


def _own() -> list[sa.Column[object]]:
    return [
        sa.Column("title", sa.String(), server_default="", nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("base", JSONB(), server_default="{}", nullable=False),
        sa.Column("document_number", sa.String(), server_default="", nullable=False),
        sa.Column("on_paper", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True)),
    ]


def _create(name: str, *own: sa.schema.SchemaItem) -> None:
    """A table whose rows belong to a place: seen and written by the scope."""
    op.create_table(
        name,
        *own,
        sa.Column("county_id", sa.BigInteger(), sa.ForeignKey("county.id"), nullable=False),
        sa.Column("admin_area_id", sa.BigInteger(), sa.ForeignKey("area.id"), nullable=False),
        sa.Column("police_area_id", sa.BigInteger(), sa.ForeignKey("area.id"), nullable=False),
    )
    for column in ("county_id", "admin_area_id", "police_area_id"):
        op.create_index(f"ix_{name}_{column}", name, [column])
    op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY owner_all ON {name} TO geo_owner USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY in_scope ON {name} TO geo_application USING ({IN_SCOPE}) WITH CHECK ({IN_SCOPE})")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO geo_application")


def downgrade() -> None:
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION {signature}")
    for table in ("grid_scan", "grid_lease", "grid_review"):
        op.drop_table(table)
    op.drop_index("ix_grid_change_status", "grid_change")
    for name in CHECKS:
        op.drop_constraint(name, "grid_change", type_="check")
    op.alter_column("grid_change", "kind", server_default=None)
    for column in reversed(_own()):
        op.drop_column("grid_change", column.name)
