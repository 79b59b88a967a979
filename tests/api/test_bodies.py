"""Bodies that are no bodies."""

from __future__ import annotations

import json

import pytest

from tests.drafting import CHANGES
from tests.made_grids import COUNTY, Governed


@pytest.mark.parametrize("depth", [300, 480, 900, 50_000])
@pytest.mark.parametrize("ends", [("[", "]"), ('{"a": ', "}")])
def test_D10_a_body_as_deep_as_a_well_is_refused(governed: Governed, depth: int, ends: tuple[str, str]) -> None:
    hand = governed.browser("editor")
    deep = f"{ends[0] * depth}1{ends[1] * depth}"
    answer = hand.client.post(
        CHANGES,
        data=f'{{"county": {json.dumps(COUNTY)}, "title": {deep}}}',
        content_type="application/json",
        headers={"X-CSRFToken": hand.token},
    )
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_input")
