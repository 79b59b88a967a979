"""GeoJSON, a feature a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geo_app.exports.cells import clean, literal
from geo_app.exports.table import Table, Type
from geo_app.imports.systems import System

VALUE: Mapping[Type, Callable[[Any], Any]] = {"text": literal, "time": clean, "json": clean}


def write(table: Table, path: Path, system: System) -> int:
    """Writes the rows as features; how many there were.

    The standard (RFC 7946) knows WGS84 only. Another system is named by a member ``datum`` and, where it has a number,
    by the member ``crs`` of the older standard, which GIS still read; programs that know neither take its coordinates
    for WGS84.
    """
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write('{"type": "FeatureCollection",\n')
        for name, value in _members(table, system).items():
            file.write(f'"{name}": {json.dumps(value, ensure_ascii=False)},\n')
        file.write('"features": [')
        for portion in table.portions:
            columns = [
                [None if value is None else VALUE.get(heading.type, _same)(value) for value in column]
                for heading, column in zip(table.headings, portion.columns, strict=True)
            ]
            names = [heading.name for heading in table.headings]
            shapes = _geometries(portion.shapes, len(portion))
            for geometry, row in zip(shapes, zip(*columns, strict=True), strict=True):
                said = json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False, allow_nan=False)
                file.write(",\n" if count else "\n")
                file.write(f'{{"type": "Feature", "properties": {said}, "geometry": {geometry or "null"}}}')
                count += 1
        file.write("\n]}\n")
    return count


def _same(value: Any) -> Any:
    return value


def _members(table: Table, system: System) -> dict[str, Any]:
    members: dict[str, Any] = {"name": table.name}
    if table.notes:
        members["notes"] = list(table.notes)
    if table.shape is not None and system.name != "EPSG:4326":
        members["datum"] = system.name
        authority, _, code = system.name.partition(":")
        if code:
            members["crs"] = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:{authority}::{code}"}}
    return members


def _geometries(shapes: np.ndarray | None, count: int) -> list[str | None]:
    return [None] * count if shapes is None else list(shapely.to_geojson(shapes))
