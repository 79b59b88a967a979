"""Printing: the map fills the paper, and says what it is, of when, from whom; afterwards the page is as before."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.e2e.browsing import Visit

Open = Callable[..., Visit]
POINTS = {"a4": (842, 595), "a3": (1191, 842)}


@pytest.mark.parametrize("paper", ["a4", "a3"])
def test_a_print_is_one_landscape_page_with_title_terms_scale_north_legend_and_watermark(
    visit: Open, timed_address: str, paper: str
) -> None:
    page = visit(timed_address).sign_in().open("?county=mesa&view=map&since=2019-12-01&until=2019-12-31&hours=22-6")
    page.tab.evaluate("window.print = () => { window.printed = true; }")
    page.tab.click("#print-menu summary")
    page.tab.click(f"[data-print={paper}]")
    page.until("window.printed")
    page.tab.emulate_media(media="print")
    for name in ("#time-bar", "#layers-panel", "#gaps-panel", ".top-bar", ".leaflet-bar"):
        assert not page.tab.locator(name).first.is_visible(), name
    for name in (".print-head", ".print-foot", ".north", ".leaflet-control-scale-line", ".legend-card", ".watermark i"):
        assert page.tab.locator(name).first.is_visible(), name
    assert page.tab.inner_text(".print-head h1") == "Mesa 演示区 · 一张图"
    assert "2019-12-01 至 2019-12-31" in page.tab.inner_text("#print-words") and "22–6 时" in page.tab.inner_text(
        "#print-words"
    )
    foot = page.tab.inner_text(".print-foot")
    assert "王建国" in foot and "来源" in foot and "网格线不作为行政区域界线的依据。" in foot
    legends = page.tab.locator(".legends").bounding_box()
    last = page.tab.locator(".legend-card").last.bounding_box()
    assert legends and last and last["y"] + last["height"] <= legends["y"] + legends["height"] + 1
    pdf = page.tab.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    width, height = map(float, re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf).groups())  # type: ignore[union-attr]
    assert (round(width), round(height)) == POINTS[paper]
    page.tab.emulate_media(media="screen")
    page.tab.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.until("map_main.getSize().x === innerWidth")
    assert page.tab.locator("#layers-panel > .card").is_visible()


def test_a_screen_carries_a_faint_watermark_with_name_and_time(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open()
    mark = page.tab.locator(".watermark")
    assert re.fullmatch(r"王建国 \d{4}-\d\d-\d\d \d\d:\d\d", mark.locator("i").first.inner_text())
    assert float(mark.evaluate("(box) => getComputedStyle(box).opacity")) < 0.1
    assert mark.evaluate("(box) => getComputedStyle(box).pointerEvents") == "none"
