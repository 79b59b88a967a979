"""A portion of which no row can be read is a portion too: every kind makes nothing of it, whatever its headings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo_app.imports.columns import HEADINGS, MARKS, recognise
from geo_app.imports.kinds import KINDS
from geo_app.imports.kinds.base import Arrival, County
from geo_app.imports.packing import as_copied
from geo_app.imports.problems import Problems
from geo_app.imports.rows import Rows

COUNTY = County(1, "340523", "和县", 4548, "Asia/Shanghai")


def headings(kind: str, *, without: tuple[str, ...] = ()) -> list[str]:
    return [name for name in (*HEADINGS[kind], *MARKS) if name not in without]


CASES = [(kind, headings(kind)) for kind in KINDS] + [
    ("incidents", headings("incidents", without=("number", "occurred_from"))),
    ("incidents", headings("incidents", without=("occurred_from", "year"))),
    ("duty", headings("duty", without=("starts_at", "ends_at"))),
    ("tracks", headings("tracks", without=("speed_mps",))),
    ("addresses", headings("addresses", without=("full_text", "key"))),
    ("buildings", headings("buildings", without=("key", "address"))),
    ("population", headings("population", without=("key",))),
    ("population", headings("population", without=("key", "grid_code"))),
    ("places", headings("places", without=("key", "kind"))),
    ("posts", headings("posts", without=("name",))),
    ("routes", headings("routes", without=("key",))),
    ("cameras", headings("cameras", without=("code", "bearing"))),
    ("areas", headings("areas", without=("code",))),
]


@pytest.mark.parametrize("dtype", [object, "str"])
@pytest.mark.parametrize(("kind", "names"), CASES, ids=[f"{kind} {len(names)}" for kind, names in CASES])
def test_nothing_is_made_of_a_portion_without_rows(kind: str, names: list[str], dtype: object) -> None:
    table = pd.DataFrame({name: pd.Series([], dtype=dtype) for name in names})
    nothing = np.empty(0, dtype=object)
    rows = Rows(table, nothing, None, "line", np.empty(0, dtype=np.int64))
    problems = Problems("a.csv", rows)
    made = KINDS[kind].make(Arrival(rows, recognise(kind, names), nothing, problems, COUNTY, kind, "EPSG:4326"))
    assert len(made.usable()) == 0 and problems.of_portion() == {}
    assert as_copied(made.usable()) == b""
