"""What the geocoder is asked on files of which the truth is known: Shanghai, Vancouver, 示范县. What is asked for was held back."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pypinyin import Style, lazy_pinyin

from geo_app.demo.county.model import NAME, make_county
from layers.incidents.gazetteer import Gazetteer, build
from layers.incidents.geocode import Answer
from tests.conftest import SHARED_DATA

SEED = 20261129
HELD_BACK = 0.2
DRAWS = (1, 2, 3, 4, 5)  # of the fifth of Shanghai that is held back: one draw alone says it within two points
SHANGHAI, VANCOUVER = 4549, 32610
NUMBERED = re.compile(r"^([^\d\s()（）、,，]{1,12}?(?:路|街|道|大道|公路))(\d+)号")
RIGHT_M = 150.0


@dataclass(frozen=True)
class Asked:
    """Texts, where the truth is (metres, (n, 2)), and whether road and number are still in the gazetteer."""

    gazetteer: Gazetteer
    texts: list[str]
    truth: np.ndarray
    known: np.ndarray
    lookup: np.ndarray  # the error of the plain lookup, or of plain interpolation, in metres; NaN without an answer


@dataclass(frozen=True)
class Found:
    """Errors in metres (NaN unanswered), scores, radii and levels of answers."""

    error: np.ndarray
    score: np.ndarray
    radius: np.ndarray
    level: np.ndarray

    @classmethod
    def of(cls, answers: Sequence[Answer], truth: np.ndarray) -> Found:
        xy = np.array([(one.x, one.y) for one in answers])
        return cls(
            np.hypot(*(xy - truth).T), np.array([one.score for one in answers]),
            np.array([one.radius_m for one in answers]), np.array([one.level for one in answers]),
        )  # fmt: skip

    @classmethod
    def joined(cls, parts: Sequence[Found]) -> Found:
        """All of them as one."""
        return cls(*(np.concatenate([getattr(one, field.name) for one in parts]) for field in fields(cls)))

    def within(self, metres: float, rows: np.ndarray | slice = slice(None)) -> float:
        """The share of these rows answered so near to the truth."""
        return float((self.error[rows] <= metres).mean())


@cache
def shanghai(seed: int = SEED) -> Asked:
    """Schools and hospitals of Shanghai; a fifth of the rows with road and number is held back, and asked for where the road
    is still known."""
    rows = pd.concat([pd.read_csv(path) for path in sorted((SHARED_DATA / "shanghai-poi").glob("*.csv"))])
    rows = rows.drop_duplicates(["name", "address", "adname"]).dropna(subset=["address", "lat", "lon"])
    points = gpd.points_from_xy(rows["lon"], rows["lat"], crs=4326).to_crs(SHANGHAI)
    rows = rows.assign(x=points.x, y=points.y).reset_index(drop=True)
    parts = rows["address"].str.extract(NUMBERED)
    rows = rows.assign(road=parts[0], number=pd.to_numeric(parts[1]))
    numbered = rows.index[rows["road"].notna()]
    held = np.random.default_rng(seed).permutation(numbered)[: round(HELD_BACK * len(numbered))]
    kept, asked = rows.drop(index=held), rows.loc[held]
    entries = pd.DataFrame({
        "kind": "place", "name": kept["name"], "address": kept["pname"] + kept["adname"].fillna("") + kept["address"],
        "x": kept["x"], "y": kept["y"],
    })  # fmt: skip
    known, lookup = _plain(kept, asked)
    texts = (
        asked["pname"] + asked["adname"].fillna("") + asked["road"] + asked["number"].astype(int).astype(str) + "号"
    ).tolist()
    on_road = asked["road"].isin(set(kept["road"].dropna())).to_numpy()
    return _only(Asked(build(entries), texts, asked[["x", "y"]].to_numpy(), known, lookup), on_road)


def _only(asked: Asked, rows: np.ndarray) -> Asked:
    texts = [text for text, one in zip(asked.texts, rows, strict=True) if one]
    return Asked(asked.gazetteer, texts, asked.truth[rows], asked.known[rows], asked.lookup[rows])


def _plain(kept: pd.DataFrame, asked: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Whether road and number are known, and the error of the plainest method: the middle of all rows with road and number;
    of an unknown number, the straight line between the nearest known ones on the road."""
    place = ["adname", "road", "number"]
    middle = kept.dropna(subset=["road"]).groupby(place)[["x", "y"]].median()
    by_road = {road: rows.sort_values("number") for road, rows in kept.dropna(subset=["road"]).groupby("road")}
    known, error = np.zeros(len(asked), dtype=bool), np.full(len(asked), np.nan)
    for at, row in enumerate(asked.itertuples()):
        key = (row.adname, row.road, row.number)
        if key in middle.index:
            known[at] = True
            x, y = middle.loc[key]
        elif row.road in by_road:
            road = by_road[row.road]
            x, y = (np.interp(row.number, road["number"], road[axis]) for axis in ("x", "y"))
        else:
            continue
        error[at] = np.hypot(x - row.x, y - row.y)
    return known, error


DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")


def _homophones() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code in range(0xB0A1, 0xD7FA):  # the common characters of GB 2312
        try:
            character = code.to_bytes(2, "big").decode("gb2312")
        except UnicodeDecodeError:
            continue
        found.setdefault(lazy_pinyin(character, style=Style.TONE3)[0], []).append(character)
    return found


@cache
def disturbances() -> dict[str, Callable[[str, np.random.Generator], str]]:
    """Texts as people type them, out of texts as they stand in the file: by rule and seed."""
    alike = _homophones()
    road = re.compile(r"^(上海市.{1,3}区)(.+?)(路|街|道)(\d+)号$")

    def parted(text: str) -> tuple[str, str, str, str]:
        found = road.match(text)
        return found.groups() if found else ("", text, "", "")  # type: ignore[return-value]

    def homophone(text: str, chance: np.random.Generator) -> str:
        head, name, kind, number = parted(text)
        at = int(chance.integers(len(name)))
        others = [one for one in alike.get(lazy_pinyin(name[at], style=Style.TONE3)[0], []) if one != name[at]]
        other = others[int(chance.integers(len(others)))] if others else name[at]
        return f"{head}{name[:at]}{other}{name[at + 1 :]}{kind}{number}号" if kind else text

    def lost(text: str, chance: np.random.Generator) -> str:
        head, name, kind, number = parted(text)
        at = int(chance.integers(len(name)))
        return f"{head}{name[:at]}{name[at + 1 :]}{kind}{number}号" if kind and len(name) > 2 else text

    return {
        "prefix dropped": lambda text, chance: re.sub(r"^上海市(.{1,3}区)", "", text),
        "homophone": homophone,
        "one character lost": lost,
        "full-width": lambda text, chance: text.translate(DIGITS),
        "幢": lambda text, chance: f"{text}{int(chance.integers(1, 9))}幢",
        "栋": lambda text, chance: f"{text}{int(chance.integers(1, 9))}栋",
        "bracketed remark": lambda text, chance: f"{text}(近地铁站)",
        "对面": lambda text, chance: f"{text}对面",
    }


def disturbed(texts: Sequence[str], how: str) -> list[str]:
    chance = np.random.default_rng(SEED)
    return [disturbances()[how](text, chance) for text in texts]


@cache
def vancouver() -> tuple[Asked, np.ndarray]:
    """Blocks of incidents, each once, on the city's addresses; and how many incidents each block has had at its place."""
    rows = pd.read_csv(SHARED_DATA / "vancouver" / "addresses.csv")
    points = gpd.points_from_xy(rows["longitude"], rows["latitude"], crs=4326).to_crs(VANCOUVER)
    entries = pd.DataFrame({"kind": "address", "name": "", "address": rows["address"], "x": points.x, "y": points.y})
    incidents = pd.read_csv(SHARED_DATA / "vancouver" / "incidents_2020.csv")
    placed = incidents[(incidents["X"] > 0) & (incidents["Y"] > 0)]
    blocks = placed.groupby(["HUNDRED_BLOCK", "X", "Y"], as_index=False).size()
    unknown = np.full(len(blocks), np.nan)
    asked = Asked(
        build(entries), blocks["HUNDRED_BLOCK"].tolist(), blocks[["X", "Y"]].to_numpy(), np.isnan(unknown), unknown
    )
    return asked, blocks["size"].to_numpy()


@cache
def shifan(scale: float = 1.0) -> tuple[Asked, np.ndarray]:
    """Calls of 示范县 as people typed them, each text once, a fifth of the standard addresses held back; how often each was
    typed. ``known`` says whether the call's own address stayed."""
    county = make_county(1, scale)
    middles = shapely.centroid(county.houses.geometry.to_numpy())
    addresses, places = county.addresses, county.places
    kept = np.random.default_rng(SEED).random(len(addresses)) >= HELD_BACK
    there = shapely.get_coordinates(middles)[kept]
    entries = pd.concat([
        pd.DataFrame({"kind": "address", "name": "", "address": addresses["text"].to_numpy()[kept], "x": there[:, 0], "y": there[:, 1]}),
        pd.DataFrame({"kind": "place", "name": places["name"], "address": "", "x": places.geometry.x, "y": places.geometry.y}),
    ])  # fmt: skip
    towns, communities = county.towns, county.communities
    areas = gpd.GeoDataFrame(
        {
            "kind": ["county"] + ["town"] * len(towns) + ["community"] * len(communities),
            "name": [NAME, *towns["name"], *communities["name"]],
            "parent": ["", *[NAME] * len(towns), *towns["name"].to_numpy()[communities["town"]]],
        },
        geometry=[county.land.outline, *towns.geometry, *communities.geometry], crs=county.land.srid,
    )  # fmt: skip
    calls = county.calls[county.calls["typed"] != ""]
    house = calls["house"].to_numpy()
    texts = calls.assign(x=calls.geometry.x, y=calls.geometry.y, known=(house < 0) | kept[np.maximum(house, 0)])
    texts = texts.groupby(["typed", "x", "y"], as_index=False).agg(times=("known", "size"), known=("known", "first"))
    unknown = np.full(len(texts), np.nan)
    streets = county.streets[["name", "geometry"]]
    asked = Asked(
        build(entries, streets, areas),
        texts["typed"].tolist(),
        texts[["x", "y"]].to_numpy(),
        texts["known"].to_numpy(),
        unknown,
    )
    return asked, texts["times"].to_numpy()
