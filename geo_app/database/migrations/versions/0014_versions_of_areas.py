"""Areas as versions: what a community, town or police area was called, where it lay and under what, on any day.

A row of ``area`` keeps its id for ever, since scopes and stamps hang on it, and says what was decided last; every write
of it leaves what it said before in ``area_version``.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import DATERANGE, TSTZRANGE

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SAID = ("parent_id", "name", "statistical_code", "police_code", "simulated", "retired", "change_id", "geom")
OLD, NEW = (", ".join(f"{row}.{name}" for name in SAID) for row in ("OLD", "NEW"))
COLUMNS = ", ".join(SAID)
# What holds on a day, for whoever sees the area; as known at an instant, now if none is given. No definer: it shall be
# planned together with what is asked of it, under the row security of who asks.
FUNCTIONS = f"""
CREATE FUNCTION geo_areas_on(of_county bigint, day date, known_at timestamptz DEFAULT NULL)
RETURNS TABLE (id bigint, county_id bigint, tree text, level text, code text, parent_id bigint, name text,
               statistical_code text, police_code text, simulated boolean, retired boolean, geom geometry)
LANGUAGE sql STABLE AS
$$
  SELECT a.id, a.county_id, a.tree, a.level, a.code, v.parent_id, v.name, v.statistical_code, v.police_code, v.simulated,
         v.retired, v.geom
  FROM area_version v JOIN area a ON a.id = v.area_id
  WHERE v.county_id = of_county AND v.valid @> day
    AND CASE WHEN known_at IS NULL THEN upper_inf(v.recorded) ELSE v.recorded @> known_at END
$$;

CREATE FUNCTION geo_keep_area_version() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS
-- What is written holds for the days of the row; for the days before them stays what was said before, and what was known
-- stays known for the time until now. A row without days (an area whose change was withdrawn) leaves no version in force.
$$
DECLARE
  moment timestamptz := now();
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF ({NEW}, NEW.valid) IS NOT DISTINCT FROM ({OLD}, OLD.valid) THEN
      RETURN NULL;
    END IF;
    -- now() is when a transaction began, which may be before what it waited for was written.
    moment := greatest(moment, (
      SELECT max(CASE WHEN upper_inf(recorded) THEN lower(recorded) + interval '1 microsecond' ELSE upper(recorded) END)
      FROM area_version WHERE area_id = NEW.id));
    WITH former AS (
      UPDATE area_version SET recorded = tstzrange(lower(recorded), moment)
      WHERE area_id = NEW.id AND upper_inf(recorded) AND (valid && NEW.valid OR isempty(NEW.valid))
      RETURNING *
    )
    INSERT INTO area_version (area_id, county_id, {COLUMNS}, valid, recorded)
    SELECT f.area_id, f.county_id, {", ".join("f." + name for name in SAID)}, days, tstzrange(moment, NULL)
    FROM former f, LATERAL (SELECT f.valid * daterange(NULL, lower(NEW.valid)) AS days) d
    WHERE NOT isempty(NEW.valid) AND NOT lower_inf(NEW.valid) AND NOT isempty(days);
  END IF;
  IF NOT isempty(NEW.valid) THEN
    INSERT INTO area_version (area_id, county_id, {COLUMNS}, valid, recorded)
    VALUES (NEW.id, NEW.county_id, {NEW}, NEW.valid, tstzrange(moment, NULL));
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER keep_version AFTER INSERT OR UPDATE ON area FOR EACH ROW EXECUTE FUNCTION geo_keep_area_version();
"""
READ_WHOLE = {
    "geo_areas_of(text)": """
CREATE FUNCTION geo_areas_of(county_code text) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
-- All areas of a county, for tasks of the server that belong to nobody and so have no scope. Ids alone.
$$ SELECT array_agg(a.id) FROM area a JOIN county c ON c.id = a.county_id WHERE c.code = county_code $$;
""",
    "geo_changes_to_stamp()": """
CREATE FUNCTION geo_changes_to_stamp() RETURNS TABLE (id bigint, areas bigint[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
-- Changes of areas whose day has come and of which what lies in these areas has not been told yet, with all areas of
-- their county: for the task that tells it, which belongs to nobody and so has no scope. Ids alone.
$$
  SELECT c.id, (SELECT array_agg(a.id) FROM area a WHERE a.county_id = c.county_id)
  FROM grid_change c JOIN county y ON y.id = c.county_id
  WHERE c.status IN ('approved', 'filed') AND c.stamped_at IS NULL
    AND c.effective_on <= (now() AT TIME ZONE y.time_zone)::date
    AND EXISTS (SELECT FROM area_version v WHERE v.change_id = c.id)
  ORDER BY c.effective_on, c.id
$$;
""",
    "geo_grid_change_kinds(bigint)": """
CREATE FUNCTION geo_grid_change_kinds(of_county bigint)
RETURNS TABLE (id bigint, kind text, reason_code text, status text, effective_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
-- Why versions that somebody sees are as they are, also where their change belongs to more than he sees: of what kind it
-- was, not what was said of it. Lines that were drawn better are no change for him either.
$$
  SELECT c.id, c.kind, c.reason_code, c.status, c.effective_on FROM grid_change c
  WHERE geo_sees_county(of_county) AND c.county_id = of_county
$$;
""",
    "geo_area_codes(bigint, text)": """
CREATE FUNCTION geo_area_codes(of_county bigint, of_tree text) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
-- Every code that an area of a tree of the county ever had: none is given out twice.
$$
  SELECT code FROM area
  WHERE geo_sees_county(of_county) AND county_id = of_county AND tree = of_tree AND NOT isempty(valid)
$$;
""",
    "geo_police_heads(bigint)": """
CREATE FUNCTION geo_police_heads(of_county bigint)
RETURNS TABLE (id bigint, stable_id bigint, code text, name text, kind text, area_id bigint, community text, level text,
               began date, geom geometry)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
-- What was decided last of the areas of the police with outlines, of the deepest level that has any, also for who sees a
-- part of the county: a vertex that enters a shared line enters the area on its other side too. ``community`` is what
-- they lie in; ``id`` that of the version.
$$
  WITH drawn AS (
    SELECT a.*, (SELECT v.id FROM area_version v WHERE v.area_id = a.id AND upper_inf(v.recorded) ORDER BY v.id DESC LIMIT 1)
      AS version
    FROM area a WHERE geo_sees_county(of_county) AND county_id = of_county AND tree = 'police' AND NOT retired
      AND NOT isempty(valid) AND geom IS NOT NULL AND parent_id IS NOT NULL
  )
  SELECT d.version, d.id, d.code, d.name, 'basic', d.id, up.code, d.level, lower(d.valid), d.geom
  FROM drawn d JOIN area up ON up.id = d.parent_id
  WHERE d.level = CASE WHEN EXISTS (SELECT FROM drawn WHERE level = 'zone') THEN 'zone' ELSE 'station' END ORDER BY d.code
$$;
""",
}
# In which areas a place lies, by the outlines of a day.
AREAS_AT = """
CREATE OR REPLACE FUNCTION geo_areas_at(of_county bigint, day date, place geometry)
RETURNS TABLE (tree text, id bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$
  WITH RECURSIVE below(id, tree, depth) AS (
    SELECT area.id, area.tree, 0 FROM area WHERE county_id = of_county AND parent_id IS NULL
    UNION ALL SELECT area.id, area.tree, depth + 1 FROM area JOIN below ON area.parent_id = below.id
  )
  SELECT DISTINCT ON (b.tree) b.tree, b.id FROM below b LEFT JOIN {outlines} a ON a.id = b.id
  WHERE geo_sees_county(of_county) AND (b.depth = 0 OR {holds} AND a.geom && place AND ST_Covers(a.geom, place))
  ORDER BY b.tree, b.depth DESC, b.id
$$;
"""
# Whoever is responsible for an area sees what lies in it today and what will lie in it: nobody loses a community before
# the day on which it goes to another town. Answers with ids alone: who asks for a scope has none yet.
SUBTREE = """
CREATE OR REPLACE FUNCTION geo_subtree(roots bigint[]) RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS
$$
  WITH RECURSIVE hangs(id, parent_id) AS ({hangs}),
  below(id) AS (
    SELECT unnest(roots)
    UNION SELECT hangs.id FROM hangs JOIN below ON hangs.parent_id = below.id
  ) SELECT coalesce(array_agg(id), '{{}}') FROM below
$$;
"""
LAST = "SELECT id, parent_id FROM area"
TODAY = """
SELECT v.area_id, v.parent_id FROM area_version v JOIN county c ON c.id = v.county_id
WHERE upper_inf(v.recorded) AND v.valid @> (now() AT TIME ZONE c.time_zone)::date
"""
SEEN = "area_id = ANY ((SELECT geo_scope())::bigint[])"


def upgrade() -> None:
    op.add_column("grid_change", sa.Column("subject", sa.String(), server_default="grids", nullable=False))
    op.create_check_constraint("subject", "grid_change", "subject IN ('grids', 'police')")
    op.add_column("grid_change", sa.Column("stamped_at", sa.DateTime(timezone=True)))
    op.add_column("area", sa.Column("retired", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("area", sa.Column("change_id", sa.BigInteger()))
    op.create_index("ix_area_change_id", "area", ["change_id"])
    op.create_table(
        "area_version",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("area_id", sa.BigInteger(), sa.ForeignKey("area.id", ondelete="CASCADE"), nullable=False),
        sa.Column("county_id", sa.BigInteger(), sa.ForeignKey("county.id"), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), sa.ForeignKey("area.id")),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("statistical_code", sa.String()),
        sa.Column("police_code", sa.String()),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("change_id", sa.BigInteger(), sa.ForeignKey("grid_change.id")),
        sa.Column("geom", Geometry("MULTIPOLYGON", srid=4326, spatial_index=False)),
        sa.Column("valid", DATERANGE(), nullable=False),
        sa.Column("recorded", TSTZRANGE(), server_default=sa.text("tstzrange(now(), NULL)"), nullable=False),
    )
    for name in ("area_id", "county_id", "parent_id", "change_id"):
        op.create_index(f"ix_area_version_{name}", "area_version", [name])
    op.create_index("ix_area_version_geom", "area_version", ["geom"], postgresql_using="gist")
    op.execute(
        # One state of an area on any day, as known at any instant.
        "ALTER TABLE area_version ADD CONSTRAINT ex_area_version EXCLUDE USING gist"
        " (area_id WITH =, valid WITH &&, recorded WITH &&)"
    )
    op.execute(
        f"INSERT INTO area_version (area_id, county_id, {COLUMNS}, valid, recorded)"
        f" SELECT id, county_id, {COLUMNS}, valid, recorded FROM area WHERE NOT isempty(valid)"
    )
    op.execute("ALTER TABLE area_version ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE area_version FORCE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY owner_all ON area_version TO geo_owner USING (true) WITH CHECK (true)")
    # Written by the trigger alone.
    op.execute(f"CREATE POLICY in_scope ON area_version FOR SELECT TO geo_application USING ({SEEN})")
    op.execute("GRANT SELECT ON area_version TO geo_application")
    op.execute(FUNCTIONS)
    op.execute("REVOKE ALL ON FUNCTION geo_areas_on(bigint, date, timestamptz), geo_keep_area_version() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION geo_areas_on(bigint, date, timestamptz) TO geo_application")
    for signature, function in READ_WHOLE.items():
        op.execute(function)
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO geo_application")
    op.execute(AREAS_AT.format(outlines="geo_areas_on(of_county, day)", holds="NOT a.retired"))
    op.execute(SUBTREE.format(hangs=f"{LAST} UNION ALL {TODAY}"))


def downgrade() -> None:
    op.drop_column("grid_change", "stamped_at")
    op.drop_constraint("subject", "grid_change", type_="check")
    op.drop_column("grid_change", "subject")
    op.execute(SUBTREE.format(hangs=LAST))
    op.execute(AREAS_AT.format(outlines="area", holds="a.valid @> day"))
    for signature in READ_WHOLE:
        op.execute(f"DROP FUNCTION {signature}")
    op.execute("DROP TRIGGER keep_version ON area")
    op.execute("DROP FUNCTION geo_keep_area_version()")
    op.execute("DROP FUNCTION geo_areas_on(bigint, date, timestamptz)")
    op.drop_table("area_version")
    op.drop_column("area", "change_id")
    op.drop_column("area", "retired")
