"""A change of grids says which codes it touches beside what was drawn, so that a list of changes reads no shape, and others
are told what is under way on the same grids; and which steps could not be drawn again when it was brought up to date."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# What was undone does not hold.
TOUCHED = """
UPDATE grid_change c SET touched = ARRAY(
  SELECT DISTINCT code FROM jsonb_array_elements(c.operations) WITH ORDINALITY s(step, nth),
   jsonb_array_elements_text((step -> 'retired') || (step -> 'created') || (step -> 'changed')) code
  WHERE nth <= c.position ORDER BY code)
WHERE c.position > 0
"""
# An area of the county is enough to be told, as it is for drawing (geo_grid_heads): nothing of what was drawn or said.
BESIDE = """
CREATE FUNCTION geo_grid_changes_beside(of_county bigint)
RETURNS TABLE (id bigint, title text, author text, touched text[], in_review boolean,
               holder_id bigint, holder text, until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
-- Changes of grids that wait for a decision, and drafts that somebody has open now: a row for each who has.
$$
  SELECT c.id, c.title, coalesce(a.name, ''), c.touched, c.status = 'review', l.user_id, u.name, l.until
  FROM grid_change c LEFT JOIN app_user a ON a.id = c.author_id
  LEFT JOIN (grid_lease l JOIN app_user u ON u.id = l.user_id) ON l.change_id = c.id AND l.until >= now()
  WHERE geo_sees_county(of_county) AND c.county_id = of_county
  AND (c.status = 'review' OR c.status IN ('draft', 'sent_back') AND l.until IS NOT NULL)
  ORDER BY c.status = 'review' DESC, c.submitted_at, c.id, l.until DESC
$$;
REVOKE ALL ON FUNCTION geo_grid_changes_beside(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION geo_grid_changes_beside(bigint) TO geo_application;
"""


def upgrade() -> None:
    op.add_column("grid_change", sa.Column("touched", ARRAY(sa.String()), server_default="{}", nullable=False))
    op.add_column("grid_change", sa.Column("left_out", JSONB(), server_default="[]", nullable=False))
    op.execute(TOUCHED)
    op.execute(BESIDE)


def downgrade() -> None:
    op.execute("DROP FUNCTION geo_grid_changes_beside(bigint)")
    op.drop_column("grid_change", "left_out")
    op.drop_column("grid_change", "touched")
