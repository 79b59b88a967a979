"""On labelled addresses: how well roads, numbers and places are found as labelled. What is counted: address_labels.py."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.layers.address_labels import Count, measure, read_labels


@pytest.fixture(scope="module")
def counts(shared_data: Callable[[str], Path]) -> tuple[dict[str, Count], dict[str, Count]]:
    rows = read_labels(shared_data("address-labels") / "dev.txt")
    assert len(rows) == 2985
    return measure(rows)


@pytest.mark.parametrize("name", ["road", "number"])
def test_roads_and_numbers_are_found_exactly_as_labelled(
    counts: tuple[dict[str, Count], dict[str, Count]], name: str
) -> None:
    exact, mapped = counts
    assert exact[name].f1 >= 0.90
    assert mapped[name].f1 >= 0.92


def test_places_are_found_as_well_as_they_were(counts: tuple[dict[str, Count], dict[str, Count]]) -> None:
    # Wanted is 0.90. These only keep what is reached: without a gazetteer towns without suffix stay part of the name.
    exact, mapped = counts
    assert exact["poi"].f1 >= 0.63
    assert mapped["poi"].f1 >= 0.88
