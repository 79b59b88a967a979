"""Pages of HTML become a PDF: Chinese type inside the file, a watermark, page numbers, nothing fetched from anywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from geo_app.errors import N_
from geo_app.exports.files import NO_BASIS
from geo_app.locale import HTML_LANGUAGES, translator
from geo_app.papers.lettering import width_of
from geo_app.typesetter import typesetter

TEMPLATES = Path(__file__).parents[1] / "templates"
MADE_UP = N_("Demonstration data: everything in this county is made up")
HECTARE = 10_000
FONTS = "Noto Sans CJK SC, Source Han Sans SC, WenQuanYi Micro Hei, sans-serif"


@dataclass(frozen=True)
class Printing:
    """Who prints, when (with the county's time zone), in which language; whether what he prints is made up."""

    by: str
    at: datetime
    language: str = "zh"
    simulated: bool = False

    @property
    def translate(self) -> Callable[[str], str]:
        """Turns an English message id into a text of the language."""
        return translator(self.language)


def page(template: str, printing: Printing, values: Mapping[str, Any]) -> str:
    """A paper as HTML. All that comes from data is escaped, save drawn maps, which escape for themselves."""
    said = printing.translate
    fixed = {
        "language": HTML_LANGUAGES[printing.language],
        "printed_by": printing.by,
        "printed_at": f"{printing.at:%Y-%m-%d %H:%M}",
        "no_basis": said(NO_BASIS),
        "made_up": said(MADE_UP) if printing.simulated else "",
        "watermark": _watermark(f"{printing.by} {printing.at:%Y-%m-%d %H:%M}"),
    }
    return _environment(printing.language).get_template(template).render(fixed | dict(values))


def pdf(html: str) -> bytes:
    """The PDF of a paper: the same HTML gives the same bytes. Raises NoTypesetter where the libraries are missing."""
    weasyprint = typesetter()
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class Nothing(URLFetcher):
        """Opens what the page carries itself, and nothing else: papers are made from texts of others."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.startswith("data:"):
                raise FatalURLFetchingError(f"a paper asks for {url[:80]}")
            return super().fetch(url, headers)

    document = weasyprint.HTML(string=html, url_fetcher=Nothing())
    made: bytes = document.write_pdf(pdf_identifier=sha256(html.encode()).digest()[:16], pdf_tags=False)
    return made


@cache
def _environment(language: str) -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    said = translator(language)
    i18n: Any = made
    i18n.install_gettext_callables(said, lambda one, many, n: said(one if n == 1 else many), newstyle=True)
    made.filters |= {"number": number, "hectares": hectares, "day": day, "or_dash": or_dash}
    return made


def number(value: Any, digits: int = 0) -> str:
    """A number with its thousands apart; a dash for none."""
    return "—" if value is None or value != value else f"{value:,.{digits}f}"


def hectares(square_metres: Any) -> str:
    """An area in hectares, to a hundred square metres; a dash for none."""
    return number(None if square_metres is None else square_metres / HECTARE, 2)


def day(value: Any) -> str:
    """A day as 2026-01-31; a dash for none."""
    return "—" if value is None or value != value else f"{value:%Y-%m-%d}"


def or_dash(value: Any) -> str:
    """A text; a dash for none, also where a frame has NaN for it."""
    return "—" if value is None or value != value or not str(value).strip() else str(value)


def _watermark(text: str) -> Markup:
    """A slanting text as a picture's address, to be repeated over a page."""
    wide = width_of(text) * 4 + 34
    high = wide * 0.62
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:.1f}mm" height="{high:.1f}mm"'
        f' viewBox="0 0 {wide:.1f} {high:.1f}"><text x="{wide / 2:.1f}" y="{high / 2:.1f}" font-size="4"'
        f' font-family="{FONTS}" text-anchor="middle" fill="#18222f" fill-opacity=".07"'
        f' transform="rotate(-24 {wide / 2:.1f} {high / 2:.1f})">{Markup.escape(text)}</text></svg>'
    )
    return Markup(f"data:image/svg+xml;charset=utf-8,{quote(svg)}")
