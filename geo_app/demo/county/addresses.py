"""Where each house is in proper form, and how people type it at the telephone."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo_app.demo.county import names
from geo_app.demo.county.grids import within
from geo_app.demo.county.houses import Block
from geo_app.demo.county.land import chance

FRONT_M = 12.0  # between two numbers of a street


def make_addresses(
    seed: int, towns: gpd.GeoDataFrame, communities: gpd.GeoDataFrame, streets: gpd.GeoDataFrame,
    houses: gpd.GeoDataFrame, blocks: list[Block],
) -> pd.DataFrame:  # fmt: skip
    """Of each house: town, community, group, road, number, estate, building and the whole text; "" where it has none."""
    middles = shapely.get_coordinates(shapely.centroid(houses.geometry.to_numpy()))
    community = within(communities.geometry.to_numpy(), middles)
    rural = (houses["hamlet"] >= 0).to_numpy()
    found = pd.DataFrame(
        {
            "town": towns["name"].to_numpy()[communities["town"].to_numpy()[community]],
            "community": communities["name"].to_numpy()[community],
        }
    )
    hamlets = names.villages(chance(seed, "names of hamlets"), int(houses["hamlet"].max()) + 1)
    found["group"] = np.where(rural, np.array([*hamlets, ""])[houses["hamlet"].to_numpy()], "")
    estate = np.array([*(block.name for block in blocks), ""])[houses["block"].to_numpy()]
    found["estate"] = np.where(rural, "", estate)
    found["road"] = np.where(rural, "", streets["name"].to_numpy()[houses["street"].to_numpy()])
    found["number"] = _numbers(streets, houses, middles, rural, found["estate"].to_numpy())
    nth = houses.groupby("block").cumcount().to_numpy() + 1
    found["building"] = np.where(found["estate"] != "", pd.Series(nth).astype(str) + "幢", "")
    village = found["town"] + found["community"] + found["group"] + found["number"]
    street = found["town"] + found["road"] + found["number"] + found["estate"] + found["building"]
    found["text"] = village.where(rural, street)
    return found


def _numbers(
    streets: gpd.GeoDataFrame, houses: gpd.GeoDataFrame, middles: np.ndarray, rural: np.ndarray, estate: np.ndarray
) -> np.ndarray:
    """Numbers: in a hamlet one after another, on a street by the distance from its beginning, odd on the left."""
    nth = houses.groupby("hamlet").cumcount().to_numpy() + 1
    named = pd.Series(streets["name"] + "|" + streets["town"].astype(str)).to_numpy()[houses["street"].to_numpy()]
    number = np.zeros(len(houses), dtype=int)
    for rows in pd.Series(np.arange(len(houses)))[~rural].groupby(named[~rural]).groups.values():
        here = middles[rows]
        spread = here - here.mean(axis=0)
        axis = np.linalg.svd(spread, full_matrices=False)[2][0] if len(rows) > 1 else np.array([1.0, 0.0])
        axis = axis if axis[np.argmax(np.abs(axis))] > 0 else -axis
        along, beside = spread @ axis, spread @ np.array([-axis[1], axis[0]])
        step = ((along - along.min()) / FRONT_M).astype(int)
        number[rows] = 2 * step + np.where(beside > 0, 1, 2)
    first = pd.Series(number).where(estate != "").groupby(estate).transform("min")
    number = np.where(rural, nth, first.fillna(pd.Series(number)).astype(int))  # an estate has one number
    return np.char.add(number.astype(str), "号")


SOUNDS = (("路", "璐"), ("镇", "真"), ("花园", "花圆"), ("新村", "新邨"), ("社区", "小区"), ("和", "合"), ("园", "圆"))
BESIDE = ("对面", "旁边", "附近", "门口", "后面", "东侧", "对面50米", "往北100米")


def as_typed(seed: int, texts: np.ndarray, towns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Addresses as somebody types them in a hurry, and what was done to each: whole, without town, with province, half,
    relation, slip, empty. ``towns``: the name of each one's town."""
    generator = chance(seed, "typed addresses")
    ways = ("whole", "without town", "with province", "half", "relation", "slip", "empty")
    done = generator.choice(ways, len(texts), p=[0.3, 0.36, 0.08, 0.06, 0.12, 0.05, 0.03])
    beside = generator.choice(BESIDE, len(texts))
    slips = generator.integers(0, len(SOUNDS), len(texts))
    typed = []
    for text, town, way, where, slip in zip(
        texts.tolist(), towns.tolist(), done.tolist(), beside.tolist(), slips.tolist(), strict=True
    ):
        bare = text.removeprefix(town)
        match way:
            case "without town":
                text = bare
            case "with province":
                text = f"安徽省示范县{text}"
            case "half":
                text = bare.partition("号")[0]
            case "relation":
                text = f"{bare}{where}"
            case "slip":
                right, wrong = SOUNDS[slip]
                text = bare.replace(right, wrong, 1)
            case "empty":
                text = ""
        typed.append(text)
    return np.array(typed), done
