"""The county as files, in the forms that real counties send: shapefiles in GBK, workbooks, a call system's CSV, OSM."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from pyogrio.errors import DataSourceError
from xlsxwriter.exceptions import FileCreateError

from geo_app.demo.county import area_files, ground_files, police_files
from geo_app.demo.county.model import Model
from geo_app.demo.county.truth import write_truth

LEAST_FREE = 2**20  # bytes: a disk with less is full

Writer = Callable[[Model, Path], None]
WRITERS: Mapping[str, tuple[str, Writer]] = {
    "行政区划.zip": ("areas", area_files.areas),
    "派出所辖区.geojson": ("areas", area_files.stations),
    "网格.zip": ("grids", area_files.grids),
    "网格人员.xlsx": ("grid_people", area_files.grid_people),
    "道路.osm.pbf": ("roads", ground_files.streets),
    "水系.geojson": ("waters", ground_files.waters),
    "建筑.gpkg": ("buildings", ground_files.houses),
    "标准地址.csv": ("addresses", ground_files.addresses),
    "场所.xlsx": ("places", ground_files.places),
    "点位.xlsx": ("posts", ground_files.posts),
    "视频点位.xlsx": ("cameras", ground_files.cameras),
    "警情类别.csv": ("categories", police_files.categories),
    "110警情.csv": ("incidents", police_files.calls),
    "巡逻路线.geojson": ("routes", police_files.routes),
    "轨迹.csv": ("tracks", police_files.tracks),
    "值班.xlsx": ("duty", police_files.duty),
    "人口.xlsx": ("population", area_files.population),
}


def write_files(
    county: Model, folder: Path, say: Callable[[str], None] = lambda what: None
) -> dict[str, tuple[str, Path]]:
    """Writes every file of the county into a folder, and what is true of it into the folder ``truth`` beside them. Returns
    for each, in the order in which they are to be imported, its name, kind and path. ``say`` is told what is written next.
    Raises OSError when the folder cannot be written, or its disk is full."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    try:
        for name, (kind, write) in WRITERS.items():
            say(name)
            path = folder / name
            write(county, path)
            found[name] = (kind, path)
        say("truth")
        write_truth(county, folder / "truth")
    except (DataSourceError, FileCreateError, RuntimeError) as error:  # what GDAL, xlsxwriter and osmium raise
        full = shutil.disk_usage(folder).free < LEAST_FREE
        raise OSError(errno.ENOSPC if full else errno.EIO, "No space left on device" if full else str(error)) from error
    return found
