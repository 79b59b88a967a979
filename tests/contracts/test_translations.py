"""Chinese is the first language: every text has its Chinese, and no template carries a text of its own."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from layers.catalogue import LAYERS

ROOT = Path(__file__).parents[2]
TRANSLATIONS = ROOT / "geo_app" / "translations"
TEMPLATES = sorted((ROOT / "geo_app" / "templates").rglob("*.html"))
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "N_": None}


def _catalogue(language: str) -> Catalog:
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def _texts_in_code() -> dict[str, str]:
    found = {}
    for folder in ("geo_app", "layers"):
        for filename, line, message, *_ in extract_from_dir(
            ROOT / folder, METHODS, keywords=KEYWORDS, options_map={"**.py": {}, "**/templates/**.html": {}}
        ):
            for text in message if isinstance(message, tuple) else (message,):
                found[text] = f"{folder}/{filename}:{line}"
    return found


def test_every_text_in_code_and_templates_is_translated() -> None:
    chinese = _catalogue("zh")
    untranslated = {
        text: where
        for text, where in _texts_in_code().items()
        if text and not (chinese.get(text) and chinese[text].string)
    }
    assert untranslated == {}


def test_every_layer_has_its_chinese_name() -> None:
    chinese = _catalogue("zh")
    assert [
        layer.id for layer in LAYERS.values() if not (chinese.get(layer.title) and chinese[layer.title].string)
    ] == []


def test_no_translation_is_fuzzy_or_loses_a_placeholder() -> None:
    for message in _catalogue("zh"):
        if not message.id or isinstance(message.id, tuple):
            continue
        assert not message.fuzzy, message.id
        placeholders = set(re.findall(r"%\(\w+\)[sd]", str(message.id)))
        assert set(re.findall(r"%\(\w+\)[sd]", str(message.string))) == placeholders, message.id


def test_compiled_catalogues_are_those_of_their_sources() -> None:
    for source in TRANSLATIONS.rglob("*.po"):
        compiled = io.BytesIO()
        with source.open("rb") as file:
            write_mo(compiled, read_po(file))
        assert source.with_suffix(".mo").read_bytes() == compiled.getvalue(), f"compile {source} again"


class _Texts(HTMLParser):
    """Collects what a reader would see: text between tags, and the attributes that are read aloud or shown."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in {"script", "style"}
        self.found += [
            value for name, value in attrs if name in {"title", "alt", "placeholder", "aria-label"} and value
        ]

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.found.append(data)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_no_text_outside_gettext(template: Path) -> None:
    source = template.read_text(encoding="utf-8")
    source = re.sub(r"\{% block style %\}.*?\{% endblock %\}", " ", source, flags=re.S)  # stands within a style element
    source = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", source, flags=re.S)
    parser = _Texts()
    parser.feed(source)
    words = [text.strip() for text in parser.found if re.search(r"[^\W\d_]{2,}", text)]
    # A language is named in itself, whoever reads.
    assert [word for word in words if word not in {"中文", "English"}] == []
