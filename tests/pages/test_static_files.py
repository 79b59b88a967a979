"""Static files: kept for ever under the address of their content, nothing else than them served."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from geo_app.assets import folder, map_texts, version


def test_a_file_under_the_version_of_now_is_kept_for_ever(reader: FlaskClient) -> None:
    with reader.get(f"/static/{version(folder())}/css/tokens.css") as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.mimetype == "text/css"


@pytest.mark.parametrize("prefix", ["", "v000000000000/"])
def test_a_file_without_version_or_of_another_release_is_asked_for_again(reader: FlaskClient, prefix: str) -> None:
    with reader.get(f"/static/{prefix}css/tokens.css") as answer:
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


def test_modules_are_scripts_whatever_the_machines_table_of_types_says(reader: FlaskClient) -> None:
    with reader.get("/static/js/map.js") as answer:
        assert answer.mimetype == "text/javascript"


@pytest.mark.parametrize(
    "path",
    ["../pyproject.toml", "..%2fpyproject.toml", "%2e%2e/pyproject.toml", "v000000000000/../../pyproject.toml", "js", "",
     "js/..%5c..%5cpyproject.toml", "js/map.js%00.css", ".gitignore"],
)  # fmt: skip
def test_D02_nothing_outside_the_folder_is_served(reader: FlaskClient, path: str) -> None:
    assert reader.get(f"/static/{path}").status_code in {400, 404}


def test_static_files_are_there_before_anybody_signs_in(reader: FlaskClient) -> None:
    stranger = reader.application.test_client()
    with stranger.get("/static/css/app.css") as answer:
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers


def test_what_a_map_needs_is_there() -> None:
    texts = map_texts()
    assert "Leaflet 1.9.4" in texts["leaflet"] and ".leaflet-pane" in texts["leaflet_css"]
