import json
import re
from html import escape
from html.parser import HTMLParser

import folium
import pytest

from layers.catalogue import LAYERS
from layers.errors import AssetError
from layers.render import folium_map, island_json, page, parts
from tests.layers.frames import FRAMES

HOSTILE = "<img src=x onerror=alert(1)>${alert(2)}`{{7*7}}{% raw %}</script><script>alert(3)</script>&'\"\u2028"
LOCAL = {"leaflet": "/static/leaflet.js", "leaflet_css": "/static/leaflet.css"}
ASSETS = {"leaflet": "window.L = {};", "leaflet_css": ".leaflet { background: url(images/layers.png); }"}


def drawings(text="人民路", size=()):
    return [layer.draw(FRAMES[layer.source](*size, text=text)) for layer in LAYERS.values()]


class Reader(HTMLParser):
    """What a browser would see: tags with their attributes, and the text of each script."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.scripts, self._script = [], [], False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._script = tag == "script"

    def handle_data(self, data):
        if self._script:
            self.scripts.append(data)
            self._script = False


def island(html):
    return json.loads(re.search(r'<script type="application/json"[^>]*>(.*?)</script>', html, re.DOTALL)[1])


def test_E01_hostile_texts_are_only_in_the_island_and_only_escaped():
    html = page(drawings(HOSTILE), ASSETS, title=HOSTILE, translate=lambda text: text + HOSTILE)
    for piece in ("<img src=x", "${alert", "`{{7*7}}", "</script><script>alert"):
        # Title and mark stand in the page itself, escaped as HTML; nothing else does.
        assert piece not in html.replace(escape(HOSTILE), "")
    reader = Reader(html)
    assert {tag for tag, _ in reader.tags} == {
        "html", "head", "meta", "link", "title", "style", "body", "div", "script", "header", "h1", "p", "span",
    }  # fmt: skip
    assert not [attrs for _, attrs in reader.tags if any(name.startswith("on") for name in attrs)]
    assert len(reader.scripts) == 3  # the island, Leaflet, ours
    row = next(d for d in island(html)["drawings"] if d["layer_id"] == "incidents")["features"]["features"][1]
    assert row["properties"]["address"] == HOSTILE


def test_E01_texts_never_reach_a_template_of_folium_or_branca():
    html = folium_map(drawings("{{ 7 * 7 }}{% for %}")).get_root().render()
    assert "{{ 7 * 7 }}{% for %}" in html
    drawn = next(d for d in island(html)["drawings"] if d["layer_id"] == "incidents")
    assert drawn["features"]["features"][1]["properties"]["address"] == "{{ 7 * 7 }}{% for %}"


def test_island_json_holds_no_character_that_means_something_outside_json():
    text = island_json({HOSTILE: [HOSTILE, 1.5, None, True]})
    assert not set("<>&'`$\u2028\u2029") & set(text)
    assert json.loads(text) == {HOSTILE: [HOSTILE, 1.5, None, True]}
    with pytest.raises(ValueError, match="JSON"):
        island_json(float("nan"))


def test_parts_carry_no_inline_style_or_script_and_name_only_given_addresses():
    rendered = parts(folium_map(drawings()), LOCAL.__getitem__)
    assert rendered.stylesheets == ("/static/leaflet.css",)
    assert rendered.scripts == ("/static/leaflet.js",)
    outside = Reader(rendered.head + rendered.body)
    assert [tag for tag, _ in outside.tags] == ["link", "script", "div", "script"]
    assert outside.tags[-1][1]["type"] == "application/json"
    assert not [attrs for _, attrs in outside.tags if "style" in attrs]
    assert "<" not in rendered.style
    assert "var map_main = L.map(" in rendered.script
    assert "L_NO_TOUCH" in rendered.script
    assert not re.search(
        r"https?://(?!www\.w3\.org/2000/svg)", "".join((rendered.head, rendered.style, rendered.script))
    )


def test_parts_without_drawings_still_bring_the_map_and_the_functions_that_draw():
    rendered = parts(folium_map([], controls=False), LOCAL.__getitem__)
    assert "window.mapDrawings" in rendered.script
    assert 'id="map_main"' in rendered.body
    assert island(rendered.body)["drawings"] == []


def test_an_asset_without_a_local_address_is_an_error_that_names_it():
    with pytest.raises(AssetError, match="leaflet_css"):
        parts(folium_map([]), {"leaflet": "/leaflet.js"}.__getitem__)
    with pytest.raises(AssetError, match="leaflet"):
        parts(folium_map([]), lambda name: "")
    with pytest.raises(AssetError, match=r"bootstrap|jquery"):
        parts(folium.Map(tiles=None), LOCAL.__getitem__)
    with pytest.raises(AssetError, match="leaflet_css"):
        page([], {"leaflet": ""})


def test_an_address_that_an_element_writes_itself_is_an_error():
    for html in ('<img src="//evil.example/x.png">', '<p style="color:red">', '<b onclick="x()">'):
        made = folium_map([])
        made.get_root().html.add_child(folium.Element(html))
        with pytest.raises(AssetError):
            parts(made, LOCAL.__getitem__)


def test_folium_itself_keeps_its_own_addresses_afterwards():
    before = folium.Map(tiles=None).get_root().render()
    parts(folium_map(drawings()), LOCAL.__getitem__)
    page(drawings(), ASSETS)
    after = folium.Map(tiles=None).get_root().render()
    addresses = re.compile(r'(?:src|href)="(https://[^"]+)"')
    assert addresses.findall(before) == addresses.findall(after)
    assert len(addresses.findall(after)) > 5


def test_the_same_drawings_give_the_same_page_and_a_map_can_be_taken_apart_twice():
    assert page(drawings(), ASSETS) == page(drawings(), ASSETS)
    made = folium_map(drawings())
    assert parts(made, LOCAL.__getitem__) == parts(made, LOCAL.__getitem__)


def test_layers_lie_in_the_catalogues_order_and_some_are_off_at_first():
    content = island(page(drawings()[::-1], ASSETS))
    assert [d["layer_id"] for d in content["drawings"]] == list(LAYERS)
    assert {d["layer_id"] for d in content["drawings"] if not d["shown"]} == {
        "unseen_streets",
        "hot_spots",
        "hot_streets",
        "repeat_places",
    }


def test_a_page_says_what_is_simulated_and_forbids_every_request():
    html = page(drawings(), ASSETS, title="示范县", language="zh-Hans")
    assert '<span class="map-simulated">Simulated data · ' in html
    assert '<html lang="zh-Hans">' in html
    policy = next(attrs["content"] for _, attrs in Reader(html).tags if "content-security-policy" in str(attrs).lower())
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "url(images" not in html
    assert '<span class="map-simulated">' not in page([drawings()[2]], ASSETS)


def test_a_script_that_speaks_of_scripts_does_not_end_its_element():
    html = page([], {"leaflet": 'var a = "</script>";\r\n//# sourceMappingURL=x.map', "leaflet_css": "</style><p>"})
    assert [tag for tag, _ in Reader(html).tags].count("script") == 3
    assert "sourceMappingURL" not in html
    assert "</style><p>" not in html


def test_bounds_are_those_of_all_drawings_unless_given():
    everything = island(page(drawings(), ASSETS))["bounds"]
    # North to the edge of the grids, east to the end of the sixth piece of the gaps.
    assert everything == [[31.74, 118.35], [31.741, 118.356]]
    given = page(drawings(), ASSETS, bounds=(118.0, 31.0, 119.0, 32.0))
    assert island(given)["bounds"] == [[31.0, 118.0], [32.0, 119.0]]
    assert island(page(drawings(size=(0,)), ASSETS))["bounds"] is None


def test_a_base_map_is_shown_only_when_its_address_is_given():
    assert "L.tileLayer" not in folium_map([]).get_root().render()
    with_tiles = folium_map([], tiles="/tiles/{z}/{x}/{y}.png", attribution="Survey office")
    assert "/tiles/{z}/{x}/{y}.png" in parts(with_tiles, LOCAL.__getitem__).script
