"""The density of incidents: against the plain sum, a library, a closed form, and laws that any density keeps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from KDEpy import NaiveKDE

from layers.errors import CoordinateError, ParameterError
from layers.incidents.bandwidth import NO_SPREAD, cell_size, friendly, proposed_bandwidth
from layers.incidents.density import Surface, density_surface
from tests.layers.mesa import mesa

BOX = (0.0, 0.0, 2000.0, 1200.0)
NOBODY = np.empty((0, 2))
places = st.lists(st.tuples(st.floats(300, 1700), st.floats(300, 900)), min_size=1, max_size=20)


def town(n=300, seed=1):
    rng = np.random.default_rng(seed)
    return np.vstack(
        [rng.normal((900, 600), (60, 90), (n // 2, 2)), rng.uniform((0, 0), (2000, 1200), (n - n // 2, 2))]
    )


def distances(surface: Surface, xy: np.ndarray) -> np.ndarray:
    east, north = surface.centres()
    return np.hypot(east[None, :, None] - xy[:, 0], north[:, None, None] - xy[:, 1])


def plain_sum(surface: Surface, xy: np.ndarray, weights=None) -> np.ndarray:
    """The density by its definition, case by case, in incidents per square kilometre."""
    h = surface.bandwidth_m
    share = distances(surface, xy) / h
    if surface.kernel == "quartic":
        each = 3 / np.pi / h**2 * np.clip(1 - share**2, 0, None) ** 2
    else:
        each = np.exp(-(share**2) / 2) / (2 * np.pi * h**2)
    return 1e6 * (each * (np.ones(len(xy)) if weights is None else weights)).sum(axis=-1)


def peak(bandwidth_m: float, kernel: str = "quartic") -> float:
    """The density that one case alone has at its own place, in incidents per square kilometre."""
    return 1e6 * (3 / np.pi if kernel == "quartic" else 1 / (2 * np.pi)) / bandwidth_m**2


def crimes() -> np.ndarray:
    return np.column_stack([mesa().crimes.x, mesa().crimes.y])


def around(xy: np.ndarray, margin: float) -> tuple[float, float, float, float]:
    return (*(xy.min(axis=0) - margin), *(xy.max(axis=0) + margin))


@pytest.mark.parametrize("kernel", ["quartic", "gaussian"])
@pytest.mark.parametrize("place", [(1000.0, 600.0), (1005.0, 605.0), (1002.5, 598.1)])
def test_one_case_has_the_density_of_the_closed_form(kernel, place):
    surface = density_surface([place], None, 120, 10, BOX, kernel=kernel)
    exact = plain_sum(surface, np.array([place]))
    assert np.abs(surface.values - exact).max() < 0.01 * peak(120, kernel)
    # 3 ÷ π for the quartic kernel with a bandwidth of one kilometre, 1 ÷ 2π for the Gaussian one.
    assert peak(1000) == pytest.approx(0.9549, abs=1e-4)
    assert peak(1000, "gaussian") == pytest.approx(0.1592, abs=1e-4)


@pytest.mark.parametrize("kernel", ["quartic", "gaussian"])
@pytest.mark.parametrize("cell", [10, 20])
def test_many_cases_are_within_a_hundredth_of_the_plain_sum(kernel, cell):
    xy, weights = town(), np.random.default_rng(2).uniform(0, 3, 300)
    surface = density_surface(xy, weights, 120, cell, BOX, kernel=kernel)
    exact = plain_sum(surface, xy, weights)
    assert np.abs(surface.values - exact).max() < 0.01 * exact.max()


def test_a_gaussian_density_agrees_with_kdepy():
    xy = crimes()
    surface = density_surface(xy, None, 150, 12.5, around(xy, 150), kernel="gaussian")
    east, north = surface.centres()
    grid = np.stack(np.meshgrid(east, north), axis=-1).reshape(-1, 2)
    oracle = 1e6 * len(xy) * NaiveKDE("gaussian", bw=150).fit(xy).evaluate(grid).reshape(surface.values.shape)
    assert np.abs(surface.values - oracle).max() < 0.01 * oracle.max()


def test_the_density_of_mesa_is_right_at_three_places_counted_by_hand():
    xy = crimes()
    bandwidth = proposed_bandwidth(xy).metres
    box = around(xy, bandwidth)
    surface = density_surface(xy, None, bandwidth, cell_size(box, bandwidth), box)
    # The densest cell, one of middling density, and one at the rim of a lonely case.
    order = np.argsort(surface.values, axis=None)
    east, north = surface.centres()
    for place in (order[-1], order[len(order) * 3 // 4], order[np.flatnonzero(surface.cases.ravel()[order] == 1)[-1]]):
        row, column = np.unravel_index(place, surface.values.shape)
        d = np.array([((x - east[column]) ** 2 + (y - north[row]) ** 2) ** 0.5 for x, y in xy])
        near = d[d <= bandwidth]
        density = sum(3 / np.pi / (bandwidth / 1000) ** 2 * (1 - (r / bandwidth) ** 2) ** 2 for r in near)
        assert surface.cases[row, column] == len(near) > 0
        assert abs(surface.values[row, column] - density) < 0.01 * surface.values.max()


@given(places, st.floats(60, 280), st.sampled_from(["quartic", "gaussian"]))
def test_the_surface_holds_as_many_incidents_as_there_are(places, bandwidth, kernel):
    xy = np.array(places)
    reach = bandwidth if kernel == "quartic" else 4 * bandwidth
    surface = density_surface(xy, None, bandwidth, bandwidth / 7, around(xy, reach + bandwidth), kernel=kernel)
    assert surface.values.sum() * surface.cell_m**2 / 1e6 == pytest.approx(len(xy))
    assert (surface.values >= 0).all()


@given(places, st.floats(30, 400), st.floats(15, 90))
def test_cases_are_counted_exactly_within_the_bandwidth(places, bandwidth, cell):
    xy = np.round(np.array(places), 3) + 0.0001234
    surface = density_surface(xy, None, max(bandwidth, cell / 2), cell, BOX)
    d = distances(surface, xy)
    least, most = (d < surface.bandwidth_m - 1e-6).sum(axis=-1), (d < surface.bandwidth_m + 1e-6).sum(axis=-1)
    assert (least <= surface.cases).all() and (surface.cases <= most).all()
    assert (surface.few == ((surface.cases > 0) & (surface.cases < 5))).all()


@given(places, st.floats(-40, 40), st.floats(-40, 40))
def test_moving_everything_moves_the_surface(places, east, north):
    xy, shift = np.array(places), np.array([round(east), round(north)]) * 25.0
    box = (*(np.array(BOX[:2]) + shift), *(np.array(BOX[2:]) + shift))
    before = density_surface(xy, None, 150, 25, BOX)
    after = density_surface(xy + shift, None, 150, 25, box)
    assert np.allclose(before.values, after.values, atol=1e-6 * before.values.max())


def test_rows_run_from_the_north_and_columns_from_the_west():
    surface = density_surface([(1990, 1190)], None, 100, 20, BOX)
    assert surface.values.shape == (60, 100)
    assert np.unravel_index(surface.values.argmax(), surface.values.shape) == (0, 99)
    east, north = surface.centres()
    assert (east[0], east[-1], north[0], north[-1]) == (10, 1990, 1190, 10)


def test_cells_are_whole_and_reach_over_the_bounds_to_the_east_and_the_south():
    surface = density_surface(NOBODY, None, 100, 30, (0.0, 0.0, 100.0, 100.0))
    assert surface.bounds == (0, -20, 120, 100)


def test_a_case_outside_counts_where_its_kernel_reaches_in():
    xy = np.array([(-50.0, 600.0), (2500.0, 600.0)])
    surface = density_surface(xy, None, 100, 10, BOX)
    exact = plain_sum(surface, xy)
    assert exact[:, :3].max() > 0
    assert np.abs(surface.values - exact).max() < 0.01 * peak(100)


def test_per_month_divides_by_the_months():
    surface = density_surface(town(), None, 100, 20, BOX)
    monthly = surface.per_month(3)
    assert monthly.months == 3
    assert np.allclose(monthly.values * 3, surface.values)
    assert (monthly.cases == surface.cases).all()
    with pytest.raises(ParameterError, match="months"):
        surface.per_month(0)


def test_nobody_anywhere_is_zero_everywhere():
    for xy in (NOBODY, np.full((3, 2), np.nan)):
        surface = density_surface(xy, None, 100, 20, BOX)
        assert not surface.values.any() and not surface.cases.any() and not surface.few.any()


def test_unplaced_incidents_are_left_out_with_their_weights():
    xy = np.vstack([town(), [(np.nan, 5.0), (np.inf, 1.0)]])
    surface = density_surface(xy, np.append(np.ones(300), [np.nan, 9]), 100, 20, BOX)
    assert np.array_equal(surface.values, density_surface(town(), None, 100, 20, BOX).values)
    assert len(surface.points) == 300


def test_all_at_one_place_are_as_high_as_they_are_many():
    surface = density_surface([(1005, 605)] * 7, None, 120, 10, BOX)
    assert surface.values.max() == pytest.approx(7 * peak(120), rel=0.01)
    assert surface.cases.max() == 7
    assert not surface.few.any()


def test_a_bandwidth_wider_than_the_county_is_a_flat_hill():
    xy = town(20)
    box = around(xy, 20_000)
    surface = density_surface(xy, None, 20_000, cell_size(box, 20_000), box)
    exact = plain_sum(surface, xy)
    assert np.abs(surface.values - exact).max() < 0.01 * exact.max()
    assert max(surface.values.shape) <= 512
    # In the middle, where everybody is within reach.
    assert surface.cases.max() == 20


def test_a_narrow_bandwidth_over_a_wide_county_gets_wide_cells_that_show_their_own_mean():
    box = (0.0, 0.0, 60_000.0, 40_000.0)
    cell = cell_size(box, 20)
    surface = density_surface(np.array([(30_000.0, 20_000.0)] * 3), None, 20, cell, box)
    assert cell == pytest.approx(60_000 / 1024)
    assert max(surface.values.shape) == 1024
    assert surface.coarse
    assert surface.values.sum() * cell**2 / 1e6 == pytest.approx(3)


@given(st.floats(1, 1e6), st.floats(1, 1e6), st.floats(1, 1e5))
def test_there_are_never_more_than_1024_cells_and_512_where_they_are_fine_enough(width, height, bandwidth):
    cell = cell_size((0, 0, width, height), bandwidth)
    longer = max(width, height)
    assert longer / cell <= 1024 * (1 + 1e-9)
    assert cell >= bandwidth / 12 * (1 - 1e-9)
    if longer / 512 <= bandwidth / 6:
        assert longer / cell <= 512 * (1 + 1e-9) and cell <= bandwidth / 6 * (1 + 1e-9)
    elif longer / 1024 <= bandwidth / 6:
        assert cell == pytest.approx(bandwidth / 6)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"bandwidth_m": 0}, "bandwidth_m"),
        ({"bandwidth_m": -5}, "bandwidth_m"),
        ({"bandwidth_m": float("nan")}, "bandwidth_m"),
        ({"cell_m": 0}, "cell_m"),
        ({"bounds": (0, 0, 0, 100)}, "bounds"),
        ({"bounds": (0, 0, float("inf"), 100)}, "bounds"),
        ({"cell_m": 0.1}, "a wider cell"),
        ({"bandwidth_m": 5000}, "a wider cell"),
        ({"weights": [1, 2]}, "as many weights"),
        ({"weights": [-1]}, "0 or more"),
        ({"weights": [float("nan")]}, "0 or more"),
        ({"kernel": "cone"}, "quartic, gaussian"),
    ],
)
def test_what_makes_no_surface_is_refused(change, message):
    given = {"xy": [(5, 5)], "weights": None, "bandwidth_m": 100, "cell_m": 20, "bounds": BOX} | change
    with pytest.raises(ParameterError, match=message):
        density_surface(**given)


def test_degrees_are_refused():
    with pytest.raises(CoordinateError, match="degrees"):
        density_surface([(118.3, 31.7)], None, 0.01, 0.001, (118, 31, 118.5, 32), crs=4326)


def test_the_proposal_for_mesa_follows_its_rule_and_says_so():
    found = proposed_bandwidth(crimes())
    assert 120 <= found.metres <= 200
    xy = crimes()
    standard = np.sqrt(((xy - xy.mean(axis=0)) ** 2).sum(axis=1).mean())
    assert found.metres == friendly(0.9 * standard * 287**-0.2)
    assert (found.reason % found.values).startswith("Rule of thumb for 287 incidents: 0.9 × 701 m × n^(−1/5)")


def test_a_few_far_cases_do_not_widen_the_proposal_much():
    near = np.random.default_rng(3).normal(0, 500, (1000, 2))
    far = np.vstack([near, np.full((10, 2), 60_000.0)])
    assert proposed_bandwidth(far).metres <= 2 * proposed_bandwidth(near).metres


@pytest.mark.parametrize("xy", [NOBODY, [(5, 5)], [(5, 5)] * 9, [(np.nan, 5)], [(5, 5), (5.2, 5)]])
def test_without_spread_there_is_a_usual_proposal(xy):
    found = proposed_bandwidth(xy)
    assert (found.metres, found.reason) == (200, NO_SPREAD)
    assert "200 m" in found.reason % found.values


@given(places)
def test_a_proposal_is_a_round_number_that_the_filters_take(places):
    metres = proposed_bandwidth(np.array(places) * 40).metres
    assert 50 <= metres <= 20_000
    assert metres % (50 if metres < 500 else 100) == 0


def test_most_cases_at_one_place_still_have_a_spread():
    xy = np.array([(0.0, 0.0)] * 6 + [(1000.0, 0.0)] * 2)
    assert proposed_bandwidth(xy).metres > 50
    with pytest.raises(ParameterError, match="positive"):
        cell_size((0, 0, 0, 0), 100)
