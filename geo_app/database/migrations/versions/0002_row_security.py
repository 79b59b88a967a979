"""Row security, grants, version counters, and the functions that they need."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Rows of a place: seen when one of their two areas is in the transaction's scope.
SCOPED = (
    "camera", "device", "fix", "grid", "grid_change", "grid_lineage", "grid_worker", "import_batch", "incident",
    "incident_caller", "job", "passage", "patrol_route", "place", "post", "quarantine_row", "shift", "shift_route",
    "street", "street_lineage", "street_piece", "team", "team_member",
)  # fmt: skip
# Rows of a county as a whole: seen by whoever sees the county.
OF_COUNTY = ("data_version", "incident_category")
# Accounts belong to no place; the application's role reaches them, its users only through permissions.
ACCOUNTS = ("app_user", "user_role", "user_scope", "user_session", "sign_in_failure")
# Kinds whose changes caches have to notice.
COUNTED = {
    "area": "areas", "grid": "grids", "incident": "incidents", "street": "streets", "street_piece": "streets",
    "place": "places", "post": "posts", "camera": "cameras", "patrol_route": "routes", "team": "teams",
    "shift": "shifts", "passage": "passages",
}  # fmt: skip

FUNCTIONS = """
CREATE FUNCTION geo_scope() RETURNS bigint[] LANGUAGE sql STABLE AS
-- Unset is NULL in a new connection and empty in one that had a scope before: both see nothing.
-- What is no array of numbers raises, so that a mistake never opens everything.
$$ SELECT NULLIF(current_setting('geo.scope', true), '')::bigint[] $$;

CREATE FUNCTION geo_subtree(roots bigint[]) RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS
-- Answers with ids alone: who asks for a scope has none yet, and so cannot read the tree.
$$
  WITH RECURSIVE below(id) AS (
    SELECT unnest(roots)
    UNION SELECT area.id FROM area JOIN below ON area.parent_id = below.id
  ) SELECT coalesce(array_agg(id), '{}') FROM below
$$;

CREATE FUNCTION geo_make_fix_partition(day date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS
$$
BEGIN
  EXECUTE format(
    'CREATE TABLE IF NOT EXISTS public.%I PARTITION OF public.fix FOR VALUES FROM (%L) TO (%L)',
    'fix_' || to_char(day, 'YYYYMMDD'),
    day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
END
$$;

CREATE FUNCTION geo_raise_data_version() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS
-- In the order of counties, so that two writers of the same two never wait for each other.
$$
BEGIN
  INSERT INTO data_version (county_id, kind, version)
  SELECT DISTINCT county_id, TG_ARGV[0], 1 FROM changed ORDER BY county_id
  ON CONFLICT (county_id, kind)
  DO UPDATE SET version = data_version.version + 1, raised_at = now();
  RETURN NULL;
END
$$;
"""


def upgrade() -> None:
    op.execute(FUNCTIONS)
    in_scope = (
        "admin_area_id = ANY ((SELECT geo_scope())::bigint[]) OR police_area_id = ANY ((SELECT geo_scope())::bigint[])"
    )
    for table in SCOPED:
        _secure(table, in_scope)
    _secure("area", "id = ANY ((SELECT geo_scope())::bigint[])", new="parent_id = ANY ((SELECT geo_scope())::bigint[])")
    # A county is seen by whoever sees an area of it; the inner table is filtered by its own policy.
    _secure("county", "EXISTS (SELECT FROM area WHERE area.county_id = county.id)")
    for table in OF_COUNTY:
        _secure(table, f"EXISTS (SELECT FROM county WHERE county.id = {table}.county_id)")
    for table in (*ACCOUNTS, *SCOPED, "area", *OF_COUNTY):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO geo_application")
    op.execute("GRANT SELECT, UPDATE (name, network_version, settings) ON county TO geo_application")
    op.execute("GRANT SELECT, INSERT ON audit_entry TO geo_application")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO geo_application")
    op.execute("REVOKE ALL ON FUNCTION geo_make_fix_partition(date), geo_raise_data_version() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION geo_make_fix_partition(date) TO geo_application")
    for table, kind in COUNTED.items():
        # A trigger that sees the changed rows takes one event only.
        for event, rows in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")):
            op.execute(
                f"CREATE TRIGGER data_version_{event} AFTER {event.upper()} ON {table}"
                f" REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT"
                f" EXECUTE FUNCTION geo_raise_data_version('{kind}')"
            )


def _secure(table: str, seen: str, new: str | None = None) -> None:
    """Row security that holds for the owner too, who gets a policy of its own: migrations see every row."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY owner_all ON {table} TO geo_owner USING (true) WITH CHECK (true)")
    if new is None:
        op.execute(f"CREATE POLICY in_scope ON {table} TO geo_application USING ({seen}) WITH CHECK ({seen})")
        return
    for command, clause in (
        ("SELECT", f"USING ({seen} OR {new})"),
        ("UPDATE", f"USING ({seen}) WITH CHECK ({seen})"),
        ("DELETE", f"USING ({seen})"),
        ("INSERT", f"WITH CHECK ({new})"),
    ):
        op.execute(f"CREATE POLICY in_scope_{command.lower()} ON {table} FOR {command} TO geo_application {clause}")


def downgrade() -> None:
    for table in COUNTED:
        for event in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER data_version_{event} ON {table}")
    for table in (*SCOPED, *OF_COUNTY, "county"):
        op.execute(f"DROP POLICY in_scope ON {table}")
    for command in ("select", "insert", "update", "delete"):
        op.execute(f"DROP POLICY in_scope_{command} ON area")
    for table in (*SCOPED, *OF_COUNTY, "county", "area"):
        op.execute(f"DROP POLICY owner_all ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    op.execute("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM geo_application")
    op.execute("REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM geo_application")
    for function in (
        "geo_raise_data_version()",
        "geo_make_fix_partition(date)",
        "geo_subtree(bigint[])",
        "geo_scope()",
    ):
        op.execute(f"DROP FUNCTION {function}")
