"""What of a change of grids lies on the map: grids, and faults with the places to zoom to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import shapely
from flask_babel import gettext
from geopandas import GeoDataFrame

from geo_app.errors import N_
from grid_boundaries.drafts import DraftFault

FAULTS = {
    "invalid_geometry": N_("The line of the grid crosses itself"),
    "overlap": N_("Grids overlap"),
    "gap": N_("Land that belongs to no grid"),
    "unmatched_edge": N_("Lines of neighbours differ"),
    "uncovered": N_("Land is lost: it belonged to a grid before"),
    "outside": N_("A grid reaches beyond the land of all grids"),
    "duplicate_code": N_("A code is there twice"),
    "malformed_code": N_("A code does not follow the rule"),
    "exclave": N_("A grid is in two parts"),
    "across_communities": N_("A grid lies in two communities"),
    "sliver": N_("A very narrow strip"),
    "spike": N_("A needle in the line"),
}


def features(
    grids: GeoDataFrame, changed: Iterable[str] = (), areas: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Grids as GeoJSON, coordinates on the lattice as they are. areas: names of communities, by code."""
    called = areas or {}
    marked = set(changed)
    names = [name for name in ("code", "name", "kind", "community", "leader") if name in grids.columns]
    shapes = shapely.to_geojson(grids.geometry.to_numpy())
    rows = grids[names].astype(object).where(grids[names].notna(), None).to_dict("records")
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": row["code"],
                "properties": {
                    **row,
                    "community_name": called.get(row.get("community")),
                    "changed": row["code"] in marked,
                },
                "geometry": json.loads(shape),
            }
            for row, shape in zip(rows, shapes, strict=True)
        ],
    }


def fault(one: DraftFault) -> dict[str, Any]:
    """A fault in the user's words, with the place to zoom to."""
    found = one.fault
    return {
        "kind": found.kind,
        "codes": [str(code) for code in found.grids],
        "near": found.is_near,
        "old": one.is_old,
        "blocks": one.blocks,
        "area_m2": None if found.area_m2 is None else round(found.area_m2, 2),
        "detail": found.detail,
        "text": gettext(FAULTS.get(found.kind, N_("Something is wrong with the grids"))),
        "geometry": None if found.where is None else json.loads(shapely.to_geojson(found.where)),
    }
