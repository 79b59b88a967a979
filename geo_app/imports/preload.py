"""What every reader needs, loaded once by the server that their processes are made of."""

from __future__ import annotations

import importlib

import pypinyin  # noqa: F401 - a heading of a few letters asks its dictionaries, which take longer than a small file

from geo_app.imports.reading import READERS

for _name in sorted(set(READERS.values())):
    importlib.import_module(f"geo_app.imports.readers.{_name}")
