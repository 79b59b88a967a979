"""Texts that came with the data are text, whatever is written in them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text

from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from tests.e2e.browsing import Visit

HOSTILE = (
    "<img src=x onerror=\"window.ran='img'\">${window.ran='template'}`{{7*7}}{% raw %}"
    "</script><script>window.ran='script'</script>'\"<svg onload=\"window.ran='svg'\">"
)
COLUMNS = {
    "street": ("name", "road_class"),
    "incident": ("number", "category", "arrived_address", "match_level"),
    "patrol_route": ("name",),
    "camera": ("name", "code", "kind"),
    "grid": ("name",),
}


@pytest.fixture
def hostile(mesa: Database, mesa_scope: Scope) -> None:
    """Hostile text in every column of text that reaches the map, and in the county's name."""
    with mesa.owner_session() as owner:
        for table, columns in COLUMNS.items():
            for column in columns:
                owner.execute(text(f"UPDATE {table} SET {column} = :text"), {"text": HOSTILE})
        owner.execute(text("UPDATE county SET name = :text WHERE code = 'mesa'"), {"text": HOSTILE})
        owner.execute(text("UPDATE app_user SET name = :text"), {"text": HOSTILE})
        owner.execute(
            text(
                "INSERT INTO team (county_id, admin_area_id, police_area_id, name) SELECT county_id, admin_area_id,"
                " police_area_id, :text FROM patrol_route LIMIT 1"
            ),
            {"text": HOSTILE},
        )
        owner.execute(text("UPDATE patrol_route SET team_id = (SELECT max(id) FROM team)"))
        owner.execute(
            text(
                "INSERT INTO grid (county_id, admin_area_id, police_area_id, stable_id, code, name, kind, geom)"
                " SELECT county_id, admin_area_id, police_area_id, 1, :text, :text, :text,"
                " ST_Multi(ST_MakeEnvelope(-111.835, 33.41, -111.83, 33.415, 4326)) FROM street LIMIT 1"
            ),
            {"text": HOSTILE},
        )
        owner.execute(
            text(
                "UPDATE grid_worker SET name = :text, telephone = :text WHERE grid_stable_id = 1 AND role = 'grid_leader'"
            ),
            {"text": HOSTILE},
        )


def test_E01_hostile_texts_on_the_map_page_are_shown_and_never_run(
    visit: Callable[..., Visit], own_address: str, hostile: None
) -> None:
    page = (
        visit(own_address)
        .sign_in()
        .open("?county=mesa&layers=grids,cameras,patrol_routes,incidents,streets,patrol_gaps,patrol_coverage")
    )
    shown = page.tab.evaluate(
        """() => {
            const texts = [], seen = {};
            map_main.eachLayer((layer) => {
                if (!layer.feature || !layer.getPopup || !layer.getPopup()) return;
                const pane = layer.options.pane;
                seen[pane] = (seen[pane] || 0) + 1;
                if (seen[pane] > 5) return; // of each layer a few: all are made by the same function
                layer.openPopup();
                texts.push(layer.getPopup().getElement().querySelector(".map-popup").textContent);
                layer.closePopup();
            });
            return texts;
        }"""
    )
    assert len(shown) > 25
    assert all(HOSTILE in popup for popup in shown)
    for name in ("grids", "cameras", "patrol_routes", "incidents", "streets", "patrol_gaps"):
        page.tab.locator(f'[data-layer="{name}"] .button-icon').click()
    page.tab.locator("[data-gap]").first.click()
    page.tab.locator(".map-popup").wait_for()
    assert HOSTILE in page.tab.inner_text("[data-gap] >> nth=0")
    assert HOSTILE in page.tab.inner_text("#county-menu summary")
    assert page.tab.evaluate("window.ran") is None
    assert page.tab.locator('img[src="x"], .map-popup script, .gap-list script, svg[onload]').count() == 0
    assert page.complaints == [] and page.violations() == []
