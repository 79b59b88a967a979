"""Who answers for the grids of a frame, told apart by name and community."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from geopandas import GeoDataFrame

from geo_app.queries.grid_workers import BETWEEN

Person = tuple[str, str]  # name and community
PeopleOfGrids = Mapping[str, Sequence[Person]]  # by code


def people_of_grids(frame: GeoDataFrame) -> PeopleOfGrids:
    """Leader and workers of each grid, by its code."""
    columns = [texts(frame, column) for column in ("leader", "workers", "community")]
    found = {}
    for code, leader, workers, community in zip(frame["code"], *columns, strict=True):
        names = [name.strip() for name in (leader, *workers.split(BETWEEN))]
        found[code] = [(name, community) for name in dict.fromkeys(names) if name]
    return found


def grids_of(person: Person, people: PeopleOfGrids) -> list[str]:
    """The codes of the grids for which somebody answers."""
    return [code for code, persons in people.items() if person in persons]


def texts(frame: GeoDataFrame, column: str) -> list[str]:
    """A column of texts, empty where nothing is said."""
    if column not in frame:
        return [""] * len(frame)
    return ["" if pd.isna(value) else str(value) for value in frame[column]]
