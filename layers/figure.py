"""A rendered Folium figure taken apart: what links, what styles, what stands in the body, what runs."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

import folium
from branca.element import CssLink, Element, Figure, JavascriptLink

from layers.errors import AssetError


@dataclass(frozen=True)
class RenderedMap:
    """A map in pieces. `head` links the assets; `style` and `script` are without tags, so the page adds its
    nonce.

    stylesheets, scripts: the same addresses as in `head`, in order, for a page that writes its own links.
    """

    head: str
    style: str
    body: str
    script: str
    stylesheets: tuple[str, ...]
    scripts: tuple[str, ...]


class _Sorter(HTMLParser):
    """Sorts inline style and script out of HTML; what is left is passed on as it stands."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.style: list[str] = []
        self.script: list[str] = []
        self.rest: list[str] = []
        self._into = self.rest

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Takes an opening tag. Raises AssetError for one that links outside."""
        given = dict(attrs)
        address = given.get("src") or (given.get("href") if tag != "a" else None)
        if address:
            raise AssetError(f"the map links {address}, which nobody mapped to a local address")
        if "style" in given or any(name.startswith("on") for name in given):
            raise AssetError(f"the map's <{tag}> carries inline style or script, which a strict policy blocks")
        if tag == "style":
            self._into = self.style
        elif tag == "script" and given.get("type") != "application/json":
            self._into = self.script
        elif tag != "meta":  # the page has its own
            self.rest.append(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # a void element such as <meta /> has no end

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script") and self._into is not self.rest:
            self._into = self.rest
        else:
            self.rest.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._into.append(data)

    def handle_entityref(self, name: str) -> None:
        self._into.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._into.append(f"&#{name};")


def split(made: folium.Map, asset_url: Callable[[str], str]) -> RenderedMap:
    """Render a map and return it in pieces; asset_url maps Folium's name of an asset to its address.

    Only this figure's links are rewritten; Folium's own tables stay as they are.
    Raises AssetError when an asset has no address, or something in the map brings an address of its own.
    """
    figure = root(made)
    for child in list(figure._children.values()):
        child.render()
    stylesheets, scripts = [], []
    head, body = _Sorter(), _Sorter()
    for name, child in figure.header._children.items():
        if isinstance(child, CssLink):
            stylesheets.append(_address(name, child.url, asset_url))
        elif isinstance(child, JavascriptLink):
            scripts.append(_address(name, child.url, asset_url))
        else:
            head.feed(_html(child))
    head.close()
    for child in figure.html._children.values():
        body.feed(_html(child))
    body.close()
    links = [f'<link rel="stylesheet" href="{escape(url)}">' for url in stylesheets]
    links += [f'<script src="{escape(url)}"></script>' for url in scripts]
    return RenderedMap(
        head="\n".join(links + _filled(head.rest)),
        style="\n".join(_filled(head.style + body.style)),
        body="".join(body.rest).strip(),
        script="\n".join(_filled(head.script + body.script) + [_html(c) for c in figure.script._children.values()]),
        stylesheets=tuple(stylesheets),
        scripts=tuple(scripts),
    )


def root(element: Element) -> Figure:
    """Return the figure that an element of a map stands in. Raises AssetError when it stands in none."""
    figure = element.get_root()
    if not isinstance(figure, Figure):
        raise AssetError("the map stands in no figure")
    return figure


def _address(name: str, url: str, asset_url: Callable[[str], str]) -> str:
    try:
        found = asset_url(name)
    except LookupError:
        found = ""
    if not found:
        raise AssetError(f"no local address for {name}, which Folium would fetch from {url}")
    return found


def _html(child: Element) -> str:
    return str(child.render())


def _filled(texts: list[str]) -> list[str]:
    return [text.strip() for text in texts if text.strip()]
