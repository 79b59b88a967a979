"""Answers of the API are compressed for who asks for that, and mean the same as the plain ones."""

from __future__ import annotations

import gzip
import json

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from geo_app.compression import compressed

LAYER = "/api/layers/streets?county=mesa"


@pytest.mark.parametrize("accepted", ["gzip", "gzip, deflate, br", "*", "br;q=1, gzip;q=0.2"])
def test_json_of_some_size_comes_compressed_and_says_the_same(reader: FlaskClient, accepted: str) -> None:
    plain = reader.get(LAYER)
    packed = reader.get(LAYER, headers={"Accept-Encoding": accepted})
    assert packed.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain.headers
    assert json.loads(gzip.decompress(packed.data)) == plain.get_json()
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 4
    for answer in (plain, packed):
        assert {"Accept-Encoding", "Cookie", "Accept-Language"} <= set(answer.vary)
        assert answer.headers["ETag"].startswith('W/"')


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "*;q=0"])
def test_who_does_not_accept_it_gets_plain_json(reader: FlaskClient, accepted: str) -> None:
    answer = reader.get(LAYER, headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers
    assert answer.get_json()["layer_id"] == "streets"


def test_a_tag_is_known_again_whichever_way_the_answer_came(reader: FlaskClient) -> None:
    tag = reader.get(LAYER, headers={"Accept-Encoding": "gzip"}).headers["ETag"]
    for accepted in ("gzip", "identity"):
        again = reader.get(LAYER, headers={"Accept-Encoding": accepted, "If-None-Match": tag})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
        assert "Content-Encoding" not in again.headers
        assert "Accept-Encoding" in again.vary


@pytest.mark.parametrize("address", ["/", "/healthz", "/api/counties", "/static/css/app.css", "/static/js/map.js"])
def test_pages_files_and_short_answers_stay_as_they_are(reader: FlaskClient, address: str) -> None:
    with reader.get(address, headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.status_code == 200
        assert "Content-Encoding" not in answer.headers
        assert answer.data


def test_a_part_of_a_file_is_never_compressed(reader: FlaskClient) -> None:
    with reader.get("/static/css/app.css", headers={"Accept-Encoding": "gzip", "Range": "bytes=0-9"}) as answer:
        assert (answer.status_code, len(answer.data)) == (206, 10)
        assert "Content-Encoding" not in answer.headers


def test_what_is_encoded_already_is_left_alone() -> None:
    app = Flask(__name__)
    body = gzip.compress(b"[" + b"1," * 5000 + b"1]")
    with app.test_request_context(headers={"Accept-Encoding": "gzip"}):
        given = Response(body, mimetype="application/json", headers={"Content-Encoding": "gzip"})
        assert compressed(given).data == body
        assert compressed(Response(b" " * 3000, mimetype="text/csv")).data == b" " * 3000
