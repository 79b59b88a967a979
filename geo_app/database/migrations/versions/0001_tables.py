"""The tables of the product."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "app_user",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_user")),
    )
    op.create_index("uq_app_user_login", "app_user", [sa.literal_column("lower(login)")], unique=True)
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("login", sa.String(), nullable=True),
        sa.Column("address", postgresql.INET(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("object_kind", sa.String(), nullable=True),
        sa.Column("object_id", sa.String(), nullable=True),
        sa.Column("county_id", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(), server_default="done", nullable=False),
        sa.Column("request_id", sa.String(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_at"), "audit_entry", ["at"], unique=False)
    op.create_index(op.f("ix_audit_entry_county_id"), "audit_entry", ["county_id"], unique=False)
    op.create_index(op.f("ix_audit_entry_user_id"), "audit_entry", ["user_id"], unique=False)
    op.create_table(
        "county",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("metric_srid", sa.Integer(), nullable=False),
        sa.Column("time_zone", sa.String(), server_default="Asia/Shanghai", nullable=False),
        sa.Column("network_version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("simulated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_county")),
        sa.UniqueConstraint("code", name=op.f("uq_county_code")),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("address", postgresql.INET(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    op.create_index("ix_sign_in_failure_address", "sign_in_failure", ["address", "at"], unique=False)
    op.create_index(
        "ix_sign_in_failure_login", "sign_in_failure", [sa.literal_column("lower(login)"), "at"], unique=False
    )
    op.create_table(
        "area",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("county_id", sa.BigInteger(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("tree", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("statistical_code", sa.String(), nullable=True),
        sa.Column("police_code", sa.String(), nullable=True),
        sa.Column("import_batch_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column("simulated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), server_default=sa.text("daterange(NULL, NULL)"), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(now(), NULL)"), nullable=False),
        sa.Column("source", sa.String(), server_default="", nullable=False),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("file_line", sa.Integer(), nullable=True),
        sa.CheckConstraint("tree IN ('admin', 'police')", name=op.f("ck_area_tree")),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_area_county_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["area.id"], name=op.f("fk_area_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area")),
        sa.UniqueConstraint("county_id", "tree", "code", name=op.f("uq_area_county_id_tree_code")),
    )
    op.create_index(op.f("ix_area_county_id"), "area", ["county_id"], unique=False)
    op.create_index("ix_area_geom", "area", ["geom"], unique=False, postgresql_using="gist")
    op.create_index(op.f("ix_area_parent_id"), "area", ["parent_id"], unique=False)
    op.create_index("uq_area_root", "area", ["county_id", "tree"], unique=True, postgresql_where="parent_id IS NULL")
    op.create_table(
        "data_version",
        sa.Column("county_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_data_version_county_id")),
        sa.PrimaryKeyConstraint("county_id", "kind", name=op.f("pk_data_version")),
    )
    op.create_table(
        "incident_category",
        sa.Column("county_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("parent_code", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("valid", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("preventable", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_incident_category_county_id")),
        sa.PrimaryKeyConstraint("county_id", "code", name=op.f("pk_incident_category")),
    )
    op.create_table(
        "user_role",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_user_role_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_user_role")),
    )
    op.create_table(
        "user_session",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("address", postgresql.INET(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_user_session_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_user_session")),
    )
    op.create_index(op.f("ix_user_session_expires_at"), "user_session", ["expires_at"], unique=False)
    op.create_index(op.f("ix_user_session_user_id"), "user_session", ["user_id"], unique=False)
    op.create_table(
        "grid_change",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason_code", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("status", sa.String(), server_default="draft", nullable=False),
        sa.Column("operations", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("reviewer_id", sa.BigInteger(), nullable=True),
        sa.Column("surveyed_on", sa.Date(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("county_id", sa.BigInteger(), nullable=False),
        sa.Column("admin_area_id", sa.BigInteger(), nullable=False),
        sa.Column("police_area_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["admin_area_id"], ["area.id"], name=op.f("fk_grid_change_admin_area_id")),
        sa.ForeignKeyConstraint(["author_id"], ["app_user.id"], name=op.f("fk_grid_change_author_id")),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_grid_change_county_id")),
        sa.ForeignKeyConstraint(["police_area_id"], ["area.id"], name=op.f("fk_grid_change_police_area_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["app_user.id"], name=op.f("fk_grid_change_reviewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid_change")),
    )
    op.create_index(op.f("ix_grid_change_admin_area_id"), "grid_change", ["admin_area_id"], unique=False)
    op.create_index(op.f("ix_grid_change_county_id"), "grid_change", ["county_id"], unique=False)
    op.create_index(op.f("ix_grid_change_police_area_id"), "grid_change", ["police_area_id"], unique=False)
    op.create_table(
        "grid_worker",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("grid_stable_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("telephone", sa.String(), nullable=True),
        sa.Column("county_id", sa.BigInteger(), nullable=False),
        sa.Column("admin_area_id", sa.BigInteger(), nullable=False),
        sa.Column("police_area_id", sa.BigInteger(), nullable=False),
        sa.Column("simulated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), server_default=sa.text("daterange(NULL, NULL)"), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(now(), NULL)"), nullable=False),
        sa.ForeignKeyConstraint(["admin_area_id"], ["area.id"], name=op.f("fk_grid_worker_admin_area_id")),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_grid_worker_county_id")),
        sa.ForeignKeyConstraint(["police_area_id"], ["area.id"], name=op.f("fk_grid_worker_police_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid_worker")),
    )
    op.create_index(op.f("ix_grid_worker_admin_area_id"), "grid_worker", ["admin_area_id"], unique=False)
    op.create_index(op.f("ix_grid_worker_county_id"), "grid_worker", ["county_id"], unique=False)
    op.create_index(op.f("ix_grid_worker_grid_stable_id"), "grid_worker", ["grid_stable_id"], unique=False)
    op.create_index(op.f("ix_grid_worker_police_area_id"), "grid_worker", ["police_area_id"], unique=False)
    op.create_table(
        "import_batch",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("file_sha256", sa.String(), nullable=False),
        sa.Column("source", sa.String(), server_default="", nullable=False),
        sa.Column("crs", sa.String(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("rows_read", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rows_stored", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rows_updated", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rows_unchanged", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rows_dropped", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rows_quarantined", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rows_ended", sa.Integer(), server_default="0", nullable=False),
        sa.Column("warnings", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("county_id", sa.BigInteger(), nullable=False),
        sa.Column("admin_area_id", sa.BigInteger(), nullable=False),
        sa.Column("police_area_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["admin_area_id"], ["area.id"], name=op.f("fk_import_batch_admin_area_id")),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_import_batch_county_id")),
        sa.ForeignKeyConstraint(["police_area_id"], ["area.id"], name=op.f("fk_import_batch_police_area_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_import_batch_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_index(op.f("ix_import_batch_admin_area_id"), "import_batch", ["admin_area_id"], unique=False)
    op.create_index(op.f("ix_import_batch_county_id"), "import_batch", ["county_id"], unique=False)
    op.create_index(op.f("ix_import_batch_police_area_id"), "import_batch", ["police_area_id"], unique=False)
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("arguments", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.String(), server_default="waiting", nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("message", sa.String(), server_default="", nullable=False),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("cancel_requested", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("county_id", sa.BigInteger(), nullable=False),
        sa.Column("admin_area_id", sa.BigInteger(), nullable=False),
        sa.Column("police_area_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["admin_area_id"], ["area.id"], name=op.f("fk_job_admin_area_id")),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_job_county_id")),
        sa.ForeignKeyConstraint(["police_area_id"], ["area.id"], name=op.f("fk_job_police_area_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_job_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index(op.f("ix_job_admin_area_id"), "job", ["admin_area_id"], unique=False)
    op.create_index(op.f("ix_job_county_id"), "job", ["county_id"], unique=False)
    op.create_index(op.f("ix_job_police_area_id"), "job", ["police_area_id"], unique=False)
    op.create_index(op.f("ix_job_user_id"), "job", ["user_id"], unique=False)
    op.create_table(
        "team",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), server_default="foot", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("county_id", sa.BigInteger(), nullable=False),
        sa.Column("admin_area_id", sa.BigInteger(), nullable=False),
        sa.Column("police_area_id", sa.BigInteger(), nullable=False),
        sa.Column("simulated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["admin_area_id"], ["area.id"], name=op.f("fk_team_admin_area_id")),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_team_county_id")),
        sa.ForeignKeyConstraint(["police_area_id"], ["area.id"], name=op.f("fk_team_police_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
    )
    op.create_index(op.f("ix_team_admin_area_id"), "team", ["admin_area_id"], unique=False)
    op.create_index(op.f("ix_team_county_id"), "team", ["county_id"], unique=False)
    op.create_index(op.f("ix_team_police_area_id"), "team", ["police_area_id"], unique=False)
    op.create_index("uq_team_name", "team", ["county_id", "police_area_id", "name"], unique=True)
    op.create_table(
        "user_scope",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_user_scope_area_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_user_scope_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "area_id", name=op.f("pk_user_scope")),
    )
    op.create_table(
        "camera",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), server_default="bullet", nullable=False),
        sa.Column("owner_class", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), server_default="ON", nullable=False),
        sa.Column("bearing", sa.Double(), nullable=True),
        sa.Column("field_of_view", sa.Double(), nullable=True),
        sa.Column("range_m", sa.Double(), nullable=True),
        sa.Column("height_m", sa.Double(), nullable=True),
        sa.Column("estimated", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("catalogue", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("arrived_datum", sa.String(), nullable=True),
        sa.Column("arrived_x", sa.Double(), nullable=True),
        sa.Column("arrived_y", sa.Double(), nullable=True),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("county_id", sa.BigInteger(), nullable=False),
        sa.Column("admin_area_id", sa.BigInteger(), nullable=False),
        sa.Column("police_area_id", sa.BigInteger(), nullable=False),
        sa.Column("simulated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), server_default=sa.text("daterange(NULL, NULL)"), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(now(), NULL)"), nullable=False),
        sa.Column("source", sa.String(), server_default="", nullable=False),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("file_line", sa.Integer(), nullable=True),
        sa.Column("import_batch_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("bearing >= 0 AND bearing < 360", name=op.f("ck_camera_bearing")),
        sa.CheckConstraint("field_of_view > 0 AND field_of_view <= 360", name=op.f("ck_camera_field_of_view")),
        sa.CheckConstraint("range_m > 0", name=op.f("ck_camera_range")),
        sa.ForeignKeyConstraint(["admin_area_id"], ["area.id"], name=op.f("fk_camera_admin_area_id")),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_camera_county_id")),
        sa.ForeignKeyConstraint(["import_batch_id"], ["import_batch.id"], name=op.f("fk_camera_import_batch_id")),
        sa.ForeignKeyConstraint(["police_area_id"], ["area.id"], name=op.f("fk_camera_police_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_camera")),
    )
    op.create_index(op.f("ix_camera_admin_area_id"), "camera", ["admin_area_id"], unique=False)
    op.create_index("ix_camera_code", "camera", ["county_id", "code"], unique=False)
    op.create_index(op.f("ix_camera_county_id"), "camera", ["county_id"], unique=False)
    op.create_index("ix_camera_geom", "camera", ["geom"], unique=False, postgresql_using="gist")
    op.create_index(op.f("ix_camera_import_batch_id"), "camera", ["import_batch_id"], unique=False)
    op.create_index(op.f("ix_camera_police_area_id"), "camera", ["police_area_id"], unique=False)
    op.create_table(
        "device",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("revoked", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("county_id", sa.BigInteger(), nullable=False),
        sa.Column("admin_area_id", sa.BigInteger(), nullable=False),
        sa.Column("police_area_id", sa.BigInteger(), nullable=False),
        sa.Column("simulated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["admin_area_id"], ["area.id"], name=op.f("fk_device_admin_area_id")),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_device_county_id")),
        sa.ForeignKeyConstraint(["police_area_id"], ["area.id"], name=op.f("fk_device_police_area_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_device_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
    )
    op.create_index(op.f("ix_device_admin_area_id"), "device", ["admin_area_id"], unique=False)
    op.create_index(op.f("ix_device_county_id"), "device", ["county_id"], unique=False)
    op.create_index(op.f("ix_device_police_area_id"), "device", ["police_area_id"], unique=False)
    op.create_index(op.f("ix_device_team_id"), "device", ["team_id"], unique=False)
    op.create_index("uq_device_code", "device", ["county_id", "code"], unique=True)
    op.create_table(
        "grid",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("stable_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), server_default="basic", nullable=False),
        sa.Column("households", sa.Integer(), nullable=True),
        sa.Column("leader_name", sa.String(), nullable=True),
        sa.Column("leader_telephone", sa.String(), nullable=True),
        sa.Column("change_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("county_id", sa.BigInteger(), nullable=False),
        sa.Column("admin_area_id", sa.BigInteger(), nullable=False),
        sa.Column("police_area_id", sa.BigInteger(), nullable=False),
        sa.Column("simulated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), server_default=sa.text("daterange(NULL, NULL)"), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(now(), NULL)"), nullable=False),
        sa.Column("source", sa.String(), server_default="", nullable=False),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("file_line", sa.Integer(), nullable=True),
        sa.Column("import_batch_id", sa.BigInteger(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("county_id"), "="),
            (sa.column("code"), "="),
            (sa.column("valid"), "&&"),
            (sa.column("recorded"), "&&"),
            using="gist",
            name="ex_grid_code",
        ),
        sa.ForeignKeyConstraint(["admin_area_id"], ["area.id"], name=op.f("fk_grid_admin_area_id")),
        sa.ForeignKeyConstraint(["change_id"], ["grid_change.id"], name=op.f("fk_grid_change_id")),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_grid_county_id")),
        sa.ForeignKeyConstraint(["import_batch_id"], ["import_batch.id"], name=op.f("fk_grid_import_batch_id")),
        sa.ForeignKeyConstraint(["police_area_id"], ["area.id"], name=op.f("fk_grid_police_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid")),
    )
    op.create_index(op.f("ix_grid_admin_area_id"), "grid", ["admin_area_id"], unique=False)
    op.create_index(op.f("ix_grid_change_id"), "grid", ["change_id"], unique=False)
    op.create_index(op.f("ix_grid_county_id"), "grid", ["county_id"], unique=False)
    op.create_index("ix_grid_geom", "grid", ["geom"], unique=False, postgresql_using="gist")
    op.create_index(op.f("ix_grid_import_batch_id"), "grid", ["import_batch_id"], unique=False)
    op.create_index(op.f("ix_grid_police_area_id"), "grid", ["police_area_id"], unique=False)
    op.create_index(op.f("ix_grid_stable_id"), "grid", ["stable_id"], unique=False)
    op.create_table(
        "incident",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("occurred_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("occurred_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("departed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("feedback_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("category", sa.String(), server_default="", nullable=False),
        sa.Column("category_intake", sa.String(), nullable=True),
        sa.Column("category_feedback", sa.String(), nullable=True),
        sa.Column("case_kind", sa.String(), server_default="incident", nullable=False),
        sa.Column("discovered_by", sa.String(), nullable=True),
        sa.Column("valid", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("preventable", sa.Boolean(), nullable=True),
        sa.Column("non_police", sa.Boolean(), nullable=True),
        sa.Column("description", sa.String(), server_default="", nullable=False),
        sa.Column("arrived", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("arrived_address", sa.String(), server_default="", nullable=False),
        sa.Column("arrived_datum", sa.String(), nullable=True),
        sa.Column("arrived_x", sa.Double(), nullable=True),
        sa.Column("arrived_y", sa.Double(), nullable=True),
        sa.Column("match_level", sa.String(), server_default="none", nullable=False),
        sa.Column("match_score", sa.Double(), nullable=True),
        sa.Column("match_how", sa.String(), nullable=True),
        sa.Column("radius_m", sa.Double(), nullable=True),
        sa.Column("grid_stable_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column("county_id", sa.BigInteger(), nullable=False),
        sa.Column("admin_area_id", sa.BigInteger(), nullable=False),
        sa.Column("police_area_id", sa.BigInteger(), nullable=False),
        sa.Column("simulated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("source", sa.String(), server_default="", nullable=False),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("file_line", sa.Integer(), nullable=True),
        sa.Column("import_batch_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("occurred_to >= occurred_from", name=op.f("ck_incident_time_order")),
        sa.ForeignKeyConstraint(["admin_area_id"], ["area.id"], name=op.f("fk_incident_admin_area_id")),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_incident_county_id")),
        sa.ForeignKeyConstraint(["import_batch_id"], ["import_batch.id"], name=op.f("fk_incident_import_batch_id")),
        sa.ForeignKeyConstraint(["police_area_id"], ["area.id"], name=op.f("fk_incident_police_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index(op.f("ix_incident_admin_area_id"), "incident", ["admin_area_id"], unique=False)
    op.create_index(op.f("ix_incident_county_id"), "incident", ["county_id"], unique=False)
    op.create_index("ix_incident_county_time", "incident", ["county_id", "occurred_from"], unique=False)
    op.create_index("ix_incident_geom", "incident", ["geom"], unique=False, postgresql_using="gist")
    op.create_index(op.f("ix_incident_grid_stable_id"), "incident", ["grid_stable_id"], unique=False)
    op.create_index(op.f("ix_incident_import_batch_id"), "incident", ["import_batch_id"], unique=False)
    op.create_index(op.f("ix_incident_police_area_id"), "incident", ["police_area_id"], unique=False)
    op.create_index("uq_incident_source_key", "incident", ["county_id", "source", "source_key"], unique=True)
    op.create_table(
        "patrol_route",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("stable_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), server_default="foot", nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("departures", postgresql.ARRAY(sa.Time()), server_default="{}", nullable=False),
        sa.Column("mandatory", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("network_version", sa.BigInteger(), nullable=True),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="LINESTRING",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("county_id", sa.BigInteger(), nullable=False),
        sa.Column("admin_area_id", sa.BigInteger(), nullable=False),
        sa.Column("police_area_id", sa.BigInteger(), nullable=False),
        sa.Column("simulated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), server_default=sa.text("daterange(NULL, NULL)"), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(now(), NULL)"), nullable=False),
        sa.Column("source", sa.String(), server_default="", nullable=False),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("file_line", sa.Integer(), nullable=True),
        sa.Column("import_batch_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("mode IN ('foot', 'vehicle')", name=op.f("ck_patrol_route_mode")),
        sa.ForeignKeyConstraint(["admin_area_id"], ["area.id"], name=op.f("fk_patrol_route_admin_area_id")),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_patrol_route_county_id")),
        sa.ForeignKeyConstraint(["import_batch_id"], ["import_batch.id"], name=op.f("fk_patrol_route_import_batch_id")),
        sa.ForeignKeyConstraint(["police_area_id"], ["area.id"], name=op.f("fk_patrol_route_police_area_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_patrol_route_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patrol_route")),
    )
    op.create_index(op.f("ix_patrol_route_admin_area_id"), "patrol_route", ["admin_area_id"], unique=False)
    op.create_index(op.f("ix_patrol_route_county_id"), "patrol_route", ["county_id"], unique=False)
    op.create_index("ix_patrol_route_geom", "patrol_route", ["geom"], unique=False, postgresql_using="gist")
    op.create_index(op.f("ix_patrol_route_import_batch_id"), "patrol_route", ["import_batch_id"], unique=False)
    op.create_index(op.f("ix_patrol_route_police_area_id"), "patrol_route", ["police_area_id"], unique=False)
    op.create_index(op.f("ix_patrol_route_stable_id"), "patrol_route", ["stable_id"], unique=False)
    op.create_index(op.f("ix_patrol_route_team_id"), "patrol_route", ["team_id"], unique=False)
    op.create_table(
        "place",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("is_key", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("address", sa.String(), server_default="", nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("county_id", sa.BigInteger(), nullable=False),
        sa.Column("admin_area_id", sa.BigInteger(), nullable=False),
        sa.Column("police_area_id", sa.BigInteger(), nullable=False),
        sa.Column("simulated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), server_default=sa.text("daterange(NULL, NULL)"), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(now(), NULL)"), nullable=False),
        sa.Column("source", sa.String(), server_default="", nullable=False),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("file_line", sa.Integer(), nullable=True),
        sa.Column("import_batch_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["admin_area_id"], ["area.id"], name=op.f("fk_place_admin_area_id")),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_place_county_id")),
        sa.ForeignKeyConstraint(["import_batch_id"], ["import_batch.id"], name=op.f("fk_place_import_batch_id")),
        sa.ForeignKeyConstraint(["police_area_id"], ["area.id"], name=op.f("fk_place_police_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
    )
    op.create_index(op.f("ix_place_admin_area_id"), "place", ["admin_area_id"], unique=False)
    op.create_index(op.f("ix_place_county_id"), "place", ["county_id"], unique=False)
    op.create_index("ix_place_geom", "place", ["geom"], unique=False, postgresql_using="gist")
    op.create_index(op.f("ix_place_import_batch_id"), "place", ["import_batch_id"], unique=False)
    op.create_index(op.f("ix_place_police_area_id"), "place", ["police_area_id"], unique=False)
    op.create_table(
        "post",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("response_minutes", sa.Double(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("county_id", sa.BigInteger(), nullable=False),
        sa.Column("admin_area_id", sa.BigInteger(), nullable=False),
        sa.Column("police_area_id", sa.BigInteger(), nullable=False),
        sa.Column("simulated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), server_default=sa.text("daterange(NULL, NULL)"), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(now(), NULL)"), nullable=False),
        sa.Column("source", sa.String(), server_default="", nullable=False),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("file_line", sa.Integer(), nullable=True),
        sa.Column("import_batch_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["admin_area_id"], ["area.id"], name=op.f("fk_post_admin_area_id")),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_post_county_id")),
        sa.ForeignKeyConstraint(["import_batch_id"], ["import_batch.id"], name=op.f("fk_post_import_batch_id")),
        sa.ForeignKeyConstraint(["police_area_id"], ["area.id"], name=op.f("fk_post_police_area_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_post_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
    )
    op.create_index(op.f("ix_post_admin_area_id"), "post", ["admin_area_id"], unique=False)
    op.create_index(op.f("ix_post_county_id"), "post", ["county_id"], unique=False)
    op.create_index("ix_post_geom", "post", ["geom"], unique=False, postgresql_using="gist")
    op.create_index(op.f("ix_post_import_batch_id"), "post", ["import_batch_id"], unique=False)
    op.create_index(op.f("ix_post_police_area_id"), "post", ["police_area_id"], unique=False)
    op.create_index(op.f("ix_post_team_id"), "post", ["team_id"], unique=False)
    op.create_table(
        "quarantine_row",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("import_batch_id", sa.BigInteger(), nullable=False),
        sa.Column("file_line", sa.Integer(), nullable=False),
        sa.Column("reason_code", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("mended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("county_id", sa.BigInteger(), nullable=False),
        sa.Column("admin_area_id", sa.BigInteger(), nullable=False),
        sa.Column("police_area_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["admin_area_id"], ["area.id"], name=op.f("fk_quarantine_row_admin_area_id")),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_quarantine_row_county_id")),
        sa.ForeignKeyConstraint(
            ["import_batch_id"], ["import_batch.id"], name=op.f("fk_quarantine_row_import_batch_id")
        ),
        sa.ForeignKeyConstraint(["police_area_id"], ["area.id"], name=op.f("fk_quarantine_row_police_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine_row")),
    )
    op.create_index(op.f("ix_quarantine_row_admin_area_id"), "quarantine_row", ["admin_area_id"], unique=False)
    op.create_index(op.f("ix_quarantine_row_county_id"), "quarantine_row", ["county_id"], unique=False)
    op.create_index(op.f("ix_quarantine_row_import_batch_id"), "quarantine_row", ["import_batch_id"], unique=False)
    op.create_index(op.f("ix_quarantine_row_police_area_id"), "quarantine_row", ["police_area_id"], unique=False)
    op.create_table(
        "shift",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.Column("county_id", sa.BigInteger(), nullable=False),
        sa.Column("admin_area_id", sa.BigInteger(), nullable=False),
        sa.Column("police_area_id", sa.BigInteger(), nullable=False),
        sa.Column("simulated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_shift_time_order")),
        sa.ForeignKeyConstraint(["admin_area_id"], ["area.id"], name=op.f("fk_shift_admin_area_id")),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_shift_county_id")),
        sa.ForeignKeyConstraint(["police_area_id"], ["area.id"], name=op.f("fk_shift_police_area_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_shift_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
    )
    op.create_index(op.f("ix_shift_admin_area_id"), "shift", ["admin_area_id"], unique=False)
    op.create_index(op.f("ix_shift_county_id"), "shift", ["county_id"], unique=False)
    op.create_index(op.f("ix_shift_police_area_id"), "shift", ["police_area_id"], unique=False)
    op.create_index(op.f("ix_shift_starts_at"), "shift", ["starts_at"], unique=False)
    op.create_index(op.f("ix_shift_team_id"), "shift", ["team_id"], unique=False)
    op.create_table(
        "street",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("stable_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), server_default="", nullable=False),
        sa.Column("road_class", sa.String(), server_default="unclassified", nullable=False),
        sa.Column("one_way", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("layer", sa.Integer(), server_default="0", nullable=False),
        sa.Column("network_version", sa.BigInteger(), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="LINESTRING",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("county_id", sa.BigInteger(), nullable=False),
        sa.Column("admin_area_id", sa.BigInteger(), nullable=False),
        sa.Column("police_area_id", sa.BigInteger(), nullable=False),
        sa.Column("simulated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), server_default=sa.text("daterange(NULL, NULL)"), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(now(), NULL)"), nullable=False),
        sa.Column("source", sa.String(), server_default="", nullable=False),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("file_line", sa.Integer(), nullable=True),
        sa.Column("import_batch_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["admin_area_id"], ["area.id"], name=op.f("fk_street_admin_area_id")),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_street_county_id")),
        sa.ForeignKeyConstraint(["import_batch_id"], ["import_batch.id"], name=op.f("fk_street_import_batch_id")),
        sa.ForeignKeyConstraint(["police_area_id"], ["area.id"], name=op.f("fk_street_police_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_street")),
    )
    op.create_index(op.f("ix_street_admin_area_id"), "street", ["admin_area_id"], unique=False)
    op.create_index(op.f("ix_street_county_id"), "street", ["county_id"], unique=False)
    op.create_index("ix_street_geom", "street", ["geom"], unique=False, postgresql_using="gist")
    op.create_index(op.f("ix_street_import_batch_id"), "street", ["import_batch_id"], unique=False)
    op.create_index(op.f("ix_street_police_area_id"), "street", ["police_area_id"], unique=False)
    op.create_index(op.f("ix_street_stable_id"), "street", ["stable_id"], unique=False)
    op.create_table(
        "team_member",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("rank", sa.String(), nullable=False),
        sa.Column("county_id", sa.BigInteger(), nullable=False),
        sa.Column("admin_area_id", sa.BigInteger(), nullable=False),
        sa.Column("police_area_id", sa.BigInteger(), nullable=False),
        sa.Column("simulated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["admin_area_id"], ["area.id"], name=op.f("fk_team_member_admin_area_id")),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_team_member_county_id")),
        sa.ForeignKeyConstraint(["police_area_id"], ["area.id"], name=op.f("fk_team_member_police_area_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_member_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_member")),
    )
    op.create_index(op.f("ix_team_member_admin_area_id"), "team_member", ["admin_area_id"], unique=False)
    op.create_index(op.f("ix_team_member_county_id"), "team_member", ["county_id"], unique=False)
    op.create_index(op.f("ix_team_member_police_area_id"), "team_member", ["police_area_id"], unique=False)
    op.create_index(op.f("ix_team_member_team_id"), "team_member", ["team_id"], unique=False)
    op.create_table(
        "fix",
        sa.Column("device_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accuracy_m", sa.Double(), nullable=True),
        sa.Column("speed_mps", sa.Double(), nullable=True),
        sa.Column("heading", sa.Double(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("county_id", sa.BigInteger(), nullable=False),
        sa.Column("admin_area_id", sa.BigInteger(), nullable=False),
        sa.Column("police_area_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["admin_area_id"], ["area.id"], name=op.f("fk_fix_admin_area_id")),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_fix_county_id")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_fix_device_id")),
        sa.ForeignKeyConstraint(["police_area_id"], ["area.id"], name=op.f("fk_fix_police_area_id")),
        sa.PrimaryKeyConstraint("device_id", "at", name=op.f("pk_fix")),
        postgresql_partition_by="RANGE (at)",
    )
    op.create_index(op.f("ix_fix_admin_area_id"), "fix", ["admin_area_id"], unique=False)
    op.create_index(op.f("ix_fix_county_id"), "fix", ["county_id"], unique=False)
    op.create_index(op.f("ix_fix_police_area_id"), "fix", ["police_area_id"], unique=False)
    op.create_table(
        "grid_lineage",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("change_id", sa.BigInteger(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("child_id", sa.BigInteger(), nullable=True),
        sa.Column("county_id", sa.BigInteger(), nullable=False),
        sa.Column("admin_area_id", sa.BigInteger(), nullable=False),
        sa.Column("police_area_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["admin_area_id"], ["area.id"], name=op.f("fk_grid_lineage_admin_area_id")),
        sa.ForeignKeyConstraint(["change_id"], ["grid_change.id"], name=op.f("fk_grid_lineage_change_id")),
        sa.ForeignKeyConstraint(["child_id"], ["grid.id"], name=op.f("fk_grid_lineage_child_id")),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_grid_lineage_county_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["grid.id"], name=op.f("fk_grid_lineage_parent_id")),
        sa.ForeignKeyConstraint(["police_area_id"], ["area.id"], name=op.f("fk_grid_lineage_police_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid_lineage")),
    )
    op.create_index(op.f("ix_grid_lineage_admin_area_id"), "grid_lineage", ["admin_area_id"], unique=False)
    op.create_index(op.f("ix_grid_lineage_child_id"), "grid_lineage", ["child_id"], unique=False)
    op.create_index(op.f("ix_grid_lineage_county_id"), "grid_lineage", ["county_id"], unique=False)
    op.create_index(op.f("ix_grid_lineage_parent_id"), "grid_lineage", ["parent_id"], unique=False)
    op.create_index(op.f("ix_grid_lineage_police_area_id"), "grid_lineage", ["police_area_id"], unique=False)
    op.create_index("uq_grid_lineage", "grid_lineage", ["change_id", "parent_id", "child_id"], unique=True)
    op.create_table(
        "incident_caller",
        sa.Column("incident_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("telephone", sa.String(), nullable=True),
        sa.Column("county_id", sa.BigInteger(), nullable=False),
        sa.Column("admin_area_id", sa.BigInteger(), nullable=False),
        sa.Column("police_area_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["admin_area_id"], ["area.id"], name=op.f("fk_incident_caller_admin_area_id")),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_incident_caller_county_id")),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_incident_caller_incident_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["police_area_id"], ["area.id"], name=op.f("fk_incident_caller_police_area_id")),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_incident_caller")),
    )
    op.create_index(op.f("ix_incident_caller_admin_area_id"), "incident_caller", ["admin_area_id"], unique=False)
    op.create_index(op.f("ix_incident_caller_county_id"), "incident_caller", ["county_id"], unique=False)
    op.create_index(op.f("ix_incident_caller_police_area_id"), "incident_caller", ["police_area_id"], unique=False)
    op.create_table(
        "shift_route",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("shift_id", sa.BigInteger(), nullable=False),
        sa.Column("route_id", sa.BigInteger(), nullable=False),
        sa.Column("departs_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("county_id", sa.BigInteger(), nullable=False),
        sa.Column("admin_area_id", sa.BigInteger(), nullable=False),
        sa.Column("police_area_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["admin_area_id"], ["area.id"], name=op.f("fk_shift_route_admin_area_id")),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_shift_route_county_id")),
        sa.ForeignKeyConstraint(["police_area_id"], ["area.id"], name=op.f("fk_shift_route_police_area_id")),
        sa.ForeignKeyConstraint(["route_id"], ["patrol_route.id"], name=op.f("fk_shift_route_route_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_shift_route_shift_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_route")),
    )
    op.create_index(op.f("ix_shift_route_admin_area_id"), "shift_route", ["admin_area_id"], unique=False)
    op.create_index(op.f("ix_shift_route_county_id"), "shift_route", ["county_id"], unique=False)
    op.create_index(op.f("ix_shift_route_police_area_id"), "shift_route", ["police_area_id"], unique=False)
    op.create_index(op.f("ix_shift_route_route_id"), "shift_route", ["route_id"], unique=False)
    op.create_index(op.f("ix_shift_route_shift_id"), "shift_route", ["shift_id"], unique=False)
    op.create_table(
        "street_lineage",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=False),
        sa.Column("child_id", sa.BigInteger(), nullable=False),
        sa.Column("network_version", sa.BigInteger(), nullable=False),
        sa.Column("county_id", sa.BigInteger(), nullable=False),
        sa.Column("admin_area_id", sa.BigInteger(), nullable=False),
        sa.Column("police_area_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["admin_area_id"], ["area.id"], name=op.f("fk_street_lineage_admin_area_id")),
        sa.ForeignKeyConstraint(["child_id"], ["street.id"], name=op.f("fk_street_lineage_child_id")),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_street_lineage_county_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["street.id"], name=op.f("fk_street_lineage_parent_id")),
        sa.ForeignKeyConstraint(["police_area_id"], ["area.id"], name=op.f("fk_street_lineage_police_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_street_lineage")),
    )
    op.create_index(op.f("ix_street_lineage_admin_area_id"), "street_lineage", ["admin_area_id"], unique=False)
    op.create_index(op.f("ix_street_lineage_child_id"), "street_lineage", ["child_id"], unique=False)
    op.create_index(op.f("ix_street_lineage_county_id"), "street_lineage", ["county_id"], unique=False)
    op.create_index(op.f("ix_street_lineage_parent_id"), "street_lineage", ["parent_id"], unique=False)
    op.create_index(op.f("ix_street_lineage_police_area_id"), "street_lineage", ["police_area_id"], unique=False)
    op.create_table(
        "street_piece",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("street_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("length_m", sa.Double(), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="LINESTRING",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("county_id", sa.BigInteger(), nullable=False),
        sa.Column("admin_area_id", sa.BigInteger(), nullable=False),
        sa.Column("police_area_id", sa.BigInteger(), nullable=False),
        sa.Column("simulated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), server_default=sa.text("daterange(NULL, NULL)"), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(now(), NULL)"), nullable=False),
        sa.ForeignKeyConstraint(["admin_area_id"], ["area.id"], name=op.f("fk_street_piece_admin_area_id")),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_street_piece_county_id")),
        sa.ForeignKeyConstraint(["police_area_id"], ["area.id"], name=op.f("fk_street_piece_police_area_id")),
        sa.ForeignKeyConstraint(["street_id"], ["street.id"], name=op.f("fk_street_piece_street_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_street_piece")),
    )
    op.create_index(op.f("ix_street_piece_admin_area_id"), "street_piece", ["admin_area_id"], unique=False)
    op.create_index(op.f("ix_street_piece_county_id"), "street_piece", ["county_id"], unique=False)
    op.create_index("ix_street_piece_geom", "street_piece", ["geom"], unique=False, postgresql_using="gist")
    op.create_index(op.f("ix_street_piece_police_area_id"), "street_piece", ["police_area_id"], unique=False)
    op.create_index("uq_street_piece", "street_piece", ["street_id", "ordinal"], unique=True)
    op.create_table(
        "passage",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("street_piece_id", sa.BigInteger(), nullable=False),
        sa.Column("device_id", sa.BigInteger(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("county_id", sa.BigInteger(), nullable=False),
        sa.Column("admin_area_id", sa.BigInteger(), nullable=False),
        sa.Column("police_area_id", sa.BigInteger(), nullable=False),
        sa.Column("simulated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("ended_at >= began_at", name=op.f("ck_passage_time_order")),
        sa.ForeignKeyConstraint(["admin_area_id"], ["area.id"], name=op.f("fk_passage_admin_area_id")),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_passage_county_id")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_passage_device_id")),
        sa.ForeignKeyConstraint(["police_area_id"], ["area.id"], name=op.f("fk_passage_police_area_id")),
        sa.ForeignKeyConstraint(["street_piece_id"], ["street_piece.id"], name=op.f("fk_passage_street_piece_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passage")),
    )
    op.create_index(op.f("ix_passage_admin_area_id"), "passage", ["admin_area_id"], unique=False)
    op.create_index(op.f("ix_passage_county_id"), "passage", ["county_id"], unique=False)
    op.create_index(op.f("ix_passage_device_id"), "passage", ["device_id"], unique=False)
    op.create_index("ix_passage_piece_time", "passage", ["street_piece_id", "began_at"], unique=False)
    op.create_index(op.f("ix_passage_police_area_id"), "passage", ["police_area_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_passage_police_area_id"), table_name="passage")
    op.drop_index("ix_passage_piece_time", table_name="passage")
    op.drop_index(op.f("ix_passage_device_id"), table_name="passage")
    op.drop_index(op.f("ix_passage_county_id"), table_name="passage")
    op.drop_index(op.f("ix_passage_admin_area_id"), table_name="passage")
    op.drop_table("passage")
    op.drop_index("uq_street_piece", table_name="street_piece")
    op.drop_index(op.f("ix_street_piece_police_area_id"), table_name="street_piece")
    op.drop_index("ix_street_piece_geom", table_name="street_piece", postgresql_using="gist")
    op.drop_index(op.f("ix_street_piece_county_id"), table_name="street_piece")
    op.drop_index(op.f("ix_street_piece_admin_area_id"), table_name="street_piece")
    op.drop_table("street_piece")
    op.drop_index(op.f("ix_street_lineage_police_area_id"), table_name="street_lineage")
    op.drop_index(op.f("ix_street_lineage_parent_id"), table_name="street_lineage")
    op.drop_index(op.f("ix_street_lineage_county_id"), table_name="street_lineage")
    op.drop_index(op.f("ix_street_lineage_child_id"), table_name="street_lineage")
    op.drop_index(op.f("ix_street_lineage_admin_area_id"), table_name="street_lineage")
    op.drop_table("street_lineage")
    op.drop_index(op.f("ix_shift_route_shift_id"), table_name="shift_route")
    op.drop_index(op.f("ix_shift_route_route_id"), table_name="shift_route")
    op.drop_index(op.f("ix_shift_route_police_area_id"), table_name="shift_route")
    op.drop_index(op.f("ix_shift_route_county_id"), table_name="shift_route")
    op.drop_index(op.f("ix_shift_route_admin_area_id"), table_name="shift_route")
    op.drop_table("shift_route")
    op.drop_index(op.f("ix_incident_caller_police_area_id"), table_name="incident_caller")
    op.drop_index(op.f("ix_incident_caller_county_id"), table_name="incident_caller")
    op.drop_index(op.f("ix_incident_caller_admin_area_id"), table_name="incident_caller")
    op.drop_table("incident_caller")
    op.drop_index("uq_grid_lineage", table_name="grid_lineage")
    op.drop_index(op.f("ix_grid_lineage_police_area_id"), table_name="grid_lineage")
    op.drop_index(op.f("ix_grid_lineage_parent_id"), table_name="grid_lineage")
    op.drop_index(op.f("ix_grid_lineage_county_id"), table_name="grid_lineage")
    op.drop_index(op.f("ix_grid_lineage_child_id"), table_name="grid_lineage")
    op.drop_index(op.f("ix_grid_lineage_admin_area_id"), table_name="grid_lineage")
    op.drop_table("grid_lineage")
    op.drop_index(op.f("ix_fix_police_area_id"), table_name="fix")
    op.drop_index(op.f("ix_fix_county_id"), table_name="fix")
    op.drop_index(op.f("ix_fix_admin_area_id"), table_name="fix")
    op.drop_table("fix")
    op.drop_index(op.f("ix_team_member_team_id"), table_name="team_member")
    op.drop_index(op.f("ix_team_member_police_area_id"), table_name="team_member")
    op.drop_index(op.f("ix_team_member_county_id"), table_name="team_member")
    op.drop_index(op.f("ix_team_member_admin_area_id"), table_name="team_member")
    op.drop_table("team_member")
    op.drop_index(op.f("ix_street_stable_id"), table_name="street")
    op.drop_index(op.f("ix_street_police_area_id"), table_name="street")
    op.drop_index(op.f("ix_street_import_batch_id"), table_name="street")
    op.drop_index("ix_street_geom", table_name="street", postgresql_using="gist")
    op.drop_index(op.f("ix_street_county_id"), table_name="street")
    op.drop_index(op.f("ix_street_admin_area_id"), table_name="street")
    op.drop_table("street")
    op.drop_index(op.f("ix_shift_team_id"), table_name="shift")
    op.drop_index(op.f("ix_shift_starts_at"), table_name="shift")
    op.drop_index(op.f("ix_shift_police_area_id"), table_name="shift")
    op.drop_index(op.f("ix_shift_county_id"), table_name="shift")
    op.drop_index(op.f("ix_shift_admin_area_id"), table_name="shift")
    op.drop_table("shift")
    op.drop_index(op.f("ix_quarantine_row_police_area_id"), table_name="quarantine_row")
    op.drop_index(op.f("ix_quarantine_row_import_batch_id"), table_name="quarantine_row")
    op.drop_index(op.f("ix_quarantine_row_county_id"), table_name="quarantine_row")
    op.drop_index(op.f("ix_quarantine_row_admin_area_id"), table_name="quarantine_row")
    op.drop_table("quarantine_row")
    op.drop_index(op.f("ix_post_team_id"), table_name="post")
    op.drop_index(op.f("ix_post_police_area_id"), table_name="post")
    op.drop_index(op.f("ix_post_import_batch_id"), table_name="post")
    op.drop_index("ix_post_geom", table_name="post", postgresql_using="gist")
    op.drop_index(op.f("ix_post_county_id"), table_name="post")
    op.drop_index(op.f("ix_post_admin_area_id"), table_name="post")
    op.drop_table("post")
    op.drop_index(op.f("ix_place_police_area_id"), table_name="place")
    op.drop_index(op.f("ix_place_import_batch_id"), table_name="place")
    op.drop_index("ix_place_geom", table_name="place", postgresql_using="gist")
    op.drop_index(op.f("ix_place_county_id"), table_name="place")
    op.drop_index(op.f("ix_place_admin_area_id"), table_name="place")
    op.drop_table("place")
    op.drop_index(op.f("ix_patrol_route_team_id"), table_name="patrol_route")
    op.drop_index(op.f("ix_patrol_route_stable_id"), table_name="patrol_route")
    op.drop_index(op.f("ix_patrol_route_police_area_id"), table_name="patrol_route")
    op.drop_index(op.f("ix_patrol_route_import_batch_id"), table_name="patrol_route")
    op.drop_index("ix_patrol_route_geom", table_name="patrol_route", postgresql_using="gist")
    op.drop_index(op.f("ix_patrol_route_county_id"), table_name="patrol_route")
    op.drop_index(op.f("ix_patrol_route_admin_area_id"), table_name="patrol_route")
    op.drop_table("patrol_route")
    op.drop_index("uq_incident_source_key", table_name="incident")
    op.drop_index(op.f("ix_incident_police_area_id"), table_name="incident")
    op.drop_index(op.f("ix_incident_import_batch_id"), table_name="incident")
    op.drop_index(op.f("ix_incident_grid_stable_id"), table_name="incident")
    op.drop_index("ix_incident_geom", table_name="incident", postgresql_using="gist")
    op.drop_index("ix_incident_county_time", table_name="incident")
    op.drop_index(op.f("ix_incident_county_id"), table_name="incident")
    op.drop_index(op.f("ix_incident_admin_area_id"), table_name="incident")
    op.drop_table("incident")
    op.drop_index(op.f("ix_grid_stable_id"), table_name="grid")
    op.drop_index(op.f("ix_grid_police_area_id"), table_name="grid")
    op.drop_index(op.f("ix_grid_import_batch_id"), table_name="grid")
    op.drop_index("ix_grid_geom", table_name="grid", postgresql_using="gist")
    op.drop_index(op.f("ix_grid_county_id"), table_name="grid")
    op.drop_index(op.f("ix_grid_change_id"), table_name="grid")
    op.drop_index(op.f("ix_grid_admin_area_id"), table_name="grid")
    op.drop_table("grid")
    op.drop_index("uq_device_code", table_name="device")
    op.drop_index(op.f("ix_device_team_id"), table_name="device")
    op.drop_index(op.f("ix_device_police_area_id"), table_name="device")
    op.drop_index(op.f("ix_device_county_id"), table_name="device")
    op.drop_index(op.f("ix_device_admin_area_id"), table_name="device")
    op.drop_table("device")
    op.drop_index(op.f("ix_camera_police_area_id"), table_name="camera")
    op.drop_index(op.f("ix_camera_import_batch_id"), table_name="camera")
    op.drop_index("ix_camera_geom", table_name="camera", postgresql_using="gist")
    op.drop_index(op.f("ix_camera_county_id"), table_name="camera")
    op.drop_index("ix_camera_code", table_name="camera")
    op.drop_index(op.f("ix_camera_admin_area_id"), table_name="camera")
    op.drop_table("camera")
    op.drop_table("user_scope")
    op.drop_index("uq_team_name", table_name="team")
    op.drop_index(op.f("ix_team_police_area_id"), table_name="team")
    op.drop_index(op.f("ix_team_county_id"), table_name="team")
    op.drop_index(op.f("ix_team_admin_area_id"), table_name="team")
    op.drop_table("team")
    op.drop_index(op.f("ix_job_user_id"), table_name="job")
    op.drop_index(op.f("ix_job_police_area_id"), table_name="job")
    op.drop_index(op.f("ix_job_county_id"), table_name="job")
    op.drop_index(op.f("ix_job_admin_area_id"), table_name="job")
    op.drop_table("job")
    op.drop_index(op.f("ix_import_batch_police_area_id"), table_name="import_batch")
    op.drop_index(op.f("ix_import_batch_county_id"), table_name="import_batch")
    op.drop_index(op.f("ix_import_batch_admin_area_id"), table_name="import_batch")
    op.drop_table("import_batch")
    op.drop_index(op.f("ix_grid_worker_police_area_id"), table_name="grid_worker")
    op.drop_index(op.f("ix_grid_worker_grid_stable_id"), table_name="grid_worker")
    op.drop_index(op.f("ix_grid_worker_county_id"), table_name="grid_worker")
    op.drop_index(op.f("ix_grid_worker_admin_area_id"), table_name="grid_worker")
    op.drop_table("grid_worker")
    op.drop_index(op.f("ix_grid_change_police_area_id"), table_name="grid_change")
    op.drop_index(op.f("ix_grid_change_county_id"), table_name="grid_change")
    op.drop_index(op.f("ix_grid_change_admin_area_id"), table_name="grid_change")
    op.drop_table("grid_change")
    op.drop_index(op.f("ix_user_session_user_id"), table_name="user_session")
    op.drop_index(op.f("ix_user_session_expires_at"), table_name="user_session")
    op.drop_table("user_session")
    op.drop_table("user_role")
    op.drop_table("incident_category")
    op.drop_table("data_version")
    op.drop_index("uq_area_root", table_name="area", postgresql_where="parent_id IS NULL")
    op.drop_index(op.f("ix_area_parent_id"), table_name="area")
    op.drop_index("ix_area_geom", table_name="area", postgresql_using="gist")
    op.drop_index(op.f("ix_area_county_id"), table_name="area")
    op.drop_table("area")
    op.drop_index("ix_sign_in_failure_login", table_name="sign_in_failure")
    op.drop_index("ix_sign_in_failure_address", table_name="sign_in_failure")
    op.drop_table("sign_in_failure")
    op.drop_table("county")
    op.drop_index(op.f("ix_audit_entry_user_id"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_county_id"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_at"), table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_index("uq_app_user_login", table_name="app_user")
    op.drop_table("app_user")
