"""Whatever keeps a row out says what to do about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo_app.imports.kinds.base import County
from geo_app.imports.reading import Plan, portions

COUNTY = County(1, "340523", "和县", 4548, "Asia/Shanghai")
LINE = '"LINESTRING (118.35 31.74, 118.36 31.75)"'
APART = '"MULTILINESTRING ((118.35 31.74, 118.36 31.75), (118.37 31.74, 118.38 31.75))"'
HOUSE = '"POLYGON ((118.35 31.74, 118.36 31.74, 118.36 31.75, 118.35 31.74))"'


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("routes", f"name,WKT\na,{APART}\n,{LINE}\n"),
        ("routes", f"name,mode,mandatory,departures,WKT\na,飞,,,{LINE}\nb,,也许,,{LINE}\nc,,,白天,{LINE}\n"),
        ("routes", 'name,WKT\na,"LINESTRING (118.35 31.74, 118.35 31.74)"\n'),
        ("population", "grid_code,households\n,5\n1,\n2,1.5\n3,-1\n4,多\n5,inf\n"),
        ("buildings", f"id,height,WKT\n,,{HOUSE}\n1,,{HOUSE}\n1,,{HOUSE}\n2,高,{HOUSE}\n"),
        ("incidents", "number,报警时间,是否有效\n1,昨晚,\n2,26-01-02,\n3,1/2/2026,\n4,,也许\n,,\n合计,,\n4,,\n"),
        ("incidents", "发生时间,发生时间止\n2026-01-02 08:00,2026-01-01\n"),
        (
            "places",
            "id,经度,纬度,hours,terms,是否封闭\n1,118.35,31.74,白班,,\n2,118.35,31.74,,春,\n3,118.35,31.74,,,半\n",
        ),
        ("areas", f"code,level,WKT\n,镇,{HOUSE}\n34,省,{HOUSE}\n1,圈,{HOUSE}\n"),
        (
            "duty",
            "team,person,rank,starts_at,ends_at\n,李,officer,,\n甲,,officer,,\n甲,李,将军,,\n甲,李,,,\n甲,李,officer,2026-05-01 08:00,\n",
        ),
        (
            "duty",
            "team,person,rank,starts_at,ends_at\n甲,李,officer,2026-05-02 08:00,2026-05-01\n甲,李,officer,2026-05-01,2026-05-09\n",
        ),
        ("duty", "team,person,rank,date,hours\n甲,李,officer,2026-05-01,白班\n"),
        ("categories", "code,name\n,a\n1,\n1,b\n1,c\n"),
        ("posts", "key,kind,经度,纬度\n1,,118.35,31.74\n2,亭子,118.35,31.74\n"),
        ("addresses", "key,address,经度,纬度\n1,,118.35,31.74\n"),
        ("aliases", "alias,address\n,a\nb,\nc,d\nc,e\n"),
        (
            "tracks",
            "device,time,经度,纬度\n,2026-05-01 08:00,118.35,31.74\na,,118.35,31.74\na,2026-05-01 08:00,118.35,31.74\na,2026-05-01 08:00,118.36,31.74\na,1990-05-01,118.35,31.74\n",
        ),
        ("cameras", "code,bearing,range_m,经度,纬度\n1,无,,118.35,31.74\n2,,-5,118.35,31.74\n"),
        ("grids", f"code,households,WKT\n,,{HOUSE}\n1,-1,{HOUSE}\n"),
        ("roads", f"oneway,class,WKT\n看情况,,{LINE}\n,rail,{LINE}\n"),
    ],
)
def test_every_problem_of_a_row_has_a_remedy(tmp_path: Path, kind: str, content: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content, encoding="utf-8")
    refused = [one.problem for portion in portions(Plan(path, kind, COUNTY)) for one in portion.refused]
    assert refused
    assert [problem.said() for problem in refused if not problem.remedy] == []
