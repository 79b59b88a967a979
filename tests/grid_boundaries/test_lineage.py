"""The history of grids: any day as it was, who came from whom, and what is different between two days."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from grid_boundaries.coverage import area_m2, check
from grid_boundaries.lineage import UnknownGridError, ancestors, as_of, between, children, descendants, parents
from tests.grid_boundaries.board import OWNERS, WHOLE, cell, day, history, instant, linked, shared_out

REAL, DRAWN, CODE = "real_change", "re_digitising", "code_correction"


@pytest.fixture
def family():
    """One grid is split on day 10 in two, of which one merges on day 20 with a neighbour; another is drawn anew."""
    versions = history(
        (1, "001", None, 10, cell(0, 0, 2), REAL),
        (2, "002", None, 20, cell(2, 0), REAL),
        (3, "003", 10, None, cell(0, 0), REAL),
        (4, "004", 10, 20, cell(1, 0), REAL),
        (5, "005", 20, None, cell(1, 0, 2), REAL),
        (6, "006", None, 15, cell(3, 0), REAL),
        (6, "006", 15, None, cell(3, 0, 1, 1.1), DRAWN),
    )
    return versions, linked((1, 3, REAL), (1, 4, REAL), (4, 5, REAL), (2, 5, REAL), (None, 6, REAL))


def codes(frame):
    return frame["code"].tolist()


def test_the_coverage_of_each_day_is_what_held_on_it(family):
    versions, _ = family
    assert codes(as_of(versions, day(9))) == ["001", "002", "006"]
    assert codes(as_of(versions, day(10))) == ["002", "003", "004", "006"]
    assert codes(as_of(versions, day(20))) == ["003", "005", "006"]
    assert as_of(versions, day(14)).set_index("code").geometry["006"].equals(cell(3, 0))
    assert as_of(versions, day(15)).set_index("code").geometry["006"].equals(cell(3, 0, 1, 1.1))


def test_before_the_first_version_there_is_no_grid():
    found = as_of(history((1, "001", 5, None, cell(0, 0), REAL)), day(4))
    assert len(found) == 0 and found.crs.to_epsg() == 4326


def test_a_day_is_answered_as_it_was_known_at_an_instant():
    versions = history((1, "001", None, None, cell(0, 0), REAL), (1, "001", None, None, cell(0, 0, 2), REAL))
    versions["recorded_from"] = [instant(0), instant(7)]
    versions["recorded_to"] = [instant(7), pd.NaT]
    versions["recorded_to"] = pd.to_datetime(versions["recorded_to"], utc=True)
    for known_at, shape in ((instant(6), cell(0, 0)), (instant(7), cell(0, 0, 2)), (None, cell(0, 0, 2))):
        (found,) = as_of(versions, day(3), known_at).geometry
        assert found.equals(shape)
    assert len(as_of(versions, day(3), instant(-1))) == 0


def test_parents_and_children_are_those_of_one_step(family):
    versions, links = family
    assert codes(parents(versions, links, "005", day(30))) == ["002", "004"]
    assert codes(children(versions, links, "001", day(0))) == ["003", "004"]
    assert codes(parents(versions, links, "006", day(0))) == []
    assert codes(children(versions, links, "003", day(30))) == []


def test_ancestors_and_descendants_go_all_the_way(family):
    versions, links = family
    assert codes(ancestors(versions, links, "005", day(30))) == ["001", "002", "004"]
    assert codes(descendants(versions, links, "001", day(0))) == ["003", "004", "005"]


def test_a_parent_is_shown_as_it_was_last_and_a_child_as_it_was_first():
    versions = history(
        (1, "001", None, 5, cell(0, 0, 3), REAL),
        (1, "001", 5, 10, cell(0, 0, 2), REAL),
        (2, "002", 10, 12, cell(0, 0, 2), REAL),
        (2, "002", 12, None, cell(0, 0), REAL),
    )
    links = linked((2, 3, REAL))
    assert parents(versions, links, "002", day(20)).geometry[0].equals(cell(0, 0, 2))
    assert children(versions, links, "001", day(0)).geometry[0].equals(cell(0, 0, 2))


def test_a_code_that_no_grid_has_on_that_day_is_refused(family):
    versions, links = family
    for code, on in (("001", day(10)), ("003", day(9)), ("999", day(0))):
        with pytest.raises(UnknownGridError, match=f"{code} on {on}"):
            parents(versions, links, code, on)


def test_links_in_a_circle_come_to_an_end():
    versions = history((1, "001", None, None, cell(0, 0), REAL), (2, "002", None, None, cell(1, 0), REAL))
    links = linked((1, 2, REAL), (2, 1, REAL))
    assert codes(ancestors(versions, links, "001", day(0))) == ["002"]
    assert len(between(versions, links, day(0), day(9))) == 0


def test_what_changed_between_two_days_is_named_with_its_land(family):
    versions, links = family
    found = between(versions, links, day(9), day(10))
    assert list(found[["kind", "code"]].itertuples(index=False, name=None)) == [
        ("retired", "001"), ("created", "003"), ("created", "004"),
    ]  # fmt: skip
    assert found["area_m2"].tolist() == pytest.approx(
        [area_m2(cell(0, 0, 2)), area_m2(cell(0, 0)), area_m2(cell(1, 0))]
    )
    assert not found["re_digitised"].any()


def test_drawing_anew_is_told_apart_from_change(family):
    versions, links = family
    (row,) = between(versions, links, day(12), day(17)).itertuples()
    assert (row.kind, row.code, row.re_digitised) == ("moved", "006", True)
    assert row.geometry.equals(shapely.MultiPolygon([cell(3, 1, 1, 0.1)]))


def test_a_grid_that_was_drawn_anew_and_also_really_moved_counts_as_changed():
    versions = history(
        (1, "001", None, 5, cell(0, 0), REAL),
        (1, "001", 5, 8, cell(0, 0, 1.1), DRAWN),
        (1, "001", 8, None, cell(0, 0, 2), REAL),
    )
    assert between(versions, linked(), day(0), day(9))["re_digitised"].tolist() == [False]
    assert between(versions, linked(), day(0), day(7))["re_digitised"].tolist() == [True]


def test_a_grid_that_gets_a_new_number_is_renamed_not_retired():
    versions = history((1, "001", None, 5, cell(0, 0), REAL), (2, "002", 5, None, cell(0, 0), CODE))
    (row,) = between(versions, linked((1, 2, CODE)), day(0), day(9)).itertuples()
    assert (row.kind, row.code, row.former_code, row.re_digitised) == ("renamed", "002", "001", True)


def test_a_new_name_and_a_vertex_more_are_a_name_and_nothing_else():
    vertex = shapely.Polygon([(118, 31), (118.0005, 31), (118.001, 31), (118.001, 31.001), (118, 31.001)])
    versions = history((1, "001", None, 5, cell(0, 0), REAL), (1, "001", 5, None, vertex, REAL))
    versions["name"] = ["North", "South"]
    (row,) = between(versions, linked(), day(0), day(9)).itertuples()
    assert (row.kind, row.re_digitised) == ("renamed", False)
    versions["name"] = [None, np.nan]
    assert len(between(versions, linked(), day(0), day(9))) == 0


def test_backwards_the_created_are_the_retired(family):
    versions, links = family
    there, back = between(versions, links, day(0), day(30)), between(versions, links, day(30), day(0))
    assert set(there.loc[there["kind"] == "created", "code"]) == set(back.loc[back["kind"] == "retired", "code"])
    assert set(there.loc[there["re_digitised"], "code"]) == set(back.loc[back["re_digitised"], "code"]) == {"006"}


@settings(max_examples=30, deadline=None)
@given(st.lists(OWNERS, min_size=1, max_size=4))
def test_G10_as_of_equals_the_history_replayed(states):
    """Each day has another board; a grid whose land changes gets a new version, one without land ends."""
    rows, open_rows = [], {}
    for number, owner in enumerate(states):
        land = shared_out(owner)
        for one in list(open_rows):
            if one not in land or not open_rows[one][4].equals(land[one]):
                open_rows.pop(one)[3] = number
        for one, shape in land.items():
            if one not in open_rows:
                open_rows[one] = [one, f"{one:03d}", number, None, shape, REAL]
                rows.append(open_rows[one])
    versions = history(*rows)
    for number, owner in enumerate(states):
        found = as_of(versions, day(number))
        land = shared_out(owner)
        assert found["stable_id"].tolist() == list(land)
        assert all(a.equals(b) for a, b in zip(found.geometry, land.values(), strict=True))
        assert check(found, WHOLE, exclaves=found["code"].tolist(), pattern=r"\d{3}") == []
    assert len(as_of(versions, day(-1))) == 0
