"""The density on the map page: its colours stand where incidents do, keep their meaning, and say what they mean."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import expect
from pyproj import Transformer

from layers.incidents.bandwidth import cell_size, proposed_bandwidth
from layers.incidents.density import Surface, density_surface
from tests.e2e.browsing import Visit
from tests.layers.mesa import METRIC, mesa

Open = Callable[..., Visit]
CANVAS = ".leaflet-drawing-density-pane canvas.map-surface[data-painted]"
ALONE = "?county=mesa&layers=density"
# Red, green, blue, opacity of the canvas at each of these places of the screen, from the map's corner.
PIXELS = """(places) => {
  const canvas = document.querySelector(".leaflet-drawing-density-pane canvas");
  const box = canvas.getBoundingClientRect();
  const map = map_main.getContainer().getBoundingClientRect();
  const ratio = canvas.width / box.width;
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  return places.map(([x, y]) => [...context.getImageData(
    Math.round((x + map.x - box.x) * ratio), Math.round((y + map.y - box.y) * ratio), 1, 1).data]);
}"""
PLACE = "([lat, lng]) => { const p = map_main.latLngToContainerPoint([lat, lng]); return [p.x, p.y]; }"


@pytest.fixture(scope="module")
def surface() -> Surface:
    """The surface of Mesa, computed here."""
    xy = mesa().crimes.get_coordinates().to_numpy()
    bandwidth = proposed_bandwidth(xy).metres
    (west, south), (east, north) = xy.min(axis=0) - bandwidth, xy.max(axis=0) + bandwidth
    box = (west, south, east, north)
    return density_surface(xy, None, bandwidth, cell_size(box, bandwidth), box, crs=METRIC)


def at(surface: Surface, mask) -> list[float]:
    """Latitude and longitude of the densest cell that the mask leaves."""
    row, column = divmod(int((surface.values * mask).argmax()), surface.values.shape[1])
    east, north = surface.centres()
    lon, lat = Transformer.from_crs(METRIC, 4326, always_xy=True).transform(east[column], north[row])
    return [lat, lon]


def opened(visit: Open, address: str, query: str = ALONE, **options) -> Visit:
    page = visit(address, **options).sign_in().open(query)
    page.tab.wait_for_selector(CANVAS, state="attached")
    return page


def look(page: Visit, place: list[float], zoom: float) -> tuple[float, float]:
    """Moves the map there without animation and returns the place on the screen."""
    page.tab.evaluate("([place, zoom]) => map_main.setView(place, zoom, {animate: false})", [place, zoom])
    x, y = page.tab.evaluate(PLACE, place)
    return x, y


def colour(page: Visit, place: tuple[float, float]) -> list[int]:
    return page.tab.evaluate(PIXELS, [place])[0]


def test_the_densest_place_has_the_strongest_colour_at_every_zoom(visit: Open, address: str, surface: Surface) -> None:
    page = opened(visit, address)
    hot = at(surface, 1)
    for zoom in (14, 15.5, 17, 19):
        assert colour(page, look(page, hot, zoom))[:3] == pytest.approx([0xBD, 0x00, 0x26], abs=3)
    far = [hot[0] + 0.05, hot[1]]
    assert colour(page, look(page, far, 15))[3] == 0
    assert page.complaints == [] and page.violations() == []


def test_few_cases_are_hatched_with_lines_that_keep_their_width(visit: Open, address: str, surface: Surface) -> None:
    page = opened(visit, address)
    lonely = at(surface, surface.cases == 3)
    for zoom in (17, 18, 19):
        x, y = look(page, lonely, zoom)
        row = page.tab.evaluate(PIXELS, [[x + step, y] for step in range(-27, 27)])
        # The lines are darker than the ground between them: one every nine pixels.
        dark = [pixel[2] < 90 for pixel in row]
        begins = sum(now and not before for before, now in pairwise(dark))
        assert begins in (5, 6, 7)
    many = look(page, at(surface, surface.cases > 20), 19)
    row = page.tab.evaluate(PIXELS, [[many[0] + step, many[1]] for step in range(-27, 27)])
    assert len({tuple(pixel) for pixel in row}) == 1


def test_a_dark_page_has_colours_for_dark_ground_at_once(visit: Open, address: str, surface: Surface) -> None:
    page = opened(visit, address)
    place = look(page, at(surface, 1), 17)
    light = colour(page, place)
    page.tab.locator("#user-menu summary").click()
    page.tab.locator('[data-set-theme="dark"]').click()
    dark = colour(page, place)
    assert sum(dark[:3]) > sum(light[:3]) + 200  # the strongest is the lightest
    assert colour(opened(visit, address, color_scheme="dark"), look(page, at(surface, 1), 17))[3] > 0


def test_a_click_says_what_the_colour_means(visit: Open, address: str, surface: Surface) -> None:
    page = opened(visit, address)
    legend = page.context.request.get(f"{address}/api/layers/density?county=mesa").json()["legend"]
    x, y = look(page, at(surface, 1), 17)
    page.tab.locator("#map_main").click(position={"x": x, "y": y})
    popup = page.tab.locator(".map-popup")
    popup.wait_for()
    text = popup.inner_text()
    assert legend["title"] in text and legend["scale"] in text and legend["entries"][5]["label"] in text
    assert popup.locator("tr").count() == 1
    page.tab.keyboard.press("Escape")
    x, y = look(page, at(surface, surface.cases == 3), 17)
    page.tab.locator("#map_main").click(position={"x": x, "y": y})
    expect(popup.locator("tr")).to_have_count(2)


def test_a_click_on_nothing_or_while_a_route_is_drawn_says_nothing(visit: Open, address: str, surface: Surface) -> None:
    page = opened(visit, address, ALONE + "&view=patrol")
    hot = at(surface, 1)
    x, y = look(page, [hot[0] + 0.05, hot[1]], 17)
    page.tab.locator("#map_main").click(position={"x": x, "y": y})
    x, y = look(page, hot, 17)
    page.tab.locator("#draw-route").click()
    page.tab.wait_for_timeout(300)
    x, y = look(page, hot, 17)
    page.tab.locator("#map_main").click(position={"x": x, "y": y})
    page.tab.wait_for_timeout(200)
    assert page.tab.locator(".map-popup").count() == 0


def test_the_layer_goes_and_comes_back_below_the_streets(visit: Open, address: str) -> None:
    page = opened(visit, address, "?county=mesa&layers=streets,density")
    order = page.tab.evaluate(
        "['density', 'streets-road'].map((id) => +getComputedStyle(map_main.getPane('drawing-' + id)).zIndex)"
    )
    assert order[0] < order[1]
    row = page.tab.locator('[data-layer="density"]')
    row.locator("label").click()
    expect(page.tab.locator(CANVAS)).to_have_count(0)
    row.locator("label").click()
    expect(page.tab.locator(CANVAS)).to_have_count(1)


def test_the_canvas_follows_the_map_when_it_is_zoomed_and_resized(visit: Open, address: str, surface: Surface) -> None:
    page = opened(visit, address)
    hot = at(surface, 1)
    look(page, hot, 16)
    page.tab.evaluate("place => map_main.setZoomAround(place, 17)", hot)
    page.tab.wait_for_timeout(600)
    assert colour(page, page.tab.evaluate(PLACE, hot))[:3] == pytest.approx([0xBD, 0x00, 0x26], abs=3)
    page.tab.set_viewport_size({"width": 900, "height": 700})
    page.tab.wait_for_timeout(300)
    assert colour(page, page.tab.evaluate(PLACE, hot))[:3] == pytest.approx([0xBD, 0x00, 0x26], abs=3)
    width, whole = page.tab.evaluate(
        "[document.querySelector('.leaflet-drawing-density-pane canvas').getBoundingClientRect().width,"
        " map_main.getSize().x]"
    )
    assert width >= whole


def test_a_surface_that_takes_the_place_of_another_leaves_no_moment_without_one(visit: Open, address: str) -> None:
    page = opened(visit, address)
    counts = page.tab.evaluate(
        """async () => {
          const answer = await (await fetch("/api/layers/density?county=mesa&bandwidth=400")).json();
          const pane = document.querySelector(".leaflet-drawing-density-pane");
          const count = () => [pane.querySelectorAll("canvas").length, pane.querySelectorAll("canvas[data-painted]").length];
          let old = null;
          map_main.eachLayer((layer) => { if (layer.valueAt) old = layer; });
          const found = [];
          old.remove();
          const made = window.mapDrawings.layer(map_main, answer, {}).addTo(map_main);
          found.push(count());
          while (pane.querySelector("canvas:not([data-painted])")) {
            found.push(count());
            await new Promise((done) => setTimeout(done, 5));
          }
          found.push(count());
          made.remove();
          await new Promise((done) => setTimeout(done, 50));
          return [...found, count()];
        }"""
    )
    assert all(painted == 1 for _, painted in counts[:-1])
    assert (counts[0], counts[-2], counts[-1]) == ([2, 1], [1, 1], [0, 0])
