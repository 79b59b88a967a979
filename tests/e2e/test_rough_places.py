"""Incidents that were found roughly look so: hollow, with a ring in metres, and in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner
from playwright.sync_api import Browser
from sqlalchemy import text

from geo_app.cli import main
from geo_app.config import Settings
from geo_app.database.engine import Database
from tests.e2e.browsing import Visit

# The community's incidents lose their place: 82 of 287 have none.
LESS = text("UPDATE incident SET geom = NULL, match_level = 'none' WHERE match_level = 'community'")
RINGS = ".leaflet-rings-incidents-pane path"


def test_a_rough_place_has_a_hollow_dot_a_ring_and_its_radius_in_words(
    visit: Callable[..., Visit], own_address: str, found: Database, tmp_path: Path
) -> None:
    page = visit(own_address).sign_in().open("?county=mesa&view=incidents&layers=incidents,streets")
    drawn = page.context.request.get(f"{own_address}/api/layers/incidents?county=mesa").json()
    rough = [f for f in drawn["features"]["features"] if drawn["styles"][f["properties"]["style"]]["ring"]]
    # Those of the community share one ring.
    apart = {(*f["geometry"]["coordinates"], f["properties"]["radius_m"]) for f in rough}
    assert 0 < len(apart) < len(rough)
    assert page.tab.locator(RINGS).count() == len(apart)
    metres = page.tab.evaluate("""() => {
        let most = 0;
        map_main.eachLayer((one) => { if (one instanceof L.Circle) most = Math.max(most, one.getRadius()); });
        return most;
    }""")
    assert metres == 600
    card = page.tab.locator(".legend-card", has=page.tab.locator(".placed"))
    for label in [one["label"] for one in drawn["legend"]["placing"] if one["level"] != "none"]:
        assert label in card.inner_text()
    place = next(f for f in rough if f["properties"]["match_level"] == "place")
    page.tab.evaluate(
        """id => map_main.eachLayer((one) => {
            if (one.feature && one.feature.id === id && "match_level" in one.feature.properties) one.openPopup();
        })""",
        place["id"],
    )
    popup = page.tab.locator(".map-popup")
    popup.wait_for()
    words = {field["name"]: field["words"] for field in drawn["fields"]}
    assert words["match_level"]["place"] in popup.inner_text()
    assert f"{words['match_how']['place']} + {words['match_how']['relation']}" in popup.inner_text()
    assert "70 %" in popup.inner_text() and "80 " in popup.inner_text()
    page.tab.screenshot(path=str(tmp_path / "rough.png"))
    page.tab.set_viewport_size({"width": 1440, "height": 900})
    # A layer that is taken off takes its rings along.
    page.tab.evaluate("document.querySelector('[data-layer=incidents] .switch').click()")
    page.until(f"document.querySelectorAll('{RINGS}').length === 0")
    assert page.complaints == [] and page.violations() == []


def test_a_saved_map_has_the_rings_the_levels_and_the_warning(
    browser: Browser, mesa_settings: Settings, found: Database, tmp_path: Path
) -> None:
    with found.owner_session() as owner:
        owner.execute(LESS)
    environ = {
        "DATABASE_URL": mesa_settings.database_url,
        "DATABASE_OWNER_URL": mesa_settings.database_owner_url,
        "GEO_STATE": str(mesa_settings.state),
    }
    file = tmp_path / "map.html"
    made = CliRunner().invoke(
        main, ["map", "incidents", "density", "--county", "mesa", "--out", str(file)], env=environ
    )
    assert made.exit_code == 0, made.output
    context = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True, locale="zh-CN")
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.goto(file.as_uri())
    assert tab.locator(RINGS).count() > 10
    for section in tab.locator(".map-panel section").all():
        assert section.locator(".is-low").count() == 2 and "71 %" in section.locator(".is-low").first.inner_text()
        assert section.locator(".map-levels").inner_text().count("14\u00a0%") == 5
    tab.screenshot(path=str(tmp_path / "saved.png"))
    assert complaints == []
    context.close()
