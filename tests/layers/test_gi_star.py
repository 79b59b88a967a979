import warnings
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse, stats

from layers.errors import ParameterError
from layers.incidents.gi_star import adjusted, getis_ord

counts = st.lists(st.integers(0, 30), min_size=12, max_size=40).map(np.array)


def lattice(columns: int, rows: int) -> sparse.csr_array:
    """Queen neighbours of a full lattice, each cell its own neighbour too."""
    place = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=-1).reshape(-1, 2)
    near = (np.abs(place[:, None] - place[None]) <= 1).all(axis=2)
    return sparse.csr_array(near.astype(float))


def chain(n: int) -> sparse.csr_array:
    return lattice(n, 1)


def test_scores_are_those_of_pysal():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        esda = pytest.importorskip("esda.getisord")
        from libpysal.weights import lat2W

        weights = lat2W(7, 9, rook=False)
        rng = np.random.default_rng(3)
        for values in (rng.poisson(2, 63), rng.exponential(2, 63), rng.poisson(0.2, 63)):
            theirs = esda.G_Local(values.astype(float), weights, transform="B", permutations=0, star=True)
            ours = getis_ord(values, lattice(9, 7))
            assert np.allclose(ours.z, theirs.Zs, rtol=1e-9)


def exact_tail(values: np.ndarray, k: int) -> np.ndarray:
    """The share of all choices of k places whose sum is at least 0, 1, 2, …: every choice is counted."""
    ways = np.zeros((k + 1, values.sum() + 1))
    ways[0, 0] = 1
    for value in values:
        for chosen in range(k, 0, -1):
            ways[chosen, value:] += ways[chosen - 1, : ways.shape[1] - value]
    return (ways[k] / comb(len(values), k))[::-1].cumsum()[::-1]


@pytest.mark.parametrize("mean", [0.2, 1, 2, 5])
@pytest.mark.parametrize("is_clumped", [False, True])
def test_p_is_near_the_exact_share_of_all_permutations_where_the_normal_curve_is_far_off(mean, is_clumped):
    rng = np.random.default_rng(5)
    values = rng.negative_binomial(0.4, 0.4 / (0.4 + mean), 225) if is_clumped else rng.poisson(mean, 225)
    exact = exact_tail(values, 9)
    near = lattice(15, 15)
    for wanted in (0.1, 0.01, 0.001, 0.0001):
        total = int(np.argmax(exact <= wanted))
        arranged = _arranged(values, near, total)
        found = getis_ord(arranged, near, step=1.0)
        place = 112
        assert found.sum[place] == total
        # Far out on the careful side: rather too large than too small.
        assert 0.8 * exact[total] <= found.p[place] <= 8 * exact[total]
    if is_clumped:
        assert stats.norm.sf(found.z[place]) < exact[total] / 100


def _arranged(values: np.ndarray, near: sparse.csr_array, total: int) -> np.ndarray:
    """The values in an order in which those around the place in the middle have this sum."""
    around = near[[112]].toarray()[0] == 1
    rng = np.random.default_rng(1)
    order = rng.permutation(len(values))
    # Exchanges one value inside with one outside as long as that comes nearer.
    while (missing := total - values[order][around].sum()) != 0:
        inside, outside = rng.choice(np.flatnonzero(around)), rng.choice(np.flatnonzero(~around))
        gain = values[order[outside]] - values[order[inside]]
        if abs(missing - gain) < abs(missing):
            order[[inside, outside]] = order[[outside, inside]]
    return values[order]


def test_large_counts_have_the_p_of_the_normal_curve():
    values = np.random.default_rng(1).normal(1000, 30, 400).round()
    found = getis_ord(values, lattice(20, 20), step=1.0)
    assert np.allclose(found.p, stats.norm.sf(found.z), atol=0.01)


@given(counts, st.randoms(use_true_random=False))
def test_the_order_of_the_places_does_not_matter(values, random):
    near = chain(len(values))
    order = np.array(random.sample(range(len(values)), len(values)))
    found, turned = getis_ord(values, near), getis_ord(values[order], near[order][:, order])
    assert np.allclose(turned.z, found.z[order]) and np.allclose(turned.p, found.p[order])


@given(counts, st.sampled_from([0.0, 1.0]))
def test_scores_are_numbers_and_a_higher_sum_is_never_likelier(values, step):
    found = getis_ord(values, chain(len(values)), step=step)
    assert np.isfinite(found.z).all() and ((found.p >= 0) & (found.p <= 1)).all()
    inner = np.arange(1, len(values) - 1)  # as many neighbours each
    order = inner[np.argsort(found.sum[inner])]
    assert (np.diff(found.z[order]) >= -1e-9).all() and (np.diff(found.p[order]) <= 1e-9).all()


@pytest.mark.parametrize("value", [0, 0.1, 7])
@pytest.mark.parametrize("n", [0, 1, 2, 25])
def test_equal_values_everywhere_are_no_concentration(value, n):
    found = getis_ord(np.full(n, value), chain(n))
    assert (found.z == 0).all() and (found.p == 1).all()


def test_a_place_that_has_everyone_as_neighbour_says_nothing():
    found = getis_ord(np.array([1, 5, 9]), sparse.csr_array(np.ones((3, 3))))
    assert (found.z == 0).all() and (found.p == 1).all()


def test_what_cannot_be_is_refused():
    with pytest.raises(ParameterError, match="ones on the diagonal"):
        getis_ord(np.array([1, 2]), sparse.csr_array((2, 2)))
    with pytest.raises(ParameterError, match="ones on the diagonal"):
        getis_ord(np.array([1, 2]), chain(3))
    for bad in ([1, -1], [1, np.nan]):
        with pytest.raises(ParameterError, match="not negative"):
            getis_ord(np.array(bad), chain(2))


def test_adjusted_p_is_the_step_up_rule_by_hand():
    assert adjusted(np.array([0.01, 0.04, 0.03, 0.5])) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])
    assert len(adjusted(np.array([]))) == 0
