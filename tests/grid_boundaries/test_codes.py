import pytest
import shapely
from geopandas import GeoDataFrame

from grid_boundaries.codes import Numbering, duplicated, is_of_town, malformed, new_codes
from grid_boundaries.errors import CodeError


def test_a_code_has_fifteen_ascii_digits_and_nothing_else():
    codes = [
        "340523001001001",
        "34052300100100",
        "3405230010010011",
        "340523001001001\n",
        "３４０５２３００１００１００１",
        "",
        None,
    ]
    assert malformed(codes).tolist() == [False, True, True, True, True, True, True]


def test_the_pattern_is_a_local_rule():
    assert malformed(["M-01", "01"], r"^M-\d\d$").tolist() == [False, True]


def test_duplicates_are_all_marked_and_missing_codes_are_none():
    assert duplicated(["1", "2", "1", None, None, ""]).tolist() == [True, False, True, False, False, False]
    assert duplicated([]).tolist() == []


def board(columns, rows):
    """Squares, the first in the south-west corner, column by column."""
    shapes = [shapely.box(118 + x, 31 + y, 119 + x, 32 + y) for x in range(columns) for y in range(rows)]
    return GeoDataFrame(geometry=shapes, crs=4326)


def test_numbers_run_from_west_to_east_in_bands_from_the_north():
    codes = new_codes(board(3, 2), "340523001001")
    assert codes == [f"340523001001{number:03d}" for number in (4, 1, 5, 2, 6, 3)]
    assert not malformed(codes).any()


def test_a_grid_a_little_lower_than_its_neighbour_is_in_the_same_band():
    shapes = [shapely.box(2, 0.3, 3, 1.3), shapely.box(0, 0, 1, 1), shapely.box(1, 0.2, 2, 1.2)]
    assert new_codes(GeoDataFrame(geometry=shapes, crs=4326), "a", pattern=r"a\d+") == ["a003", "a001", "a002"]


def test_a_code_that_was_retired_is_never_given_again():
    assert new_codes(board(2, 1), "m-", taken={"m-001", "m-003"}, pattern=r"m-\d{3}") == ["m-002", "m-004"]


def test_codes_against_the_local_rule_and_numbers_that_run_out_are_refused():
    with pytest.raises(CodeError, match="pattern"):
        new_codes(board(1, 1), "mesa-")
    with pytest.raises(CodeError, match="run out"):
        new_codes(board(5, 2), "", digits=1, pattern=r"\d")
    assert new_codes(board(3, 3), "", digits=1, pattern=r"\d") == ["7", "4", "1", "8", "5", "2", "9", "6", "3"]
    assert new_codes(board(0, 0), "340523001001") == []


def test_a_new_grid_is_named_like_the_one_that_it_came_from() -> None:
    rule = Numbering()
    assert rule.named("340599100001029", "翠竹社区第一网格") == "翠竹社区第29网格"
    assert rule.named("340599100001009", "翠竹社区第十网格") == "翠竹社区第九网格"
    assert rule.named("340599100001009", "翠竹社区第11网格") == "翠竹社区第09网格"
    assert rule.named("340599100001009", "第一网格") == "第九网格"
    assert rule.named("340599100001029", "滨河小区") == rule.named("340599100001029") == "第29网格"
    assert Numbering(name="{number:03d}").named("340599100001029", "翠竹社区第一网格") == "029"


@pytest.mark.parametrize(
    ("code", "town", "fits"),
    [
        ("340523100003", "340523100", True),
        ("340523100003", "340523100000", True),  # as twelve digits
        ("340523101003", "340523100", False),
        ("340523101003", "340523100000", False),
        ("34052310", "340523100", False),
        ("340523101003", "城关镇", True),  # local codes
        ("C003", "T1", True),
        ("340523101003", "340523100010", True),
        ("340523101003", "３４０５２３１００", True),
    ],
)
def test_the_code_of_a_community_begins_with_that_of_its_town_unless_that_is_a_local_one(
    code: str, town: str, fits: bool
) -> None:
    assert is_of_town(code, town) is fits
