"""What was decided last of a county's areas, on which changes of communities, towns and police areas are made."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import shapely
from geopandas import GeoDataFrame
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries.kept import Kept
from geo_app.queries.visible import scope_key, versions

COLUMNS = ["id", "code", "name", "level", "parent", "parent_id", "began"]
_kept: Kept[GeoDataFrame] = Kept(8)


def heads(session: Session, county: County, tree: str) -> GeoDataFrame:
    """The areas of a tree ("admin", "police") that are not retired, as far as the scope sees them, by code: id, code, name,
    level, parent (code, None of the uppermost that is seen), parent_id (also where it is not seen), began (first day of what was decided last, None for
    always), geometry in EPSG:4326 (None without an outline). Shared: nobody changes it."""
    key = (
        str(session.get_bind().engine.url), county.id, tree, scope_key(session), versions(session, county.id, ("areas",))
    )  # fmt: skip
    return _kept.get(key, lambda: heads_now(session, county, tree))


def heads_now(session: Session, county: County, tree: str) -> GeoDataFrame:
    """The same, read anew: for a transaction that writes."""
    found = session.execute(
        text(
            "SELECT a.id, a.code, a.name, a.level, up.code AS parent, a.parent_id, lower(a.valid) AS began, ST_AsBinary(a.geom) AS geom"
            " FROM area a LEFT JOIN area up ON up.id = a.parent_id WHERE a.county_id = :county AND a.tree = :tree"
            " AND NOT a.retired AND NOT isempty(a.valid) ORDER BY a.code"
        ),
        {"county": county.id, "tree": tree},
    ).all()
    data = pd.DataFrame([tuple(row)[:-1] for row in found], columns=COLUMNS, dtype=object)
    shapes = [None if row.geom is None else shapely.from_wkb(bytes(row.geom)) for row in found]
    return GeoDataFrame(data, geometry=shapes, crs=4326)


def ended(session: Session, county: County, tree: str, codes: Iterable[str]) -> dict[str, str]:
    """Those of some areas that were retired, as far as the scope sees them: code -> name."""
    found = session.execute(
        text(
            "SELECT code, name FROM area WHERE county_id = :county AND tree = :tree AND retired AND code = ANY (:codes)"
        ),
        {"county": county.id, "tree": tree, "codes": list(codes)},
    )
    return {row.code: row.name for row in found}


def codes(session: Session, county: County, tree: str) -> frozenset[str]:
    """Every code that an area of a tree of the county had at any time."""
    asked = text("SELECT geo_area_codes(:county, :tree)")
    return frozenset(session.scalars(asked, {"county": county.id, "tree": tree}))
