"""What is true of the county and stands in none of its files: what tests compare findings with."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
from pyproj import Transformer

from geo_app.demo.county.file_forms import lonlat
from geo_app.demo.county.model import Model
from geo_app.demo.county.police_files import call_numbers


def write_truth(county: Model, folder: Path) -> None:
    """What is true of the county and stands in none of its files: places and sources of calls, paths of patrols."""
    folder.mkdir(exist_ok=True)
    lon, lat = lonlat(county.calls)
    numbers = np.array([*call_numbers(county), ""])
    calls = pd.DataFrame(
        {
            "number": numbers[:-1], "longitude": lon, "latitude": lat, "arrived": county.calls["arrived"],
            "source": county.calls["source"], "hot_spot": county.calls["spot"], "repeats": numbers[county.calls["origin"]],
            "address": county.calls["address"], "typed": county.calls["typed_how"],
        }
    )  # fmt: skip
    calls.to_csv(folder / "calls.csv", index=False)
    to_degrees = Transformer.from_crs(county.land.srid, 4326, always_xy=True)
    lon, lat = to_degrees.transform(county.tracks["true_x"], county.tracks["true_y"])
    tracks = county.tracks[["device", "at", "route", "planned"]].assign(longitude=lon, latitude=lat)
    tracks.to_csv(folder / "tracks.csv", index=False)
    said = {"seed": county.seed, "scale": county.scale, "srid": county.land.srid, "simulated": True}
    (folder / "county.json").write_text(json.dumps(said, indent=2), encoding="utf-8")
