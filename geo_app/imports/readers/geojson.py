"""GeoJSON, read as the JSON that it is: no driver is asked, so no other format can hide in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import shapely.errors
import shapely.geometry
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo_app.imports.problems import N_, FileRejected
from geo_app.imports.readers.encoding import encoding_of
from geo_app.imports.readers.features import WGS84, Feature, portions
from geo_app.imports.readers.refusals import unknown_system
from geo_app.imports.rows import Rows
from geo_app.imports.values import without_null_marks

GEOMETRIES = {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"}
BY_LINE = (".geojsonl", ".geojsons")
LARGEST = 200 * 2**20  # bytes of a document that is read as a whole: it takes up to ten times as much memory
MALFORMED = (
    ValueError, TypeError, AttributeError, KeyError, IndexError, OverflowError, RecursionError, shapely.errors.ShapelyError,
)  # fmt: skip


def read(path: Path, kind: str, layer: str | None = None) -> Iterator[Rows]:
    """The features of a FeatureCollection, of a file with a feature a line, or a single feature."""
    encoding = encoding_of(path)
    if path.suffix.casefold() in BY_LINE:
        headings = _headings(_lines(path, encoding))
        yield from portions(_made(_lines(path, encoding)), headings)
        return
    if path.stat().st_size > LARGEST:
        raise FileRejected.whole(
            path.name,
            "too_large",
            N_("It is larger than 200 MB, which is the most for GeoJSON that is one document."),
            N_("Export it as GeoPackage or FlatGeobuf, or with a feature a line and the ending .geojsonl."),
        )
    features, crs = _document(path, path.read_text(encoding=encoding))
    for rows in portions(_made(features), _headings(features), crs):
        yield replace(rows, table=without_null_marks(rows.table))


def _headings(features: Iterable[Any]) -> list[str]:
    return list(dict.fromkeys(name for feature in features for name in _properties(feature)))


def _made(features: Iterable[Any]) -> Iterator[Feature]:
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, dict):
            yield Feature(number, {}, malformed=_written(feature))
            continue
        said, geometry = _properties(feature), feature.get("geometry")
        try:
            yield Feature(number, said, _shape(geometry))
        except MALFORMED:
            yield Feature(number, said, malformed=_written(geometry))


def _document(path: Path, text: str) -> tuple[list[Any], CRS]:
    try:
        document = json.loads(text)
    except RecursionError as error:
        raise _malformed(path, N_("This is no GeoJSON: it is nested too deeply.")) from error
    except ValueError as error:
        try:
            lines = [json.loads(line) for line in map(_stripped, text.splitlines()) if line]
        except (ValueError, RecursionError):
            raise _malformed(path, N_("This is no GeoJSON: %(error)s"), error=error) from error
        return lines, WGS84
    if isinstance(document, dict) and document.get("type") == "Feature":
        document = {"type": "FeatureCollection", "features": [document]}
    if not isinstance(document, dict) or not isinstance(document.get("features"), list):
        raise _malformed(path, N_("This is no GeoJSON: it is no FeatureCollection."))
    return document["features"], _crs(path, document)


def _lines(path: Path, encoding: str) -> Iterator[Any]:
    """What stands on each line; a line that is no JSON as the text that it is."""
    some = False
    with path.open(encoding=encoding) as file:
        for line in filter(None, map(_stripped, file)):
            try:
                feature = json.loads(line)
            except (ValueError, RecursionError):
                feature = line
            if not some and not isinstance(feature, dict):
                raise _malformed(path, N_("This is no GeoJSON: its first line is no feature."))
            some = True
            yield feature


def _stripped(line: str) -> str:
    return line.strip("\x1e \t\r\n")  # the first is what text sequences begin a record with


def _malformed(path: Path, reason: str, **params: object) -> FileRejected:
    return FileRejected.whole(
        path.name, "wrong_format", reason, N_("Name the file by what it is, or export it again."), **params
    )


def _properties(feature: Any) -> dict[str, Any]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        properties = {}
    if isinstance(feature, dict) and "id" in feature and "id" not in properties:
        return {"id": feature["id"], **properties}
    return properties


def _shape(geometry: Any) -> Any:
    if geometry is None:
        return None
    if geometry["type"] not in GEOMETRIES:
        raise ValueError(geometry["type"])
    shape = shapely.force_2d(shapely.geometry.shape(geometry))
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        raise ValueError("a coordinate is no number")
    return shape


def _written(geometry: Any) -> str:
    try:
        return json.dumps(geometry, ensure_ascii=False)
    except (ValueError, RecursionError):
        return ""


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
        raise unknown_system(path) from error
