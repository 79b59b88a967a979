"""How many calls of an import were placed by their address; aliases have a data version of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("import_batch", sa.Column("placed", JSONB(), server_default="{}", nullable=False))
    _count_aliases("aliases")


def downgrade() -> None:
    _count_aliases("addresses")
    op.drop_column("import_batch", "placed")


def _count_aliases(kind: str) -> None:
    """Aliases come one by one, as people choose places; a gazetteer of addresses must not be made anew for each."""
    for event, rows in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")):
        op.execute(f"DROP TRIGGER data_version_{event} ON address_alias")
        op.execute(
            f"CREATE TRIGGER data_version_{event} AFTER {event.upper()} ON address_alias"
            f" REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION geo_raise_data_version('{kind}')"
        )
