"""A map as one file that opens without any network."""

import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from html import escape

from layers.errors import AssetError
from layers.figure import RenderedMap


def document(
    rendered: RenderedMap, assets: Mapping[str, str], *, title: str, subtitle: str, language: str, mark: str | None
) -> str:
    """Return an HTML document with everything inside.

    rendered: a map whose addresses are names of assets. assets: their texts. mark: said about simulated data.
    The policy in the document allows exactly its own scripts, by their hashes, and no request at all.
    Raises AssetError when the text of an asset is missing.
    """
    missing = [name for name in (*rendered.stylesheets, *rendered.scripts) if name not in assets]
    if missing:
        raise AssetError(f"the texts of {', '.join(missing)} are needed to put a map into one file")
    style = "\n".join([*(_without_addresses(assets[name]) for name in rendered.stylesheets), rendered.style])
    scripts = [_closed(assets[name]) for name in rendered.scripts] + [_closed(rendered.script)]
    hashes = " ".join(f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in scripts)
    policy = f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:"
    said = f'<p class="map-said">{escape(subtitle)}</p>' if subtitle else ""
    badge = "" if mark is None else f'<p><span class="map-simulated">{escape(mark)}</span></p>'
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{escape(language)}">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<link rel="icon" href="data:,">',
            f"<title>{escape(title)}</title>",
            f"<style>{style.replace('</style', '')}</style>",
            "</head>",
            '<body class="map-saved">',
            rendered.body,
            f'<header class="map-head"><h1>{escape(title)}</h1>{said}{badge}</header>',
            *(f"<script>{text}</script>" for text in scripts),
            "</body>",
            "</html>",
            "",
        ]
    )


def _without_addresses(css: str) -> str:
    """Leaflet's style sheet names pictures that no offline map shows; they would be asked for all the same."""
    css = re.sub(r"@import[^;]*;", "", css)
    return re.sub(r"url\((?!\s*[\"']?(?:data:|#))[^)]*\)", "none", css)


def _closed(script: str) -> str:
    script = re.sub(r"^//# sourceMappingURL=.*$", "", script, flags=re.MULTILINE)
    # A browser normalises line ends before it hashes; do the same, or the policy blocks the script.
    script = script.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"</(script)", r"<\\/\1", script, flags=re.IGNORECASE)
