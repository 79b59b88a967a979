"""Leaders of grids are dated appointments beside the other workers: people and lines change apart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# A version of a grid said who led it while it held: each becomes an appointment of the same days, known as long.
LEADERS = """
INSERT INTO grid_worker (county_id, admin_area_id, police_area_id, simulated, grid_stable_id, role, name, telephone,
 valid, recorded)
SELECT county_id, admin_area_id, police_area_id, simulated, stable_id, 'grid_leader', coalesce(leader_name, ''),
 leader_telephone, valid, recorded FROM grid
WHERE (leader_name IS NOT NULL OR leader_telephone IS NOT NULL) AND NOT isempty(valid) ORDER BY id
"""
# Of several who led a grid while one version held, the version says the last: it has room for one.
BACK = """
UPDATE grid SET leader_name = nullif(w.name, ''), leader_telephone = w.telephone
FROM (SELECT DISTINCT ON (g.id) g.id, w.name, w.telephone FROM grid g JOIN grid_worker w
 ON w.county_id = g.county_id AND w.grid_stable_id = g.stable_id AND w.role = 'grid_leader'
 AND w.valid && g.valid AND w.recorded && g.recorded
 ORDER BY g.id, upper(w.recorded) DESC NULLS FIRST, upper(w.valid) DESC NULLS FIRST, w.id DESC) w
WHERE w.id = grid.id
"""


def upgrade() -> None:
    op.execute(LEADERS)
    op.drop_column("grid", "leader_telephone")
    op.drop_column("grid", "leader_name")
    op.execute(
        "ALTER TABLE grid_worker ADD CONSTRAINT ex_grid_leader EXCLUDE USING gist (county_id WITH =,"
        " grid_stable_id WITH =, valid WITH &&, recorded WITH &&) WHERE (role = 'grid_leader') DEFERRABLE"
    )
    # Who answers for a grid is part of what is said of it: what is kept of grids has to be read again.
    for event, rows in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")):
        op.execute(
            f"CREATE TRIGGER data_version_{event} AFTER {event.upper()} ON grid_worker"
            f" REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION geo_raise_data_version('grids')"
        )


def downgrade() -> None:
    for event in ("insert", "update", "delete"):
        op.execute(f"DROP TRIGGER data_version_{event} ON grid_worker")
    op.execute("ALTER TABLE grid_worker DROP CONSTRAINT ex_grid_leader")
    op.add_column("grid", sa.Column("leader_name", sa.String(), nullable=True))
    op.add_column("grid", sa.Column("leader_telephone", sa.String(), nullable=True))
    op.execute(BACK)
    op.execute("DELETE FROM grid_worker WHERE role = 'grid_leader'")
