"""Collects the texts of code and templates, adds the new ones to each catalogue, drops the old, compiles.

Needs nothing but Babel: no database, no settings. Prints what still has no translation and fails if there is any.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from io import BytesIO
from os import PathLike
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent.parent
PACKAGES = ("geo_app", "layers", "grid_boundaries")
KEYWORDS = DEFAULT_KEYWORDS | {"N_": None, "lazy_gettext": None}


def extracted() -> Catalog:
    """Every text that code and templates mark."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    catalogue = Catalog(charset="utf-8")
    # From the root, since the patterns of babel.cfg begin there.
    for _, _, message, comments, context in extract_from_dir(
        ROOT, methods, options, keywords=KEYWORDS, directory_filter=_is_ours
    ):
        catalogue.add(message, auto_comments=comments, context=context)
    return catalogue


def _is_ours(folder: str | PathLike[str]) -> bool:
    return Path(folder).relative_to(ROOT).parts[0] in PACKAGES


def brought_along(source: Path, texts: Catalog) -> Catalog:
    """The catalogue in ``source`` with exactly ``texts``; what was translated stays so."""
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parent.parent.name)
    catalogue.update(texts, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    # Dates and names in the header would make every run a change.
    catalogue.project, catalogue.version, catalogue.msgid_bugs_address = "geo-app", "", ""
    catalogue.last_translator, catalogue.language_team = "", catalogue.locale_identifier or ""
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 11, 22, tzinfo=UTC)
    return catalogue


def main() -> int:
    """Brings every catalogue along; 1 when a text lacks its translation."""
    texts = extracted()
    missing = 0
    for source in sorted(FOLDER.rglob("*.po")):
        catalogue = brought_along(source, texts)
        po = BytesIO()
        write_po(po, catalogue, no_location=True, sort_output=True, width=110)
        source.write_bytes(po.getvalue())
        with source.open("rb") as file, source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, read_po(file))
        untranslated = [message.id for message in catalogue if message.id and not message.string]
        missing += len(untranslated)
        for text in untranslated:
            print(f"{source.relative_to(ROOT)}: no translation of {text!r}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
