"""Incidents known to a radius, spread over it: against the sum case by case, a circle in points, and laws of any density."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import ParameterError
from layers.incidents.density import Surface, density_surface
from layers.incidents.spread import spread_surface, widened

BOX = (0.0, 0.0, 4000.0, 3000.0)
cases = st.lists(st.tuples(st.floats(1400, 2600), st.floats(1200, 1800), st.floats(0, 400)), min_size=1, max_size=15)


def spread(xy, radius, bandwidth=120.0, cell=10.0, box=BOX, kernel="quartic", weights=None) -> Surface:
    return spread_surface(xy, radius, weights, bandwidth, cell, box, kernel=kernel)


def plain_sum(surface: Surface, xy: np.ndarray, radius: np.ndarray, weights=None) -> np.ndarray:
    """Case by case with the bandwidth that its radius asks for, in incidents per square kilometre."""
    east, north = surface.centres()
    d = np.hypot(east[None, :, None] - xy[:, 0], north[:, None, None] - xy[:, 1])
    if surface.kernel == "quartic":
        h = np.sqrt(surface.bandwidth_m**2 + 2 * radius**2)
        each = 3 / np.pi / h**2 * np.clip(1 - (d / h) ** 2, 0, None) ** 2
    else:
        h = np.sqrt(surface.bandwidth_m**2 + radius**2 / 4)
        each = np.exp(-((d / h) ** 2) / 2) / (2 * np.pi * h**2)
    return 1e6 * (each * (np.ones(len(xy)) if weights is None else weights)).sum(axis=-1)


@pytest.mark.parametrize("kernel", ["quartic", "gaussian"])
@pytest.mark.parametrize("radius", [0, 1, 40, 100, 180, 333, 700])
def test_one_case_has_the_density_of_the_wider_kernel(kernel, radius):
    place = np.array([[2003.0, 1498.0]])
    surface = spread(place, [radius], kernel=kernel)
    exact = plain_sum(surface, place, np.array([radius]))
    assert np.abs(surface.values - exact).max() < 0.055 * exact.max()


@pytest.mark.parametrize("kernel", ["quartic", "gaussian"])
def test_a_town_of_exact_and_rough_places_is_within_a_hundredth_of_the_plain_sum(kernel):
    rng = np.random.default_rng(3)
    xy = rng.normal((2000, 1500), (300, 200), (400, 2))
    radius = np.where(rng.random(400) < 0.5, 0.0, rng.uniform(10, 500, 400))
    weights = rng.uniform(0, 3, 400)
    surface = spread(xy, radius, kernel=kernel, weights=weights)
    exact = plain_sum(surface, xy, radius, weights)
    assert np.abs(surface.values - exact).max() < 0.01 * exact.max()


@pytest.mark.parametrize("kernel", ["quartic", "gaussian"])
@pytest.mark.parametrize("radius", [60.0, 150.0, 400.0])
def test_the_wider_kernel_is_near_to_the_density_of_a_circle_of_many_places(kernel, radius):
    """What the formula stands for: the true place lies anywhere in the circle, evenly."""
    turn = np.arange(4000) * np.pi * (3 - np.sqrt(5))
    away = radius * np.sqrt((np.arange(4000) + 0.5) / 4000)
    circle = np.column_stack([2000 + away * np.cos(turn), 1500 + away * np.sin(turn)])
    truth = density_surface(circle, np.full(4000, 1 / 4000), 120, 10, BOX, kernel=kernel)
    found = spread([(2000, 1500)], [radius], kernel=kernel)
    # The same variance along an axis, to the part that the ladder and the cells take; the same mass by another test.
    assert variance(found) == pytest.approx(variance(truth), rel=0.02)
    overlap = np.minimum(found.values, truth.values).sum() / truth.values.sum()
    assert overlap > 0.84


def variance(surface: Surface) -> float:
    east, north = surface.centres()
    squared = (east[None, :] - 2000) ** 2 + (north[:, None] - 1500) ** 2
    return float((surface.values * squared).sum() / surface.values.sum() / 2)


@given(cases, st.floats(60, 280), st.sampled_from(["quartic", "gaussian"]))
def test_the_surface_holds_as_many_incidents_as_there_are(cases, bandwidth, kernel):
    xy, radius = np.array(cases)[:, :2], np.array(cases)[:, 2]
    reach = float(widened(bandwidth, 420, kernel)) * (1 if kernel == "quartic" else 5) + 2 * bandwidth
    box = (*(xy.min(axis=0) - reach), *(xy.max(axis=0) + reach))
    surface = spread(xy, radius, bandwidth, bandwidth / 7, box, kernel)
    assert surface.values.sum() * surface.cell_m**2 / 1e6 == pytest.approx(len(xy), rel=2e-3)
    assert (surface.values >= 0).all()


@given(cases)
def test_no_case_counts_for_more_than_one_and_an_exact_one_for_all_of_it(cases):
    xy, radius = np.array(cases)[:, :2], np.array(cases)[:, 2]
    surface = spread(xy, radius, 120, 20)
    exact = density_surface(xy, None, 120, 20, BOX)
    assert surface.cases.max() <= len(xy) + 1e-9
    # Spread out, they never make a place rest on more cases than stand near it and around it.
    sharp = spread(xy, radius * 0, 120, 20)
    assert (sharp.cases == exact.cases).all() and (sharp.values == exact.values).all()


def test_the_wider_the_radius_the_fewer_cases_are_expected_near():
    place = [(2000.0, 1500.0)]
    most = [spread(place, [radius]).cases.max() for radius in (0, 30, 80, 200, 500)]
    assert most[0] == 1 and most == sorted(most, reverse=True) and most[-1] < 0.1


def test_four_cases_are_few_however_they_are_placed():
    for radius in (0.0, 40.0, 90.0, 300.0):
        surface = spread(np.full((4, 2), (2000.0, 1500.0)), np.full(4, radius))
        assert surface.few[surface.cases > 0].all()
    five = spread(np.full((5, 2), (2000.0, 1500.0)), np.zeros(5))
    assert not five.few[five.cases == 5].any()


def test_unplaced_cases_are_left_out_whatever_their_radius():
    xy = np.array([(2000.0, 1500.0), (np.nan, np.nan), (2100.0, 1500.0)])
    with_unplaced = spread(xy, [50.0, np.nan, 0.0])
    without = spread(xy[[0, 2]], [50.0, 0.0])
    assert (with_unplaced.values == without.values).all() and with_unplaced.cases.tolist() == without.cases.tolist()


@pytest.mark.parametrize("radius", [[-1.0], [np.nan], [np.inf], [1.0, 2.0], []])
def test_a_radius_that_cannot_be_is_refused(radius):
    with pytest.raises(ParameterError, match="radius"):
        spread([(2000.0, 1500.0)], radius)


def test_weights_must_be_as_many_as_the_cases():
    with pytest.raises(ParameterError, match="as many weights"):
        spread([(2000.0, 1500.0)], [10.0], weights=[1.0, 2.0])
