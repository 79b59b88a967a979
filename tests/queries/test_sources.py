"""Which of the terms each source hangs on: what changes nothing is neither computed nor sent again."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest
from flask.testing import FlaskClient

from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from geo_app.queries import patrol_state, visible
from geo_app.queries.sources import SOURCES
from geo_app.queries.terms import Terms
from layers.incidents.choice import Choice
from layers.large import VIEW

DAY = date(2026, 11, 22)
CHANGES = {
    "since": "2026-01-01", "category": "x", "hours": "22-6", "valid": "0", "sight": "80", "routes": "none", "asked": "ABC",
    "bandwidth": "300", "unit": "grids", "days": "7", "least": "5", "box": "-111.84,33.41,-111.83,33.42",
}  # fmt: skip
# By layer: the changes that matter to it.
MATTERS = {
    "streets": {"box"},
    "waters": {"box"},
    "grids": {"box"},
    "cameras": {"box"},
    "patrol_routes": {"box", "routes"},
    "patrol_coverage": {"box", "routes", "sight"},
    "unseen_streets": {"box", "routes", "sight"},
    "repeat_places": {"since", "category", "hours", "valid", "days", "least"},
    "incidents": {"box", "since", "category", "hours", "valid"},
    "patrol_gaps": {"box", "since", "category", "hours", "valid", "routes", "sight", "asked"},
}


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_hangs_on_terms_that_there_are(name: str) -> None:
    hangs_on = SOURCES[name].hangs_on
    assert hangs_on is None or set(hangs_on) < {field.name for field in fields(Terms)}


@pytest.mark.parametrize("layer", MATTERS)
def test_a_layer_is_sent_again_for_the_changes_that_matter_to_it_and_for_no_other(
    reader: FlaskClient, layer: str
) -> None:
    address = f"/api/layers/{layer}"
    tag = reader.get(address, query_string={"county": "mesa"}).headers["ETag"]
    for name, value in CHANGES.items():
        again = reader.get(address, query_string={"county": "mesa", name: value}, headers={"If-None-Match": tag})
        assert again.status_code == (200 if name in MATTERS[layer] else 304), name


def test_what_a_period_chooses_and_what_it_does_not_touch(mesa: Database, mesa_scope: Scope) -> None:
    terms = Terms(DAY, choice=Choice(since=date(2026, 1, 1)))
    with mesa.session(mesa_scope, read_only=True) as session:
        county = visible.county(session, "mesa")
        assert county is not None
        streets = patrol_state.streets(session, county, terms)
        assert patrol_state.streets(session, county, Terms(DAY)) is streets  # kept, whatever the period
        assert patrol_state.streets(session, county, replace(terms, area_ids=frozenset())) is not streets
        drawn = SOURCES["streets"](session, county, replace(terms, box=(-112.0, 33.0, -111.0, 34.0)))
        assert VIEW in drawn.attrs and VIEW not in streets.attrs  # nobody writes into what is shared
        assert len(drawn) == len(streets) == 512
