from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import ParameterError
from layers.incidents.compare import change

few = st.integers(0, 40)


def by_hand(current: int, both: int, share: float) -> float:
    """The probabilities of all splits of the sum that are no likelier than this one, added up."""
    chance = [comb(both, k) * share**k * (1 - share) ** (both - k) for k in range(both + 1)]
    return min(1.0, sum(p for p in chance if p <= chance[current] * (1 + 1e-7)))


@given(few, few, st.sampled_from([(1, 1), (28, 31), (90, 365)]))
def test_p_is_the_exact_test_of_two_poisson_counts(current, previous, days):
    found = change(current, previous, *days)
    both = current + previous
    expected = by_hand(current, both, days[0] / sum(days)) if both else 1.0
    assert found.p == pytest.approx(expected, abs=1e-9)


@given(few, few)
def test_turned_round_the_chance_is_the_same(current, previous):
    assert change(current, previous).p == pytest.approx(change(previous, current).p, abs=1e-12)


def test_known_values():
    assert change(128, 137).share == pytest.approx(-9 / 137)
    assert change(128, 137).p > 0.5  # nine fewer of 137 is chance
    assert change(10, 30).p == pytest.approx(0.0022, abs=2e-4)  # binomial, 10 of 40, by tables
    assert change(5, 0).share is None and change(5, 0).p == pytest.approx(2 * 0.5**5)
    assert (change(0, 0).share, change(0, 0).p) == (None, 1.0)
    assert change(100_000, 103_000).p < 1e-9


def test_a_short_month_is_not_better_for_being_short():
    assert change(280, 310, 28, 31).p == pytest.approx(1.0)
    assert change(280, 310, 28, 31).share == pytest.approx(-30 / 310)


def test_what_cannot_be_is_refused():
    for wrong in ((-1, 0), (0, -1), (1, 1, 0), (1, 1, 1, -2)):
        with pytest.raises(ParameterError):
            change(*wrong)
