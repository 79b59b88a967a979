"""The tables of procrastinate, in a schema of their own."""

from __future__ import annotations

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA procrastinate")
    op.execute("SET LOCAL search_path = procrastinate, public")
    # Through the driver itself: the script is full of colons and per cent signs that mean nothing to SQLAlchemy.
    op.get_bind().connection.cursor().execute(SchemaManager.get_schema())
    op.execute("SET LOCAL search_path = public")
    op.execute("GRANT USAGE ON SCHEMA procrastinate TO geo_application")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA procrastinate TO geo_application")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA procrastinate TO geo_application")


def downgrade() -> None:
    op.execute("DROP SCHEMA procrastinate CASCADE")
