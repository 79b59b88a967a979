"""Drawn routes as rows: dated versions, stamped with where they lie, written down in the audit; one winner of two."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
import shapely
from sqlalchemy import text

from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from geo_app.errors import NotFound, Stale
from geo_app.models import PatrolRoute
from geo_app.queries import frames, locating, patrol_state, route_rows, visible
from geo_app.queries.terms import Terms, today
from geo_app.security.actor import Actor
from geo_app.services import routes
from geo_app.services.routes import OutOfScope, Wanted

Points = list[tuple[float, float]]


@pytest.fixture
def points(mesa: Database, mesa_scope: Scope) -> Points:
    """The middles of the first three gaps."""
    with mesa.session(mesa_scope, read_only=True) as session:
        county = visible.county(session, "mesa")
        assert county is not None
        frame = patrol_state.patrol_gaps(session, county, Terms(date(2026, 11, 22)))
        first = frame[frame["is_gap"]].sort_values("rank").head(3)
        return [line.interpolate(0.5, normalized=True).coords[0] for line in first.geometry]


def planner(scope: Scope) -> Actor:
    return Actor(user_id=1, login="planner", roles=frozenset({"planner"}), scope=scope)


def wanted(points: Points | None, **more) -> Wanted:
    return Wanted(**{"name": "夜巡", "mode": "foot", "points": points, "departures": (time(8),), **more})


def saved(database: Database, scope: Scope, points: Points, **more) -> PatrolRoute:
    key = more.pop("key", None) or str(uuid4())
    with database.session(scope) as session:
        county = visible.county(session, "mesa")
        assert county is not None
        return routes.save(session, planner(scope), county, wanted(points, **more), key)


def changed(database: Database, scope: Scope, row: PatrolRoute, **more) -> PatrolRoute:
    with database.session(scope) as session:
        return routes.change(
            session, planner(scope), row.stable_id, routes.tag_of(row), wanted(more.pop("points", None), **more)
        )


def held(database: Database, scope: Scope, stable_id: int) -> list[tuple[str, object, object, bool]]:
    """Name, first and last day, and whether it is what is known now, of every row of a route."""
    with database.session(scope, read_only=True) as session:
        found = session.execute(
            text(
                "SELECT name, lower(valid), upper(valid), upper_inf(recorded) FROM patrol_route"
                " WHERE stable_id = :id AND NOT isempty(valid) ORDER BY id"
            ),
            {"id": stable_id},
        )
        return [tuple(row) for row in found]


def mesa_today(database: Database, scope: Scope) -> date:
    with database.session(scope, read_only=True) as session:
        county = visible.county(session, "mesa")
        assert county is not None
        return today(county, datetime.now(UTC))


def begun(database: Database, scope: Scope, stable_id: int, day: date) -> None:
    """Lets a route have begun on an earlier day."""
    with database.session(scope) as session:
        session.execute(
            text(
                "UPDATE patrol_route SET valid = daterange(:day, NULL), recorded = tstzrange(lower(recorded) - interval '1 day', NULL)"
                " WHERE stable_id = :id"
            ),
            {"id": stable_id, "day": day},
        )


def again(database: Database, scope: Scope, stable_id: int) -> PatrolRoute:
    with database.session(scope, read_only=True) as session:
        found = route_rows.current(session, stable_id)
        assert found is not None
        return found[0]


def names_of(database: Database, scope: Scope, day: date) -> list[str]:
    with database.session(scope, read_only=True) as session:
        county = visible.county(session, "mesa")
        assert county is not None
        return frames.patrol_routes(session, county, Terms(day))["name"].tolist()[3:]


def test_G10_a_change_ends_a_version_and_the_past_stays_as_it_was(mesa: Database, mesa_scope: Scope, points) -> None:
    row = saved(mesa, mesa_scope, points)
    now = mesa_today(mesa, mesa_scope)
    assert held(mesa, mesa_scope, row.stable_id) == [("夜巡", now, None, True)]
    begun(mesa, mesa_scope, row.stable_id, now - timedelta(days=5))
    later = changed(mesa, mesa_scope, again(mesa, mesa_scope, row.stable_id), name="改名")
    assert later.stable_id == row.stable_id
    assert held(mesa, mesa_scope, row.stable_id) == [
        ("夜巡", now - timedelta(days=5), now, True),
        ("夜巡", now - timedelta(days=5), None, False),  # as it was known until now
        ("改名", now, None, True),
    ]
    assert names_of(mesa, mesa_scope, now) == ["改名"]
    assert names_of(mesa, mesa_scope, now - timedelta(days=1)) == ["夜巡"]


def test_G10_a_version_of_today_is_closed_as_known_and_leaves_no_day_twice(
    mesa: Database, mesa_scope: Scope, points
) -> None:
    row = saved(mesa, mesa_scope, points)
    now = mesa_today(mesa, mesa_scope)
    for name in ("二", "三"):
        row = changed(mesa, mesa_scope, row, name=name)
    assert held(mesa, mesa_scope, row.stable_id) == [
        ("夜巡", now, None, False),
        ("二", now, None, False),
        ("三", now, None, True),
    ]
    assert names_of(mesa, mesa_scope, now) == ["三"]
    with mesa.session(mesa_scope, read_only=True) as session:
        twice = session.execute(
            text(
                "SELECT count(*) FROM patrol_route a JOIN patrol_route b ON a.stable_id = b.stable_id AND a.id < b.id"
                " AND a.valid && b.valid AND a.recorded && b.recorded"
            )
        ).scalar_one()
    assert twice == 0


def test_a_route_that_ended_is_gone_today_and_can_begin_again(mesa: Database, mesa_scope: Scope, points) -> None:
    row = saved(mesa, mesa_scope, points)
    now = mesa_today(mesa, mesa_scope)
    begun(mesa, mesa_scope, row.stable_id, now - timedelta(days=5))
    row = again(mesa, mesa_scope, row.stable_id)
    with mesa.session(mesa_scope) as session:
        routes.remove(session, planner(mesa_scope), row.stable_id, routes.tag_of(row))
    assert names_of(mesa, mesa_scope, now) == [] and names_of(mesa, mesa_scope, now - timedelta(days=1)) == ["夜巡"]
    with mesa.session(mesa_scope) as session, pytest.raises(NotFound):
        routes.remove(session, planner(mesa_scope), row.stable_id, routes.tag_of(row))
    with mesa.session(mesa_scope) as session:
        back = routes.restore(session, planner(mesa_scope), row.stable_id, row.id, None)
    assert names_of(mesa, mesa_scope, now) == ["夜巡"] and back.departures == [time(8)] and back.points == row.points


def test_a_route_from_a_file_keeps_what_it_came_from_when_it_is_changed(
    mesa: Database, mesa_scope: Scope, points
) -> None:
    with mesa.session(mesa_scope, read_only=True) as session:
        first = session.execute(text("SELECT min(stable_id) FROM patrol_route")).scalar_one()
    row = again(mesa, mesa_scope, first)
    kept = changed(mesa, mesa_scope, row, name="改名")
    assert (kept.source, kept.source_key, kept.simulated, kept.points) == (row.source, row.source_key, True, None)
    with mesa.session(mesa_scope, read_only=True) as session:
        same = session.execute(
            text("SELECT count(DISTINCT geom), bool_and(points IS NULL) FROM patrol_route WHERE stable_id = :id"),
            {"id": first},
        ).one()
        assert tuple(same) == (1, True)
    moved = changed(mesa, mesa_scope, kept, points=points)
    assert [tuple(point) for point in moved.points] == points and moved.source_key == row.source_key


def test_of_two_changes_at_once_exactly_one_wins(mesa: Database, mesa_scope: Scope, points) -> None:
    row = saved(mesa, mesa_scope, points)

    def attempt(name: str) -> str:
        try:
            return changed(mesa, mesa_scope, row, name=name).name
        except Stale:
            return "stale"

    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(attempt, ["甲", "乙", "丙", "丁"]))
    assert outcomes.count("stale") == 3
    assert names_of(mesa, mesa_scope, mesa_today(mesa, mesa_scope)) == [next(o for o in outcomes if o != "stale")]


def test_H04_the_same_drawing_sent_at_once_is_one_route(mesa: Database, mesa_scope: Scope, points) -> None:
    key = str(uuid4())
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: saved(mesa, mesa_scope, points, key=key).id, range(4)))
    assert len(set(found)) == 1
    assert names_of(mesa, mesa_scope, mesa_today(mesa, mesa_scope)) == ["夜巡"]


def test_a_team_is_found_by_its_name_or_made(mesa: Database, mesa_scope: Scope, points) -> None:
    rows = [saved(mesa, mesa_scope, points, team=team) for team in ("一组", "一组", "二组", "")]
    assert rows[0].team_id == rows[1].team_id != rows[2].team_id and rows[3].team_id is None
    with mesa.session(mesa_scope, read_only=True) as session:
        assert route_rows.team_names(session, rows[0].county_id) == ["一组", "二组"]


def test_F03_each_change_is_in_the_audit_and_one_that_fails_there_is_undone(
    mesa: Database, mesa_scope: Scope, points, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = saved(mesa, mesa_scope, points)
    row = changed(mesa, mesa_scope, row, name="改名")
    with mesa.session(mesa_scope) as session:
        routes.remove(session, planner(mesa_scope), row.stable_id, routes.tag_of(row))
    with mesa.session(mesa_scope) as session:
        routes.restore(session, planner(mesa_scope), row.stable_id, row.id, None)
    with mesa.owner_session() as owner:
        entries = owner.execute(
            text("SELECT action, login, object_kind, outcome FROM audit_entry WHERE action LIKE 'route_%' ORDER BY id")
        ).all()
    assert [entry.action for entry in entries] == ["route_drawn", "route_changed", "route_ended", "route_restored"]
    assert {tuple(entry)[1:] for entry in entries} == {("planner", "patrol_route", "done")}

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("the audit is full")

    monkeypatch.setattr(routes, "audit", fails)
    with pytest.raises(RuntimeError):
        saved(mesa, mesa_scope, points, name="不留")
    assert names_of(mesa, mesa_scope, mesa_today(mesa, mesa_scope)) == ["改名"]


@pytest.fixture
def halves(mesa: Database, points: Points) -> Callable[[str], Scope]:
    """Two towns and two stations, west and east of the middle of the three places."""
    with mesa.owner_session() as owner:
        for side, west, east in (
            ("west", -112.5, sorted(x for x, _ in points)[1]),
            ("east", sorted(x for x, _ in points)[1], -111),
        ):
            for tree in ("admin", "police"):
                owner.execute(
                    text(
                        "INSERT INTO area (county_id, parent_id, tree, level, code, name, geom) SELECT county_id, id, tree, 'x',"
                        " :name, :name, ST_Multi(ST_MakeEnvelope(:west, 33, :east, 34, 4326)) FROM area"
                        " WHERE code = 'mesa' AND tree = :tree"
                    ),
                    {"name": f"{side} {tree}", "west": west, "east": east, "tree": tree},
                )

    def scope(name: str) -> Scope:
        with mesa.owner_session() as owner:
            return Scope.of(owner.scalars(text("SELECT id FROM area WHERE code = :name"), {"name": name}))

    return scope


@pytest.mark.parametrize("tree", ["admin", "police"])
def test_B04_who_plans_in_a_town_saves_there_and_nowhere_else(
    mesa: Database, points: Points, halves: Callable[[str], Scope], tree: str
) -> None:
    west, east = halves(f"west {tree}"), halves(f"east {tree}")
    first, last = min(points), max(points)
    here = [first, (first[0] + 0.001, first[1])]
    row = saved(mesa, west, here, team="西组")
    assert {row.admin_area_id, row.police_area_id} == {*halves("west admin").area_ids, *halves("west police").area_ids}
    with mesa.session(west) as session, pytest.raises(OutOfScope):
        county = visible.county(session, "mesa")
        assert county is not None
        routes.save(session, planner(west), county, wanted([last, (last[0] + 0.001, last[1])]), str(uuid4()))
    with mesa.session(east) as session, pytest.raises(NotFound):
        routes.change(session, planner(east), row.stable_id, routes.tag_of(row), wanted(None))
    # A route may not be moved out of the area either.
    with pytest.raises(OutOfScope):
        changed(mesa, west, row, points=[last, (last[0] + 0.001, last[1])])
    assert changed(mesa, west, row, name="改名").name == "改名"


def test_a_drawn_route_is_stamped_as_an_imported_one_would_be(
    mesa: Database, mesa_scope: Scope, points: Points, halves: Callable[[str], Scope]
) -> None:
    whole = Scope.of(
        [
            *mesa_scope.area_ids,
            *(i for s in ("west", "east") for t in ("admin", "police") for i in halves(f"{s} {t}").area_ids),
        ]
    )
    with mesa.session(whole) as session:
        county = visible.county(session, "mesa")
        assert county is not None
        day = today(county, datetime.now(UTC))
        lines = frames.patrol_routes(session, county, Terms(day)).set_index("stable_id").geometry
        shapes = f"SELECT t.stable_id AS row, {locating.stands_for('patrol_route', 't')} AS geom FROM patrol_route t WHERE t.county_id = :county"
        locating.locate(session, county.id, day, shapes, "as_imports")
        expected = {row.row: (row.admin, row.police) for row in session.execute(text("SELECT * FROM as_imports"))}
        for number, line in lines.items():
            areas = route_rows.areas_at(session, county.id, day, line)
            assert (areas["admin"], areas["police"]) == expected[number]
        assert len(expected) > 0 and not {a for pair in expected.values() for a in pair} & mesa_scope.area_ids


def test_where_no_deeper_area_covers_it_a_route_belongs_to_the_county(
    mesa: Database, mesa_scope: Scope, points: Points
) -> None:
    row = saved(mesa, mesa_scope, points)
    assert {row.admin_area_id, row.police_area_id} <= mesa_scope.area_ids
    with mesa.session(Scope.none(), read_only=True) as session:
        assert route_rows.areas_at(session, row.county_id, date(2026, 11, 22), shapely.LineString(points)) == {}


def test_H04_a_key_that_comes_again_with_another_drawing_is_refused(
    mesa: Database, mesa_scope: Scope, points: Points
) -> None:
    key = str(uuid4())
    first = saved(mesa, mesa_scope, points, key=key)
    assert saved(mesa, mesa_scope, points, key=key).id == first.id
    for other in ({"name": "别的"}, {"departures": (time(9),)}, {"mode": "vehicle"}, {"shift": (time(6), time(14))}):
        with pytest.raises(routes.SavedOtherwise):
            saved(mesa, mesa_scope, points, key=key, **other)
    with pytest.raises(routes.SavedOtherwise):
        saved(mesa, mesa_scope, points[:2], key=key)
