"""GeoJSON, read as the JSON that it is: no driver is asked, so no other format can hide in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
import shapely.geometry
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo_app.imports.problems import FileRejected, Problems
from geo_app.imports.rows import Rows

WGS84 = CRS.from_epsg(4326)
GEOMETRIES = {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"}


def read(path: Path, kind: str) -> Rows:
    """The features of a FeatureCollection, a list of features by line, or a single feature."""
    features, crs = _features(path)
    # As objects: a column of numbers with one missing would become floats, and long codes would lose digits.
    index = pd.RangeIndex(len(features))
    table = pd.DataFrame([_properties(feature) for feature in features], index=index, dtype=object)
    rows = Rows(table, None, crs, "feature", np.arange(1, len(features) + 1))
    problems = Problems(path.name, rows)
    geometry = np.empty(len(features), dtype=object)
    for number, feature in enumerate(features):
        try:
            geometry[number] = _shape(feature.get("geometry"))
        except (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError, shapely.GEOSException):
            problems.add(np.array([number]), "geometry", "the geometry is malformed")
    problems.raise_if_any()
    return Rows(table, geometry, crs, rows.unit, rows.numbers)


def _features(path: Path) -> tuple[list[dict[str, Any]], CRS]:
    text = _text(path)
    try:
        document = json.loads(text, parse_constant=_refuse)
    except RecursionError as error:
        raise _malformed(path, "It is nested too deeply.") from error
    except ValueError as error:
        by_line = _by_line(text)
        if by_line is None:
            raise _malformed(path, str(error)) from error
        document = {"type": "FeatureCollection", "features": by_line}
    if isinstance(document, dict) and document.get("type") == "Feature":
        document = {"type": "FeatureCollection", "features": [document]}
    if not isinstance(document, dict) or not isinstance(document.get("features"), list):
        raise _malformed(path, "It is no FeatureCollection.")
    features = document["features"]
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, dict):
            raise _malformed(path, f"Feature {number} is no object.")
    return features, _crs(path, document)


def _text(path: Path) -> str:
    content = path.read_bytes()
    if not content.strip():
        raise FileRejected.whole(path.name, "empty", "The file is empty.", "Export it again from where it came.")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _malformed(path, "Its text is neither UTF-8 nor GB18030.")


def _by_line(text: str) -> list[Any] | None:
    """GeoJSON text sequences: a feature a line, with or without the record separator."""
    try:
        return [
            json.loads(line.strip("\x1e \t\r"), parse_constant=_refuse) for line in text.splitlines() if line.strip()
        ]
    except (ValueError, RecursionError):
        return None


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no number.")


def _malformed(path: Path, reason: str) -> FileRejected:
    return FileRejected.whole(
        path.name, "wrong_format", f"This is no GeoJSON. {reason}", "Name the file by what it is, or export it again."
    )


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        properties = {}
    if "id" in feature and "id" not in properties:
        return {"id": feature["id"], **properties}
    return properties


def _shape(geometry: Any) -> Any:
    if geometry is None:
        return None
    if geometry["type"] not in GEOMETRIES:
        raise ValueError(geometry["type"])
    shape = shapely.force_2d(shapely.geometry.shape(geometry))
    return None if shape.is_empty else shape


def _crs(path: Path, document: dict[str, Any]) -> CRS:
    """The system of the old ``crs`` member; WGS84 without one, as the standard says."""
    member = document.get("crs")
    if not member:
        return WGS84
    try:
        # Only a code: other texts may name files for PROJ to read.
        parts = member["properties"]["name"].upper().split(":")
        if parts[-1] == "CRS84":
            return WGS84
        return CRS.from_authority(next(part for part in parts if part in ("EPSG", "ESRI")), int(parts[-1]))
    except (TypeError, KeyError, AttributeError, StopIteration, ValueError, CRSError) as error:
        raise FileRejected.whole(
            path.name,
            "crs_unreadable",
            "The member crs names no coordinate system.",
            "Give it with --crs EPSG:nnnn.",
        ) from error
