"""A saved map with every layer of the demonstration: it opens with the network unplugged and says what it stands for."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner
from playwright.sync_api import Browser

from geo_app.cli import main
from geo_app.config import Settings
from layers.catalogue import LAYERS


def test_E02_a_saved_map_of_all_layers_opens_without_any_network(
    browser: Browser, mesa_settings: Settings, tmp_path: Path
) -> None:
    environ = {
        "DATABASE_URL": mesa_settings.database_url,
        "DATABASE_OWNER_URL": mesa_settings.database_owner_url,
        "GEO_STATE": str(mesa_settings.state),
    }
    file = tmp_path / "map.html"
    options = ("--county", "mesa", "--out", str(file), "--sight", "80", "--area", "mesa")
    made = CliRunner().invoke(main, ["map", *LAYERS, *options], env=environ)
    assert made.exit_code == 0, made.output
    context = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True, locale="zh-CN")
    tab = context.new_page()
    requests: list[str] = []
    complaints: list[str] = []
    tab.on("request", lambda request: requests.append(request.url))
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.goto(file.as_uri())
    sections = tab.locator(".map-panel section")
    assert sections.count() == len(LAYERS)
    for tick in tab.locator(".map-panel section input[type=checkbox]").all():
        tick.set_checked(True)
    drawn = tab.evaluate(
        """() => { let parts = 0; map_main.eachLayer((layer) => { if (layer.feature) parts += 1; }); return parts; }"""
    )
    assert drawn > 1500
    opened = tab.evaluate(
        """() => {
            let opened = 0;
            map_main.eachLayer((layer) => {
                if (opened > 40 || !layer.feature || !layer.getPopup()) return;
                layer.openPopup();
                opened += layer.getPopup().getElement().querySelector(".map-popup").textContent.length > 0;
                layer.closePopup();
            });
            return opened;
        }"""
    )
    assert opened > 40
    said = tab.inner_text(".map-said")
    assert "80" in said and "Mesa" in said
    tab.screenshot(path=str(tmp_path / "saved.png"))
    # Pictures of surfaces are made in the page.
    assert [url for url in requests if not url.startswith(("data:", "blob:"))] == [file.as_uri()]
    assert complaints == []
    context.close()
