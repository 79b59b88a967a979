"""Text goes into the database letter by letter, whatever it holds; sentences about a file are whole in each language."""

from __future__ import annotations

import pandas as pd
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from geo_app.imports.packing import as_copied
from geo_app.imports.said import in_language
from geo_app.queries import arrivals
from tests.imports.conftest import Desk

words = st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(words, words), max_size=6))
@example([("\\N", None), ("", "\\."), ("\\", "a\\tb"), ("tab\there", "line\nbreak\r\n"), ("\u2028", "\\\n")])
def test_what_is_copied_is_what_was_there(desk: Desk, rows: list[tuple[str | None, str | None]]) -> None:
    table = pd.DataFrame(rows, columns=["name", "address"], dtype=object)
    with desk.database.session(desk.scope_now()) as session:
        session.execute(text("DROP TABLE IF EXISTS arriving"))
        arrivals.begin(session, "place", ["name", "address"])
        arrivals.copy_in(session, ["name", "address"], as_copied(table))
        found = [tuple(row) for row in session.execute(text("SELECT name, address FROM arriving ORDER BY nth"))]
    assert found == rows


def test_words_of_ours_in_a_sentence_are_translated_and_the_files_own_are_not() -> None:
    chinese = {
        "%(value)s: %(found)s, not %(allowed)s": "%(value)s：%(found)s，应为 %(allowed)s",
        "Point": "点",
        "line": "行",
    }
    params = {"value": "line", "found": "Point", "allowed": "line, Polygon"}
    said = in_language("%(value)s: %(found)s, not %(allowed)s", params, lambda word: chinese.get(word, word))
    assert said == "line：点，应为 行, Polygon"
