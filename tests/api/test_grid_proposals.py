"""Balanced grids proposed for a part of a draft: along rivers, as one step, and why there can be none."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import shapely
from sqlalchemy import text

from geo_app.queries.terms import today
from grid_boundaries.coverage import check
from tests.drafting import Drafting
from tests.made_grids import COMMUNITIES, COUNTY, Governed, code_of, vertex


@pytest.fixture
def now(governed: Governed) -> date:
    return today(governed.county(), datetime.now(UTC))


def test_proposed_grids_follow_a_river_and_so_do_those_of_who_sees_a_part_of_the_county(
    governed: Governed, now: date
) -> None:
    """Four grids with people everywhere in the place of which two are wanted; the river is stamped in another community."""
    part = [code_of(column, row) for column in (0, 1) for row in (0, 1)]
    west, east = vertex(0, 0), vertex(2, 2)
    river = shapely.LineString([(west[0] - 0.001, west[1] + 0.003), (east[0] + 0.001, east[1] - 0.003)])
    with governed.database.owner_session() as owner:
        owner.execute(
            text(
                "INSERT INTO population (county_id, admin_area_id, police_area_id, households, people, source, source_key, geom)"
                " SELECT g.county_id, g.admin_area_id, g.police_area_id, 2, 5, 'made', g.code || '-' || n,"
                " ST_Translate(ST_Centroid(g.geom), 0.0005 * (n % 8) - 0.00175, 0.0005 * (n / 8) - 0.00175)"
                " FROM grid g, generate_series(0, 63) n WHERE g.code = ANY (:codes)"
            ),
            {"codes": part},
        )
        owner.execute(
            text(
                "INSERT INTO water (county_id, admin_area_id, police_area_id, name, kind, geom) SELECT county_id, id,"
                " (SELECT id FROM area WHERE tree = 'police' AND parent_id IS NULL), '演示河', 'river',"
                " ST_GeomFromText(:river, 4326) FROM area WHERE code = :other"
            ),
            {"river": river.wkt, "other": COMMUNITIES[1]},
        )
    draft = Drafting.begun(governed, "of_community")
    drawn = draft.hand.get("/api/layers/waters", county=COUNTY).get_json()
    assert [one["properties"]["name"] for one in drawn["features"]["features"]] == ["演示河"]
    job = draft.send("proposals", {"codes": part, "count": 2})
    assert job.status_code == 202, job.get_data(as_text=True)
    done = draft.hand.done(job.get_json()["id"])
    assert done["status"] == "done", done
    draft.again().submitted(now).approved(governed)
    after = governed.grids_on(now)
    inside = shapely.box(*west, *east).buffer(-1e-3)
    one, other = [shape for shape in after.geometry if shape.intersects(inside)]
    between = shapely.intersection(one.boundary, other.boundary)
    along = shapely.intersection(between, river.buffer(1e-5))
    assert along.length > 0.3 * between.length  # without the river 0.01, along the line of today


def test_balanced_grids_are_proposed_for_a_part_of_a_draft_as_one_step_that_can_be_undone(
    governed: Governed, now: date
) -> None:
    """Four grids, all of their people in two of them."""
    part = [code_of(column, row) for column in (0, 1) for row in (0, 1)]
    with governed.database.owner_session() as owner:
        owner.execute(
            text(
                "INSERT INTO population (county_id, admin_area_id, police_area_id, households, people, source, source_key, geom)"
                " SELECT g.county_id, g.admin_area_id, g.police_area_id, 2, 5, 'made', g.code || '-' || n,"
                " ST_Translate(ST_Centroid(g.geom), 0.0004 * (n % 8) - 0.0014, 0.0004 * (n / 8) - 0.0014)"
                " FROM grid g, generate_series(0, 63) n WHERE g.code = ANY (:codes)"
            ),
            {"codes": part[:2]},
        )
    draft = Drafting.begun(governed)
    job = draft.send("proposals", {"codes": part})
    assert job.status_code == 202, job.get_data(as_text=True)
    done = draft.hand.done(job.get_json()["id"])
    assert done["status"] == "done", done
    said = done["proposed"]
    assert said["load"] == "households" and said["within"] and said["worst"] <= 0.05
    draft.again()
    assert draft.state["position"] == 1 and [one for one in draft.state["faults"] if one["blocks"]] == []
    draft.submitted(now).approved(governed)
    after = governed.grids_on(now)
    assert check(after) == [] and len(after) == 32
    stale = Drafting.begun(governed)
    job = stale.send("proposals", {"codes": part[:2]})
    stale.drawn(op="merge", codes=[code_of(6, 0), code_of(7, 0)])
    failed = stale.hand.done(job.get_json()["id"])
    assert failed["status"] == "failed" and stale.again().state["position"] == 1


def test_what_cannot_be_proposed_is_said_with_how_many_grids_can_be(governed: Governed) -> None:
    near, far = [code_of(0, 0), code_of(1, 0)], code_of(7, 0)  # of two communities
    with governed.database.owner_session() as owner:
        owner.execute(
            text(
                "INSERT INTO population (county_id, admin_area_id, police_area_id, households, source, source_key, geom)"
                " SELECT county_id, admin_area_id, police_area_id, 2, 'made', code, ST_PointOnSurface(geom) FROM grid"
                " WHERE code = ANY (:codes)"
            ),
            {"codes": [*near, far]},
        )
    draft = Drafting.begun(governed)
    for chosen, count, said in (
        (near, 3, "最多只能分成 2 个网格"),
        ([near[0], far], 1, "至少要分成 2 个网格"),
        ([code_of(3, 2), code_of(3, 3)], 2, "所选网格里没有住户"),
    ):
        job = draft.send("proposals", {"codes": chosen, "count": count})
        done = draft.hand.done(job.get_json()["id"])
        assert done["status"] == "failed" and said in done["message"] and done["remedy"].startswith("请"), done
