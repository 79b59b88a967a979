"""The page that compares two days, as it leaves the server: for whom, with which texts, scripts and days."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from geo_app.assets import folder
from geo_app.database.engine import Database
from geo_app.pages import grids_compare
from geo_app.pages.data import SHARED, modules
from tests.made_history import BEGIN, RENAMED
from tests.pages.test_data_pages import data_of


def page_of(client: FlaskClient) -> str:
    answer = client.get("/grids/compare?county=mesa")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_page_knows_the_first_day_of_any_grid_and_the_latest_change(
    planner: FlaskClient, history: Database
) -> None:
    data = data_of(page_of(planner))
    assert (data["first_day"], data["last_change"]) == (str(BEGIN), str(RENAMED))
    assert data["county"]["code"] == "mesa" and re.fullmatch(r"\d{4}-\d\d-\d\d", data["today"])


def test_grids_that_never_changed_have_neither(reader: FlaskClient) -> None:
    data = data_of(page_of(reader))
    assert data["first_day"] is None and data["last_change"] is None


def test_B02_the_page_of_another_county_is_not_there(stranger: FlaskClient, mesa_app) -> None:  # type: ignore[no-untyped-def]
    assert stranger.get("/grids/compare?county=mesa").status_code == 404
    assert mesa_app.test_client().get("/grids/compare").status_code == 302


def test_E02_every_address_is_of_this_server_and_nothing_is_inline(reader: FlaskClient) -> None:
    page = page_of(reader)
    addresses = re.findall(r'(?:src|href|action)="([^"]*)"', page)
    assert [address for address in addresses if not address.startswith(("/", "#"))] == []
    assert re.findall(r'<[^>]*\s(?:style|on\w+)="', page) == []


def test_every_text_that_a_script_asks_for_is_there_and_none_in_vain() -> None:
    scripts = {name: (folder() / "js" / f"{name}.js").read_text(encoding="utf-8") for name in modules("grids_compare")}
    own = "\n".join(source for name, source in scripts.items() if name.startswith("grids_compare"))
    asked = set(re.findall(r'\btext\(\s*"(\w+)"(?!\s*\+)', own)) | set(re.findall(r'\? "(\w+)" : "\w+"\)', own))
    built = {f"compare_{kind}" for kind in re.findall(r'"(\w+)"', re.search(r"KINDS = \[(.*?)\]", own)[1])}  # type: ignore[index]
    assert (asked | built) - {*grids_compare.TEXTS, *SHARED} == set()
    assert set(grids_compare.TEXTS) - asked - built == set()
