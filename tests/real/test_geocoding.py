"""Addresses of the real files become points at least as well as is asked for: what is asked for was held back."""

from __future__ import annotations

import numpy as np
import pytest

from tests.real import asked as asking
from tests.real.asked import Asked, Found
from tests.real.geocoding import answered

SAME_M = (
    20,
    69,
    126,
    181,
)  # in these, a plain lookup finds half, 80, 90 and 95 % where no two rows of a file are one place
LEAST_OF_LEVEL = 100  # answers of a level that say something of it


@pytest.fixture(scope="module")
def shanghai(shared_data) -> tuple[Asked, ...]:
    shared_data("shanghai-poi")
    return tuple(asking.shanghai(seed) for seed in asking.DRAWS)


@pytest.fixture(scope="module")
def found(shanghai) -> list[Found]:
    return [answered(asked) for asked in shanghai]


@pytest.fixture(scope="module")
def shifan() -> tuple[Found, np.ndarray, np.ndarray]:
    """Made: the demonstration's calls as they were typed, at a tenth of a county."""
    asked, times = asking.shifan(0.1)
    return answered(asked), times, asked.known


def joined(parts) -> np.ndarray:
    return np.concatenate(list(parts))


def test_a_known_number_is_found_at_least_as_well_as_by_a_plain_lookup(shanghai, found) -> None:
    ours = joined(one.error[asked.known] for one, asked in zip(found, shanghai, strict=True))
    plain = joined(asked.lookup[asked.known] for asked in shanghai)
    assert len(ours) > 3000
    for metres in SAME_M:
        assert (ours <= metres).mean() >= (plain <= metres).mean(), metres


def test_an_unknown_number_of_a_known_road_is_found_better_than_between_its_neighbours(shanghai, found) -> None:
    ours = joined(one.error[~asked.known] for one, asked in zip(found, shanghai, strict=True))
    plain = joined(asked.lookup[~asked.known] for asked in shanghai)
    assert len(ours) > 3000
    assert (ours <= 150).mean() >= 0.50 > (plain <= 150).mean()
    assert (ours <= 300).mean() >= 0.72 > (plain <= 300).mean()


@pytest.mark.parametrize("how", asking.disturbances())
def test_an_address_typed_otherwise_is_found_as_well(shanghai, found, how: str) -> None:
    asked, clean = shanghai[0], found[0]
    texts = asking.disturbed(asked.texts, how)
    assert sum(one != other for one, other in zip(texts, asked.texts, strict=True)) > len(texts) / 4
    assert answered(asked, texts).within(asking.RIGHT_M) >= clean.within(asking.RIGHT_M) - 0.05


def test_radius_and_score_mean_what_they_say(found) -> None:
    everything = Found.joined(found)
    for level in ("number", "road"):
        rows = everything.level == level
        assert rows.sum() > LEAST_OF_LEVEL
        assert 0.75 <= (everything.error[rows] <= everything.radius[rows]).mean() <= 0.90, level
    sure = everything.score >= 0.9
    assert sure.sum() > 1000 and (everything.error[sure] > 500).mean() <= 0.02
    nearly = (everything.score >= 0.85) & (everything.score < 0.95)
    assert 0.85 <= (everything.error[nearly] <= 200).mean() <= 0.98


def test_blocks_and_crossings_of_vancouver_are_found_wherever_the_street_is_known(shared_data) -> None:
    shared_data("vancouver")
    asked, times = asking.vancouver()
    found = answered(asked)
    has = ~np.isnan(found.error)
    assert times.sum() == 33_761
    # 17 % of the incidents lie on streets of which the gazetteer has no address, so that nobody could answer them.
    assert times[has].sum() / times.sum() >= 0.825
    assert np.median(np.repeat(found.error[has], times[has])) <= 60
    sure = found.score >= 0.9
    assert np.average(found.error[sure] > 500, weights=times[sure]) <= 0.02


def test_typed_addresses_of_the_demonstration_are_found(shifan) -> None:
    found, times, known = shifan
    assert times[~np.isnan(found.error)].sum() / times.sum() > 0.98
    sure = found.score >= 0.9
    assert times[sure].sum() / times.sum() > 0.5 and np.average(found.error[sure] > 500, weights=times[sure]) <= 0.02
    for level in ("building", "number", "place"):
        rows = found.level == level
        assert np.average(found.error[rows] <= 200, weights=times[rows]) > 0.9, level
    assert np.average(found.error[~known] <= 150, weights=times[~known]) > 0.85
