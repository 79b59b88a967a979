"""Drawings to one Folium map: for a notebook, in parts for a page with a strict policy, or as one file.

Data never becomes script, HTML or template: features and texts travel as JSON in an element of type
application/json, and `drawings.js` sets every text as text. That also keeps them away from Jinja, through
which Folium passes everything that its own elements render, twice.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from typing import Any

import folium
from branca.element import Element, MacroElement
from folium.template import Template

from layers.base import N_, Drawing, Translate, drawing_json
from layers.catalogue import LAYERS
from layers.figure import RenderedMap as RenderedMap
from layers.figure import root, split
from layers.offline import document

Bounds = tuple[float, float, float, float]

TEXTS = {
    "layers": N_("Layers"),
    "how": N_("How this is computed"),
    "unplaced": N_("Without a place, not drawn:"),
    "placed": N_("{share} % placed"),
    "low": N_("Too few are placed: the map does not stand for all of them."),
    "zoom_in": N_("Zoom in"),
    "zoom_out": N_("Zoom out"),
}
SIMULATED_MARK = N_("Simulated data")
# JSON may hold these characters only inside strings, where the escaped form means the same. Without them no
# text can close an element, open a tag or reach a template literal.
UNSAFE = {ord(c): f"\\u{ord(c):04x}" for c in "<>&'`$\u2028\u2029\u0085"}


class _Map(folium.Map):
    """Folium's map without the scripts that only its markers need; the lists of folium.Map stay as they are."""

    default_js = [asset for asset in folium.Map.default_js if asset[0] == "leaflet"]
    default_css = [asset for asset in folium.Map.default_css if asset[0] == "leaflet_css"]


class _Text(Element):
    """Text that is emitted as it is: branca would take it for a Jinja template."""

    def __init__(self, text: str):
        super().__init__()
        self.text = text

    def render(self, **kwargs: Any) -> str:
        return self.text


class _Drawings(MacroElement):
    """The island of data, the script that shows it, and the style that both need."""

    _template = Template("")

    def __init__(self, content: Mapping[str, Any], shown_on: str):
        super().__init__()
        self._name, self._id = "drawings", "main"
        self.content = content
        self.shown_on = shown_on

    def render(self, **kwargs: Any) -> str:
        """Adds the drawings to the figure that this stands in, as JSON and the call that draws them."""
        figure, name = root(self), self.get_name()
        island = f'<script type="application/json" id="{name}">{island_json(self.content)}</script>'
        call = (
            f"var {name} = mapDrawings.start({self.shown_on}, "
            f'JSON.parse(document.getElementById("{name}").textContent));'
        )
        figure.header.add_child(_Text(f"<style>{_own('drawings.css')}</style>"), name=name)
        figure.html.add_child(_Text(island), name=name)
        scripts = "\n".join([_own("surfaces.js"), _own("drawings.js"), call])
        figure.script.add_child(_Text(scripts), name=name)
        return ""


def folium_map(
    drawings: Sequence[Drawing],
    *,
    translate: Translate = str,
    bounds: Bounds | None = None,
    tiles: str | None = None,
    attribution: str | None = None,
    controls: bool = True,
) -> folium.Map:
    """Return a Folium map of the drawings, in the catalogue's order from below, with legends and popups.

    translate: English message id to the text shown. bounds: west, south, east, north in degrees (EPSG:4326);
    default all that is drawn. tiles: address of a base map, none by default; attribution: its source as HTML
    from the operator's settings, never from data. controls: zoom, scale and the panel of layers. The map's
    variable in the page is `map_main`; the functions of drawings.js are `mapDrawings` there, also when
    nothing is drawn.
    """
    ordered = sorted(drawings, key=lambda d: LAYERS[d.layer_id].order if d.layer_id in LAYERS else 99)
    # Tiles are sharp at whole zooms only; without them a map may fill its frame.
    made = _Map(tiles=tiles, attr=attribution, zoom_control=False, zoom_snap=1 if tiles else 0.25)
    made.options["max_zoom"] = 20  # without tiles Leaflet would zoom without end onto a single point
    made._id = "main"
    edges = bounds or _union([d.bounds for d in ordered if d.bounds])
    content = {
        "drawings": [drawing_json(d, translate) | {"shown": _shown(d)} for d in ordered],
        "texts": {key: translate(text) for key, text in TEXTS.items()},
        "bounds": None if edges is None else [[edges[1], edges[0]], [edges[3], edges[2]]],
        "controls": controls,
    }
    made.add_child(_Drawings(content, made.get_name()))
    return made


def parts(map: folium.Map, asset_url: Callable[[str], str]) -> RenderedMap:
    """Return head, style, body and script of a map apart, for a page with a nonce and no other host.

    asset_url: takes the name that Folium gives to a script or style sheet ("leaflet", "leaflet_css"), returns
    its local address. Raises AssetError for an asset without one and for every other address in the map.
    """
    return split(map, asset_url)


def page(
    drawings: Sequence[Drawing],
    assets: Mapping[str, str],
    *,
    translate: Translate = str,
    title: str = "",
    subtitle: str = "",
    language: str = "en",
    bounds: Bounds | None = None,
) -> str:
    """Return one HTML file with data, scripts and styles inside; its own policy forbids every request.

    assets: texts of the scripts and style sheets by Folium's names, "leaflet" and "leaflet_css".
    title: shown above the map; default the layers' names. subtitle: a line below it, none by default.
    language: BCP 47 tag of the texts.
    Raises AssetError when an asset is missing.
    """
    made = folium_map(drawings, translate=translate, bounds=bounds)
    return document(
        split(made, lambda name: name),
        assets,
        title=title or " · ".join(translate(d.legend.title) for d in drawings),
        subtitle=subtitle,
        language=language,
        mark=_mark(drawings, translate),
    )


def island_json(content: Any) -> str:
    """Return JSON that cannot end the element it stands in, nor mean anything to a template."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.translate(UNSAFE)


def _mark(drawings: Sequence[Drawing], translate: Translate) -> str | None:
    made_up = [translate(d.legend.title) for d in drawings if d.simulated or d.from_simulated]
    return f"{translate(SIMULATED_MARK)} · {' · '.join(made_up)}" if made_up else None


def _shown(drawing: Drawing) -> bool:
    return LAYERS[drawing.layer_id].shown if drawing.layer_id in LAYERS else True


def _union(boxes: Sequence[Bounds]) -> Bounds | None:
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def _own(name: str) -> str:
    return files("layers").joinpath(name).read_text(encoding="utf-8")
