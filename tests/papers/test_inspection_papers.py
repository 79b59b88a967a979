"""The pack's PDF, workbook and GeoPackage say the same of the same grids."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely
from geopandas import GeoSeries
from python_calamine import CalamineWorkbook

from geo_app.papers.inspection import Inspection, inspect
from geo_app.papers.inspection_pdf import About, PackedChange, inspection_pdf
from geo_app.papers.inspection_tables import geopackage, workbook
from geo_app.queries.grid_change_papers import ChangeRow
from tests.papers.made import COMMUNITY, DAY, PRINTING, SRID, communities, grids, square
from tests.papers.reading import A4_MM, Paper

ABOUT = About("演示县", "340523", SRID, date(2026, 1, 1))
STREETS = GeoSeries([square(0, width=4).boundary], crs=4326)
CHANGE = PackedChange(
    ChangeRow(
        7, "edit", "第一次调整", "real_change", "新建小区", "filed", "王芳", datetime(2026, 9, 1, tzinfo=UTC), date(2026, 9, 2),
        date(2026, 9, 3), date(2026, 9, 10), "演政网〔2026〕7号", 2, 1, 3,
    ),
    ("000007 第一次调整.pdf",),
)  # fmt: skip


@pytest.fixture(scope="module")
def inspection() -> Inspection:
    frame = grids(
        leader=[None, "张三", "张三", "张三"],
        name=["=1+1", "第2网格", "<b>", "第4网格"],
        households=[320, 610, None, 320],
    )
    return inspect(frame, communities(), DAY)


@pytest.fixture(scope="module")
def broken() -> Inspection:
    shapes = [square(0), square(0.5, width=1.5), square(2), square(3)]
    return inspect(grids().set_geometry(shapes, crs=4326), communities(), DAY)


@pytest.fixture(scope="module")
def paper(inspection: Inspection) -> Paper:
    return Paper(inspection_pdf(inspection, [CHANGE], ABOUT, replace(PRINTING, simulated=True), STREETS))


def sheets(content: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_first_page_sums_up_and_leads_to_the_parts(paper: Paper) -> None:
    first = paper.pages[0]
    for said in (
        "网格迎检资料",
        "演示县(340523)",
        "截至2026-11-01",
        "4网格",
        "1社区(村)",
        "0边界问题",
        "3待办事项",
        "1,250户",
        "不重不漏,全域覆盖",
    ):
        assert said in first, said
    heads = ("全域图", "不重不漏证明", "网格清单", "各社区网格图", "2026-01-01以来的变更", "待办事项")
    for title in heads:
        number = int(first.split(title + ".")[1].lstrip(".")[0])
        shown = "演示镇演示村" if title == "各社区网格图" else title
        assert shown in paper.pages[number - 1], title


def test_it_lists_each_grid_with_leader_telephone_workers_households_and_area(paper: Paper) -> None:
    row = f"{COMMUNITY}002第2网格基础网格张三0555-1234567李四13800000000610"
    assert paper.text.count(row) == 1
    assert paper.text.count(f"{COMMUNITY}002第2网格张三0555-1234567") == 1  # beside the map of its community
    assert f"{COMMUNITY}003<b>基础网格" in paper.text


def test_the_proof_shows_three_areas_and_no_difference(paper: Paper, inspection: Inspection) -> None:
    area = f"{inspection.whole.sum_m2:,.1f}"
    assert f"合计4{area}{area}{area}0.000" in paper.text
    assert f"演示村{COMMUNITY}4{area}{area}{area}0.000" in paper.text


def test_changes_stand_in_it_with_number_of_the_document_and_papers(paper: Paper) -> None:
    assert "2026-09-107第一次调整实际变更新建小区2026-09-03演政网〔2026〕7号213000007第一次调整.pdf" in paper.text


def test_what_is_open_is_grouped_and_counted(paper: Paper) -> None:
    for said in ("未配网格长·1", "户数超过标准·1", "户数未统计·1", "每个网格的户数标准为300–500户"):
        assert said in paper.text, said


def test_every_page_is_a4_and_says_that_all_is_made_up_and_no_boundary(paper: Paper) -> None:
    assert set(paper.sizes_mm()) == {A4_MM}
    for words in paper.pages:
        assert "演示数据" in words and "网格线不作为行政区域界线的依据" in words
    assert paper.fonts_are_inside()


def test_faults_are_said_first_and_drawn_in_red(broken: Inspection) -> None:
    paper = Paper(inspection_pdf(broken, [], ABOUT, PRINTING, STREETS))
    assert f"边界存在问题:{broken.whole.faults}处" in paper.pages[0] and "不重不漏,全域覆盖" not in paper.text
    red = (paper.picture(1) == (0xF6, 0xC9, 0xC5)).all(axis=2).sum()
    assert red > 500
    assert "重叠" in paper.text and "2026-01-01之后至2026-11-01没有生效的变更" in paper.text


def test_the_workbook_has_the_same_tables(inspection: Inspection) -> None:
    found = sheets(workbook(inspection, [CHANGE], ABOUT, PRINTING))
    assert list(found) == ["网格清单", "不重不漏证明", "问题", "变更", "待办事项"]
    listed = found["网格清单"]
    assert listed[2][:6] == ["乡镇", "社区", "编号", "名称", "类型", "网格长"]
    assert listed[4][2:] == [
        f"{COMMUNITY}002",
        "第2网格",
        "基础网格",
        "张三",
        "0555-1234567",
        "李四 13800000000",
        610.0,
        round(inspection.grids["area_m2"][1] / 1e4, 2),
    ]
    assert found["不重不漏证明"][3][4:] == [round(inspection.whole.sum_m2, 3)] * 3 + [0.0, 0.0]
    assert [row[0] for row in found["待办事项"][3:]] == ["未配网格长", "户数超过标准", "户数未统计"]
    assert found["变更"][3][7] == "演政网〔2026〕7号" and found["变更"][3][-1] == "000007 第一次调整.pdf"
    for rows in found.values():
        assert "王芳" in str(rows[1][0]) and "网格线不作为行政区域界线的依据" in str(rows[1][0])


def test_D08_no_cell_of_the_workbook_is_a_formula(inspection: Inspection) -> None:
    from zipfile import ZipFile

    with ZipFile(io.BytesIO(workbook(inspection, [CHANGE], ABOUT, PRINTING))) as archive:
        parts = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
    assert len(parts) == 5 and all(b"<f>" not in part for part in parts)


def test_faults_have_a_row_with_their_grids_their_area_and_their_place(broken: Inspection, tmp_path: Path) -> None:
    rows = sheets(workbook(broken, [], ABOUT, PRINTING))["问题"][3:]
    overlap = next(row for row in rows if row[0] == "重叠")
    assert overlap[1] == f"{COMMUNITY}001、{COMMUNITY}002"
    assert float(overlap[2]) == pytest.approx(broken.whole.sum_m2 - broken.whole.union_m2, rel=1e-4)
    geopackage(broken, ABOUT, PRINTING, tmp_path / "grids.gpkg")
    faults = gpd.read_file(tmp_path / "grids.gpkg", layer="faults")
    place = faults.geometry[list(faults["what"]).index("重叠")]
    assert place.contains(shapely.Point(float(overlap[3]), float(overlap[4])))


def test_the_geopackage_has_the_lines_to_the_bit(inspection: Inspection, tmp_path: Path) -> None:
    geopackage(inspection, ABOUT, PRINTING, tmp_path / "grids.gpkg")
    assert [str(name) for name, _ in pyogrio.list_layers(tmp_path / "grids.gpkg")] == ["grids", "communities", "faults"]
    found = gpd.read_file(tmp_path / "grids.gpkg", layer="grids")
    assert found.crs.to_epsg() == 4326 and list(found["code"]) == list(inspection.grids["code"])
    assert all(
        shapely.equals_exact(shapely.get_geometry(one, 0), other, 0.0)
        for one, other in zip(found.geometry, inspection.grids.geometry, strict=True)
    )
    assert found["households"].tolist()[:2] == [320, 610] and found["name"][0] == "=1+1"


def test_the_same_pack_printed_at_the_same_moment_is_the_same_file(inspection: Inspection, tmp_path: Path) -> None:
    made = []
    for name in ("one.gpkg", "two.gpkg"):
        geopackage(inspection, ABOUT, PRINTING, tmp_path / name)
        made.append(
            (
                inspection_pdf(inspection, [CHANGE], ABOUT, PRINTING, STREETS), workbook(inspection, [CHANGE], ABOUT, PRINTING),
                (tmp_path / name).read_bytes(),
            )
        )  # fmt: skip
    assert made[0] == made[1]
