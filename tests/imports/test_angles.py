"""Coordinates as people and instruments write them: degrees, minutes and seconds, letters and words of a hemisphere."""

from __future__ import annotations

import pytest

from geo_app.imports.problems import FileRejected

HEADING = "number,经度,纬度\n"
ELSEWHERE = "".join(f"{n},118.351,31.742\n" for n in range(3))


def placed(desk) -> list[tuple[str, float, float]]:
    return [
        (key, float(x), float(y))
        for key, x, y in desk.rows(
            "SELECT number, round(ST_X(geom)::numeric, 7), round(ST_Y(geom)::numeric, 7) FROM incident ORDER BY number"
        )
    ]


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ("118°21′3.6″", "31°44′31.2″"),
        ("118°21.06'", "31°44.52'"),
        ("118度21分3.6秒", "31度44分31.2秒"),
        ("东经118.351度", "北纬31.742度"),
        ("118.351E", "31.742N"),
        ("E118.351", "n31.742"),
        ('118°21\'3.6""E', '31°44\'31.2""N'),
        ("118.351°", "31.742"),
        ("11821.06E", "3144.52N"),
        ("118 21 3.6", "31 44 31.2"),
    ],
)
def test_degrees_with_minutes_seconds_and_letters_are_found_beside_plain_numbers(desk, x: str, y: str) -> None:
    path = desk.text("a.csv", f'{HEADING}{ELSEWHERE}9,"{x}","{y}"\n')
    report = desk.take("incidents", path)
    assert (report.read, report.stored, report.quarantined) == (4, 4, 0), desk.quarantine()
    assert placed(desk)[-1] == ("9", 118.351, 31.742)
    assert desk.rows("SELECT arrived ->> '经度' FROM incident WHERE number = '9'") == [(x.replace('""', '"'),)]


def test_a_whole_file_of_minutes_and_seconds_is_found_by_auto_as_well(desk) -> None:
    rows = "".join(f"{n},118°21′{n}.5″,31°44′{n}.5″\n" for n in range(10, 40))
    path = desk.text("a.csv", HEADING + rows)
    with pytest.raises(FileRejected) as caught:  # which datum it is nobody can tell, but positions it has
        desk.take("incidents", path, "auto")
    assert caught.value.problems[0].code == "datum_unclear"
    assert desk.take("incidents", path).stored == 30


def test_a_letter_of_the_other_axis_keeps_a_row_out_and_says_why(desk) -> None:
    path = desk.text(
        "a.csv", f"{HEADING}1,118.351E,31.742N\n2,118.352E,31.743N\n3,31.742N,118.351E\n4,118.351W,31.742N\n"
    )
    report = desk.take("incidents", path)
    assert (report.stored, report.quarantined) == (2, 2)
    swapped, west = desk.quarantine()
    assert (swapped.line, swapped.code) == (4, "axes_swapped")
    assert "'31.742N'" in swapped.reason and "Swap" in swapped.remedy
    assert (west.line, west.code) == (5, "far_away") and "-118.351" in west.reason


@pytest.mark.parametrize(
    "row", ["31.742N,118.351E", "31°44′31.2″N,118.351", "北纬31.742度,东经118.351度", "30.5N,60.5E"]
)
def test_letters_that_stand_in_the_wrong_column_refuse_the_file_as_swapped(desk, row: str) -> None:
    path = desk.text("a.csv", HEADING + "".join(f"{n},{row}\n" for n in range(4)))
    with pytest.raises(FileRejected) as caught:
        desk.take("incidents", path)
    assert caught.value.problems[0].code == "axes_swapped"
    assert row.split(",")[0] in caught.value.message


def test_letters_agree_with_somebody_who_says_that_the_latitude_stands_first(desk) -> None:
    path = desk.text("a.csv", f"{HEADING}1,31.742N,118.351E\n2,31.743N,118.352E\n3,118.351E,31.742N\n")
    report = desk.take("incidents", path, "EPSG:4326", swapped=True)
    assert (report.stored, report.quarantined) == (2, 1)
    assert placed(desk)[0] == ("1", 118.351, 31.742)
    assert [row.code for row in desk.quarantine()] == ["axes_swapped"]


@pytest.mark.parametrize(
    "bad", ["118°61′", "118°21′3.6″N5", "190°", "-118.351E", "118°21.5′3″", "东", "118,351E", "118.351.2"]
)
def test_what_is_no_angle_waits_with_a_reason_and_a_remedy(desk, bad: str) -> None:
    path = desk.text("a.csv", f'{HEADING}{ELSEWHERE}9,"{bad}",31.742\n')
    report = desk.take("incidents", path)
    assert (report.stored, report.quarantined) == (3, 1)
    [row] = desk.quarantine()
    assert (row.line, row.code) == (5, "number") and bad in row.reason
    assert "118°21′3.6″" in row.remedy or "°" not in bad
