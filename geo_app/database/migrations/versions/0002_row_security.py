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

CREATE FUNCTION geo_sees_county(of_county bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS
$$ SELECT EXISTS (SELECT FROM area WHERE county_id = of_county AND id = ANY (geo_scope())) $$;

-- Four functions that give shapes alone, of a whole county to whoever sees an area of it: a patrol through two
-- towns is stamped in one, and what is seen of a street does not depend on who asks.
CREATE FUNCTION geo_patrol_paths(of_county bigint, day date)
RETURNS TABLE (mode text, departures time[], simulated boolean, geom geometry) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS
$$
  SELECT mode, departures, simulated, geom FROM patrol_route
  WHERE geo_sees_county(of_county) AND county_id = of_county AND valid @> day AND upper_inf(recorded) ORDER BY id
$$;

CREATE FUNCTION geo_street_lines(of_county bigint, day date)
RETURNS TABLE (id bigint, geom geometry) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS
$$
  SELECT id, geom FROM street_piece
  WHERE geo_sees_county(of_county) AND county_id = of_county AND valid @> day AND upper_inf(recorded)
  ORDER BY street_id, ordinal
$$;

CREATE FUNCTION geo_incident_points(of_county bigint)
RETURNS TABLE (geom geometry) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS
$$
  SELECT geom FROM incident
  WHERE geo_sees_county(of_county) AND county_id = of_county AND case_kind = 'incident' AND geom IS NOT NULL
$$;

CREATE FUNCTION geo_key_place_points(of_county bigint, day date)
RETURNS TABLE (geom geometry) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS
$$
  SELECT geom FROM place
  WHERE geo_sees_county(of_county) AND county_id = of_county AND is_key AND valid @> day AND upper_inf(recorded)
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

# What a piece of street is judged by, of its whole county.
WHOLE_COUNTY = (
    "geo_patrol_paths(bigint, date)", "geo_street_lines(bigint, date)", "geo_incident_points(bigint)",
    "geo_key_place_points(bigint, date)", "geo_sees_county(bigint)",
)  # fmt: skip


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
    for function in WHOLE_COUNTY:
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO geo_application")
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
        *WHOLE_COUNTY,
        "geo_raise_data_version()",
        "geo_make_fix_partition(date)",
        "geo_subtree(bigint[])",
        "geo_scope()",
    ):
        op.execute(f"DROP FUNCTION {function}")
