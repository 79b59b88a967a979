"""A saved map in a real browser: it opens without a network, and no text in it runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from layers.catalogue import LAYERS
from layers.render import folium_map, page, parts
from tests.layers.frames import FRAMES

LEAFLET = Path(__file__).parents[2] / "static" / "vendor" / "leaflet"
HOSTILE = (
    "<img src=x onerror=\"window.ran='img'\">${window.ran='template'}`{{7*7}}"
    "</script><script>window.ran='script'</script>'\"<svg onload=\"window.ran='svg'\">"
)


class Watched:
    """A page and all that went wrong in it."""

    def __init__(self, tab: Page):
        self.tab, self.requests, self.messages = tab, [], []
        tab.on("request", lambda request: self.requests.append(request.url))
        tab.on("console", lambda message: self.messages.append(message.text))
        tab.on("pageerror", lambda error: self.messages.append(str(error)))


@pytest.fixture
def watched(browser) -> Iterator[Watched]:
    tab = browser.new_page(viewport={"width": 1366, "height": 768})
    yield Watched(tab)
    tab.close()


def assets() -> dict[str, str]:
    return {
        "leaflet": (LEAFLET / "leaflet.js").read_text(encoding="utf-8"),
        "leaflet_css": (LEAFLET / "leaflet.css").read_text(encoding="utf-8"),
    }


def save(folder: Path, text: str = "人民路", **options) -> str:
    drawings = [layer.draw(FRAMES[layer.source](text=text)) for layer in LAYERS.values()]
    path = folder / "map.html"
    path.write_text(page(drawings, assets(), **options), encoding="utf-8")
    return path.as_uri()


def test_E02_a_saved_map_asks_for_nothing_and_shows_every_layer(watched, tmp_path):
    address = save(tmp_path, title="示范县", language="zh-Hans")
    watched.tab.goto(address)
    assert watched.requests == [address]
    assert watched.messages == []
    assert watched.tab.inner_text("h1") == "示范县"
    assert watched.tab.locator(".map-panel section").count() == len(LAYERS)
    assert watched.tab.locator(".leaflet-control-scale").count() == 1
    assert watched.tab.evaluate("window.map_main === map_main && map_main instanceof L.Map")
    assert "leafletjs" not in watched.tab.content().split("<script")[0]
    assert watched.tab.locator(".leaflet-control-attribution").inner_text() == ""


def test_E01_hostile_texts_in_every_field_title_and_legend_are_shown_and_never_run(watched, tmp_path):
    watched.tab.goto(save(tmp_path, HOSTILE, title=HOSTILE, translate=lambda text: f"{text} {HOSTILE}"))
    shown = watched.tab.evaluate(
        """() => {
            const texts = [];
            map_main.eachLayer((layer) => {
                if (!layer.feature) return;
                layer.openPopup();
                const popup = layer.getPopup().getElement();
                texts.push(popup.querySelector(".map-popup").textContent);
                layer.closePopup();
            });
            return texts;
        }"""
    )
    assert len(shown) > 20
    assert all(HOSTILE in text for text in shown)
    for summary in watched.tab.locator(".map-legend summary").all():
        summary.click()
    assert watched.tab.evaluate("window.ran") is None
    assert watched.tab.locator(".map-popup img, .map-panel img, .map-panel script, h1 *").count() == 0
    assert watched.messages == []
    assert len(watched.requests) == 1


def test_gaps_are_hatched_and_a_layer_goes_and_comes_back_in_its_place(watched, tmp_path):
    watched.tab.goto(save(tmp_path))
    assert watched.tab.locator('.leaflet-drawing-patrol_gaps-pane path[stroke="url(#hatch-c2187b)"]').count() == 4
    assert watched.tab.locator("#hatch-c2187b line").count() == 1
    gaps = watched.tab.locator(".map-panel label", has_text="Patrol gaps").locator("input")
    gaps.uncheck()
    assert watched.tab.locator(".leaflet-drawing-patrol_gaps-pane path").count() == 0
    gaps.check()
    order = watched.tab.evaluate(
        "['patrol_coverage', 'patrol_gaps', 'incidents'].map((id) => +map_main.getPane('drawing-' + id).style.zIndex)"
    )
    assert order == sorted(order)
    unseen = watched.tab.locator(".map-panel label", has_text="Unseen streets").locator("input")
    assert not unseen.is_checked()


def test_values_have_units_words_and_local_times(watched, tmp_path):
    watched.tab.goto(save(tmp_path))
    rows = watched.tab.evaluate(
        """() => {
            const found = {};
            map_main.eachLayer((layer) => {
                if (!layer.feature) return;
                layer.openPopup();
                const popup = layer.getPopup().getElement();
                const of = found[popup.querySelector("h3").textContent] ||= [];
                of.push([...popup.querySelectorAll("tr")].map((row) => [...row.children].map((c) => c.textContent)));
                layer.closePopup();
            });
            return found;
        }"""
    )
    gaps = [dict(rows_of) for rows_of in rows["Patrol gaps"]]
    assert {gap["Longest time without a patrol"] for gap in gaps} == {"no patrol at all", "9.5 h"}
    assert {gap["A patrol is asked for every"] for gap in gaps} == {"2 h", "8 h"}
    incidents = [dict(rows_of) for rows_of in rows["Incidents"]]
    assert {incident["From"] for incident in incidents} == {"time unknown", "2026-03-01 08:30"}
    assert {incident["Simulated"] for incident in incidents} == {"yes", "no"}
    assert [dict(rows_of)["Length"] for rows_of in rows["Patrol routes"]] == ["1,235 m"] * 2


def test_the_parts_of_a_map_run_under_a_policy_with_a_nonce(watched, tmp_path):
    drawings = [layer.draw(FRAMES[layer.source](text=HOSTILE)) for layer in LAYERS.values()]
    rendered = parts(folium_map(drawings), {"leaflet": "leaflet.js", "leaflet_css": "leaflet.css"}.__getitem__)
    policy = "default-src 'none'; script-src 'nonce-n1'; style-src 'nonce-n1' http://map.test; img-src http://map.test"
    html = (
        f'<!doctype html><meta charset="utf-8"><title>map</title>'
        f'<link rel="icon" href="data:,">'
        f'{rendered.head.replace("<script ", "<script nonce=n1 ")}<style nonce="n1">{rendered.style}</style>'
        f'{rendered.body}<script nonce="n1">{rendered.script}</script>'
    )

    def serve(route):
        name = route.request.url.rsplit("/", 1)[-1]
        if name:
            route.fulfill(path=LEAFLET / name)
        else:
            route.fulfill(body=html, content_type="text/html", headers={"Content-Security-Policy": policy})

    watched.tab.route("http://map.test/**", serve)
    watched.tab.goto("http://map.test/")
    assert watched.tab.locator(".map-panel section").count() == len(LAYERS)
    assert watched.tab.evaluate("window.ran") is None
    assert [text for text in watched.messages if "data:," not in text] == []


def test_on_a_phone_the_panel_is_folded_at_first(browser, tmp_path):
    tab = browser.new_page(viewport={"width": 390, "height": 844})
    tab.goto(save(tmp_path))
    assert tab.locator(".map-panel").get_attribute("open") is None
    tab.locator(".map-panel > summary").click()
    assert tab.locator(".map-panel section").first.is_visible()
    assert tab.evaluate("document.documentElement.scrollWidth") == 390
    tab.close()
