"""A made file of calls, as a 110 system exports them: number, time, category, address, position, words, caller."""

from __future__ import annotations

from pathlib import Path

import numpy as np

HEADINGS = "接警单编号,报警时间,警情类别,事发地址,经度,纬度,报警内容,报警人,联系电话"
CATEGORIES = np.array(["盗窃", "纠纷", "交通", "群众求助", "治安", "其他", "刑事"])
ROADS = np.array(["历阳路", "和平路", "迎江路", "文昌路", "陋室街", "得胜河路", "环城东路", "桃花坞路"])
EVENTS = np.array(["电动车在楼下被盗", "两人因停车发生争吵", "两车追尾，无人受伤", "老人走失", "邻居夜间噪声扰民"])
SURNAMES, GIVEN = np.array(list("赵钱孙李周吴郑王")), np.array(["伟", "芳", "娜", "秀英", "敏", "静", "强"])
FIRST, YEAR = np.datetime64("2025-01-01T00:00:00"), 365 * 24 * 3600


def write_calls(path: Path, rows: int, seed: int = 1) -> Path:
    """Writes ``rows`` made calls within 和县 as CSV in UTF-8."""
    rng = np.random.default_rng(seed)
    times = np.char.replace((FIRST + rng.integers(0, YEAR, rows)).astype(str), "T", " ")
    columns = [
        [f"34052320{number:012d}" for number in range(rows)],
        times.tolist(),
        rng.choice(CATEGORIES, rows).tolist(),
        [f"安徽省马鞍山市和县历阳镇{road}{number}号" for road, number in zip(
            rng.choice(ROADS, rows).tolist(), rng.integers(1, 900, rows).tolist(), strict=True
        )],
        [f"{x:.6f}" for x in rng.uniform(118.2, 118.5, rows).tolist()],
        [f"{y:.6f}" for y in rng.uniform(31.5, 31.9, rows).tolist()],
        [f"报警人称{event}，请派人处理（{number}）" for event, number in zip(
            rng.choice(EVENTS, rows).tolist(), rng.integers(0, 10_000, rows).tolist(), strict=True
        )],
        [a + b for a, b in zip(rng.choice(SURNAMES, rows).tolist(), rng.choice(GIVEN, rows).tolist(), strict=True)],
        [f"1380000{number:04d}" for number in rng.integers(0, 10_000, rows).tolist()],
    ]  # fmt: skip
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADINGS + "\n")
        file.writelines(",".join(row) + "\n" for row in zip(*columns, strict=True))
    return path
