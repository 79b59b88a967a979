from grid_boundaries.codes import duplicated, malformed


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
