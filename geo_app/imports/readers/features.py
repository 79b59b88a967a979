"""Features that come one at a time, made into portions of rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo_app.imports.problems import N_, Said
from geo_app.imports.rows import PORTION, Rows, Spoiled

WGS84 = CRS.from_epsg(4326)
LONGEST_SHOWN = 10_000  # characters of a text in a row that cannot be used


@dataclass(frozen=True)
class Feature:
    """One thing of a file: its number or identity there, what it says of itself, and its shape (shapely, x and y).

    malformed: the text of a geometry that nobody can read; such a feature is spoiled.
    """

    number: int
    said: dict[str, Any]
    shape: Any = None
    malformed: str | None = None


def portions(
    features: Iterable[Feature],
    headings: Sequence[str],
    crs: CRS = WGS84,
    unit: str = "feature",
    warnings: tuple[Said, ...] = (),
) -> Iterator[Rows]:
    """Rows under ``headings``; what a feature does not say is None. ``warnings`` come with the first portion."""
    left = iter(features)
    while portion := list(islice(left, PORTION)):
        good = [feature for feature in portion if feature.malformed is None]
        geometry = np.empty(len(good), dtype=object)
        geometry[:] = [None if shapely.is_empty(feature.shape) else feature.shape for feature in good]
        cells = {heading: [feature.said.get(heading) for feature in good] for heading in headings}
        yield Rows(
            pd.DataFrame(cells, index=pd.RangeIndex(len(good)), columns=list(headings), dtype=object),
            geometry,
            crs,
            unit,
            np.array([feature.number for feature in good], dtype=np.int64),
            warnings,
            spoiled=tuple(spoiled(feature) for feature in portion if feature.malformed is not None),
        )
        warnings = ()


def spoiled(feature: Feature) -> Spoiled:
    """What is kept of a feature whose geometry is malformed."""
    said = {name: value for name, value in feature.said.items() if value is not None}
    content = {_shown(name): _shown(value) for name, value in (said | {"geometry": feature.malformed}).items()}
    return Spoiled(feature.number, "geometry", N_("the geometry is malformed"), content)


def _shown(value: object) -> str:
    """Text that any database takes: no zero characters, no halves of a surrogate pair."""
    return str(value).replace("\x00", "")[:LONGEST_SHOWN].encode("utf-8", "replace").decode()
