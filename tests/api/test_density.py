"""GET /api/layers/density: a picture that a browser can show, for the terms that were asked."""

from __future__ import annotations

from base64 import b64decode

from flask.testing import FlaskClient


def test_the_answer_holds_a_picture_its_place_its_legend_and_its_facts(reader: FlaskClient) -> None:
    answer = reader.get("/api/layers/density?county=mesa").get_json()
    raster = answer["raster"]
    assert b64decode(raster["png"]).startswith(b"\x89PNG\r\n\x1a\n")
    west, south, east, north = raster["bounds"]
    assert -111.86 < west < east < -111.8 and 33.38 < south < north < 33.45
    assert set(raster["styles"]) < set(answer["styles"])
    assert answer["legend"]["n"] == 287 and answer["legend"]["placed_share"] == 1
    assert answer["facts"]["bandwidth_m"] == answer["facts"]["proposed_m"] == 200
    assert "%(" not in answer["legend"]["note"] + answer["facts"]["reason"]


def test_a_bandwidth_makes_another_picture_and_what_does_not_matter_the_same(reader: FlaskClient) -> None:
    first = reader.get("/api/layers/density?county=mesa")
    wide = reader.get("/api/layers/density?county=mesa&bandwidth=500")
    assert wide.get_json()["facts"]["bandwidth_m"] == 500
    assert wide.get_json()["raster"] != first.get_json()["raster"]
    same = reader.get("/api/layers/density?county=mesa&sight=80&asked=ABC")
    assert same.headers["ETag"] == first.headers["ETag"]
    again = reader.get("/api/layers/density?county=mesa", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_a_bandwidth_out_of_range_is_refused(reader: FlaskClient) -> None:
    for asked in ("19", "20001", "0", "-5", "nan", "wide"):
        assert reader.get(f"/api/layers/density?county=mesa&bandwidth={asked}").status_code == 400


def test_a_choice_without_incidents_has_a_sentence_and_no_picture(reader: FlaskClient) -> None:
    answer = reader.get("/api/layers/density?county=mesa&since=1990-01-01&until=1990-12-31").get_json()
    assert (answer["raster"], answer["legend"]["n"]) == (None, 0)
    assert answer["notice"]
