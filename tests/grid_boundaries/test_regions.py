"""Parts of a graph put together into regions: each in one piece, of like weight, whole in its group."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from grid_boundaries.regions import AT_ONCE, Parts, divided, regions


def squares(width: int, height: int, weight: np.ndarray) -> Parts:
    """A checkerboard of squares of 100 m, each beside its four neighbours."""
    number = np.arange(width * height).reshape(height, width)
    pairs = [*zip(number[:, :-1].flat, number[:, 1:].flat, strict=True)]
    pairs += [*zip(number[:-1].flat, number[1:].flat, strict=True)]
    place = np.stack([number % width, number // width], axis=-1).reshape(-1, 2) * 100.0
    links = np.array(pairs, dtype=int).reshape(-1, 2)
    return Parts(weight, place, links, np.full(len(links), 100.0), width * height * 1e4)


def pieces(parts: Parts, region: np.ndarray) -> int:
    """Into how many pieces all regions together fall."""
    inside = parts.links[region[parts.links[:, 0]] == region[parts.links[:, 1]]]
    size = len(region)
    return connected_components(coo_array((np.ones(len(inside)), inside.T), shape=(size, size)), directed=False)[0]


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 9), st.integers(1, 9), st.integers(1, 81), st.integers(0, 2**32 - 1), st.integers(1, 3),
)  # fmt: skip
def test_every_region_is_something_and_in_one_piece(width, height, count, seed, starts):
    count = min(count, width * height)
    parts = squares(width, height, np.random.default_rng(seed).uniform(0, 5, width * height))
    found = regions(parts, count, starts)
    assert sorted(set(found.tolist())) == list(range(count))
    assert pieces(parts, found) == count


def test_more_regions_than_are_made_at_once_weigh_about_the_same_too():
    parts = squares(40, 30, np.ones(1200))
    count = 3 * AT_ONCE
    found = regions(parts, count, starts=2)
    assert pieces(parts, found) == count
    size = np.bincount(found, minlength=count)
    assert size.max() / size.mean() <= 1.5


def test_no_region_lies_in_two_groups_and_a_heavier_group_has_more_of_them():
    parts = squares(12, 6, np.ones(72))
    group = (np.arange(72) % 12 >= 4).astype(int)
    found = divided(parts, group, 9)
    assert [len(set(found[group == one].tolist())) for one in (0, 1)] == [3, 6]
    assert pieces(parts, found) == 9
