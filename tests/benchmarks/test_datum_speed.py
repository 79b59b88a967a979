"""A million coordinates between WGS84, GCJ-02 and BD-09, and the datum of a file told by the names in its addresses.

The peer of a conversion is the same formula written down in numpy as it stands, backwards three rounds of it (five for
BD-09); that of the names is a loop over texts and names. Times are those of the processor, on one core.
"""

import time

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame

from layers import datum_shift
from layers.datums import find_datum, to_wgs84
from layers.known_names import KnownNames

MILLION = 1_000_000


def plain_gcj(lon, lat):
    x, y, sin, pi = lon - 105, lat - 35, np.sin, np.pi
    short = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + short
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi) + 160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + short
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi) + 150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    a, ee = 6378245.0, 0.00669342162296594323
    magic = 1 - ee * sin(lat / 180 * pi) ** 2
    root = np.sqrt(magic)
    return (
        lon + east * 180 / (a / root * np.cos(lat / 180 * pi) * pi),
        lat + north * 180 / ((a * (1 - ee)) / (magic * root) * pi),
    )


def plain_bd(lon, lat):
    wave = 3000 * np.pi / 180
    z = np.hypot(lon, lat) + 0.00002 * np.sin(lat * wave)
    theta = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * wave)
    return z * np.cos(theta) + 0.0065, z * np.sin(theta) + 0.006


def plain_back(formula, rounds):
    def back(lon, lat):
        x, y = lon, lat
        for _ in range(rounds):
            east, north = formula(x, y)
            x, y = x - (east - lon), y - (north - lat)
        return x, y

    return back


PLAIN = {
    "wgs84_to_gcj02": plain_gcj,
    "gcj02_to_wgs84": plain_back(plain_gcj, 3),
    "gcj02_to_bd09": plain_bd,
    "bd09_to_gcj02": plain_back(plain_bd, 5),
    "wgs84_to_bd09": lambda lon, lat: plain_bd(*plain_gcj(lon, lat)),
    "bd09_to_wgs84": lambda lon, lat: plain_back(plain_gcj, 3)(*plain_back(plain_bd, 5)(lon, lat)),
}


def processor_time(work, rounds: int = 3) -> float:
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return float(np.median(times))


@pytest.mark.benchmark(timer=time.process_time)
@pytest.mark.parametrize("name", list(PLAIN))
def test_conversion_of_1000000_points(benchmark, name):
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(75, 135, MILLION), rng.uniform(18, 53, MILLION)
    plain = processor_time(lambda: PLAIN[name](lon, lat))
    found = benchmark.pedantic(getattr(datum_shift, name), (lon, lat), rounds=9, warmup_rounds=1)
    off = np.abs(np.array(found) - PLAIN[name](lon, lat)).max() * 111_320_000
    benchmark.extra_info["off the plain way, mm"] = round(float(off), 3)
    assert off < 1
    if benchmark.stats is not None:
        median = benchmark.stats.stats.median
        benchmark.extra_info["times faster than plain numpy"] = round(plain / median, 1)
        benchmark.extra_info["under half a second"] = median < 0.5
        assert median < plain


def roads_and_addresses(roads: int, addresses: int) -> tuple[GeoDataFrame, list[str], np.ndarray, np.ndarray]:
    """Made up: roads of 400 m all over a county, and addresses within 30 m of the road that they name."""
    rng = np.random.default_rng(2)
    east, north = rng.uniform(600_000, 650_000, roads), rng.uniform(3_490_000, 3_540_000, roads)
    turn = rng.uniform(0, np.pi, roads)
    way = np.stack([np.cos(turn), np.sin(turn)], axis=1) * 400
    start = np.stack([east, north], axis=1)
    letters = np.array(list("和平民主胜利建设江山河湖花园东南西北金银铜铁春夏秋冬"))
    names = ["".join(rng.choice(letters, 4)) + f"{number}路" for number in range(roads)]
    frame = GeoDataFrame(
        {"name": names}, geometry=shapely.linestrings(np.stack([start, start + way], axis=1)), crs=4548
    )
    which = rng.integers(0, roads, addresses)
    at = start[which] + way[which] * rng.uniform(0, 1, (addresses, 1)) + rng.uniform(-20, 20, (addresses, 2))
    texts = [f"安徽省马鞍山市和县历阳镇{names[road]}{rng.integers(1, 300)}号" for road in which]
    return frame, texts, *to_wgs84(at[:, 0], at[:, 1], "EPSG:4548")


@pytest.mark.benchmark(timer=time.process_time)
def test_datum_of_5000_addresses_among_20000_names(benchmark):
    named, texts, lon, lat = roads_and_addresses(20_000, 5_000)
    x, y = datum_shift.wgs84_to_gcj02(lon, lat)
    few = texts[:20]
    loop = processor_time(lambda: [max((n for n in named["name"] if n in text), key=len) for text in few], 1) * 250
    index = processor_time(lambda: KnownNames(named).named_in(texts))
    found = benchmark.pedantic(find_datum, (x, y, texts, None, named, 4548), rounds=5, warmup_rounds=1)
    assert (found.system, found.why) == ("GCJ-02", "named")
    assert found.evidence[1].named == 5_000
    benchmark.extra_info["times faster than the loop, for the names"] = round(loop / index, 1)
    assert benchmark.stats is None or index < loop / 10
