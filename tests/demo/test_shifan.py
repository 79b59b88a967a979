"""示范县: the same from the same seed, like a county on the map, and taken in whole by the importers."""

from __future__ import annotations

import errno
import re
import shutil
import subprocess
from pathlib import Path

import click
import geopandas as gpd
import numpy as np
import pandas as pd
import psycopg
import pytest
import shapely
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from geo_app.cli._steps import clear_errors
from geo_app.cli.demo import command
from geo_app.database.engine import Database
from geo_app.demo import shifan
from geo_app.demo.county import figures
from geo_app.demo.county.file_forms import degrees
from geo_app.demo.county.files import WRITERS, write_files
from geo_app.demo.county.land import NoOutline, outline_of
from geo_app.demo.county.model import CODE, Model, make_county
from geo_app.demo.county.police_files import call_numbers
from geo_app.demo.county.streets import ends_of

SMALL = 0.03


@pytest.fixture(scope="module")
def county() -> Model:
    return make_county(1, 0.2)


@pytest.fixture(scope="module")
def small() -> Model:
    return make_county(1, SMALL)


def same(one: Model, other: Model) -> bool:
    frames = [name for name, value in vars(one).items() if isinstance(value, pd.DataFrame)]
    return all(getattr(one, name).equals(getattr(other, name)) for name in frames)


def test_the_same_seed_and_scale_make_the_same_county_and_another_seed_another(small: Model, tmp_path: Path) -> None:
    again = make_county(1, SMALL)
    assert same(small, again)
    for folder, made in (("one", small), ("two", again)):
        write_files(made, tmp_path / folder)
    texts = [name for name in WRITERS if name.endswith((".csv", ".geojson"))]
    assert len(texts) >= 6
    for name in [*texts, "truth/calls.csv", "truth/tracks.csv", "truth/county.json"]:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    assert not same(small, make_county(2, SMALL))


def test_no_two_streets_cross_without_a_node_and_all_hang_together(county: Model) -> None:
    lines = county.streets.geometry.to_numpy()
    assert not shapely.STRtree(lines).query(lines, predicate="crosses").size
    start, end, count = ends_of(county.streets)
    assert connected_components(coo_array((np.ones(len(start)), (start, end)), shape=(count, count)))[0] == 1
    assert county.land.outline.buffer(1).covers(shapely.union_all(lines))


def test_no_house_stands_in_a_river_or_on_a_street_and_no_camera_in_a_field(county: Model) -> None:
    houses, lines = county.houses.geometry.to_numpy(), county.streets.geometry.to_numpy()
    assert not shapely.intersects(houses, county.land.water).any()
    on_street = shapely.STRtree(lines).query(shapely.centroid(houses), predicate="dwithin", distance=5.0)[0]
    assert not len(on_street)
    cameras = county.cameras.geometry.to_numpy()
    assert shapely.STRtree(lines).query_nearest(cameras, return_distance=True, all_matches=False)[1].max() < 0.1


def test_grids_communities_and_towns_fit_without_gap_or_overlap(county: Model) -> None:
    for frame in (county.grids, county.communities, county.towns, county.stations):
        shapes = degrees(frame).geometry.to_numpy()
        assert shapely.is_valid(shapes).all() and shapely.coverage_is_valid(shapes)
        assert frame.area.sum() == pytest.approx(county.land.outline.area, rel=1e-5)
    whole = shapely.coverage_union_all(county.grids.geometry.to_numpy())
    assert len(shapely.get_rings(whole)) == 1  # one piece, without a hole
    inside = county.grids.geometry.representative_point().to_numpy()
    owners = county.communities.geometry.to_numpy()[county.grids["community"].to_numpy()]
    assert shapely.contains(owners, inside).all()
    households = county.grids["households"]
    assert households.sum() == county.houses["households"].sum()
    assert households.between(300, 500).mean() > 0.7


def test_names_and_addresses_have_the_form_of_chinese_ones(county: Model) -> None:
    chinese = r"[\u4e00-\u9fff]"
    assert county.towns["name"].str.fullmatch(rf"{chinese}{{2}}镇").all() and county.towns["name"].is_unique
    assert county.communities["name"].str.fullmatch(rf"{chinese}{{2,5}}(村|社区)").all()
    assert county.streets["name"].str.fullmatch(rf"{chinese}{{2,8}}(路|街|大道)(（[SX]\d{{3}}）)?").all()
    texts = county.addresses["text"]
    assert texts.str.fullmatch(rf"{chinese}{{2}}镇{chinese}{{3,12}}(（[SX]\d{{3}}）)?\d+号({chinese}+\d+幢)?").all()
    assert not set("历阳西埠香泉乌江善厚石杨功桥姥桥白桥") <= set("".join(county.towns["name"]))


def test_calls_differ_by_hour_weekday_and_season_and_gather_on_few_streets(county: Model) -> None:
    calls = county.calls
    accidents, brawls = (calls[calls["category"] == name]["last"].dt for name in ("交通事故", "殴打他人"))
    assert (accidents.hour.isin([7, 8, 17, 18])).mean() > 0.25 > (brawls.hour.isin([7, 8, 17, 18])).mean()
    assert (brawls.day_of_week >= 5).mean() > (accidents.day_of_week >= 5).mean()
    noise = calls[calls["category"] == "噪音扰民"]["last"].dt.month
    assert noise.isin([6, 7, 8]).mean() > 1.15 * noise.isin([12, 1, 2]).mean()
    gambling = calls[calls["category"] == "赌博"]["last"]
    about = np.abs((gambling - pd.Timestamp("2026-02-19")).dt.days) <= 8
    assert about.sum() / 17 > 1.2 * len(gambling) / 730
    said = {one.name: one.made for one in figures.figures(county)}
    share = float(said["street length that has half of all calls"].rstrip("%"))
    assert 0.5 < share < 10
    spans = calls[calls["category"] == "入室盗窃"]
    assert (spans["first"] < spans["last"]).all() and (calls["reported"] >= calls["last"]).all()


def test_near_repeats_lie_near_their_forerunner_and_after_it(county: Model) -> None:
    calls = county.calls
    repeats = calls[calls["source"] == "near repeat"]
    first = calls.iloc[repeats["origin"].to_numpy()]
    assert len(repeats) > 50 and (first["category"].to_numpy() == repeats["category"].to_numpy()).all()
    apart = shapely.distance(repeats.geometry.to_numpy(), first.geometry.to_numpy())
    days = (repeats["last"].to_numpy() - first["last"].to_numpy()) / np.timedelta64(1, "D")
    assert np.mean(apart < 200) > 0.8 and np.mean((days > -1) & (days < 14)) > 0.8


def test_patrols_walk_their_routes_and_leave_some_out(county: Model) -> None:
    tracks, routes = county.tracks, county.routes
    lines = routes.geometry.to_numpy()[tracks["route"].to_numpy()]
    true = shapely.points(tracks[["true_x", "true_y"]].to_numpy())
    assert shapely.distance(lines, true).max() < 0.01
    noise = np.hypot(tracks["x"] - tracks["true_x"], tracks["y"] - tracks["true_y"])
    assert 5 < noise.mean() < 10
    step = tracks.groupby("device")["at"].diff().dt.total_seconds()
    assert (step[step < 3_600].round() > 45).mean() > 0.01  # gaps
    said = {one.name: one.made for one in figures.figures(county)}
    assert 0.7 < float(said["planned rounds that took place"].rstrip("%")) / 100 < 0.98


@settings(deadline=None, max_examples=6, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(-(2**70), 2**70),
    st.sampled_from([0.005, 0.01, 0.02]),
    st.sampled_from(["340523", "110101", "542524", "469027"]),
)
def test_any_seed_a_very_small_scale_and_another_outline_make_a_county_too(
    seed: int, scale: float, outline: str
) -> None:
    made = make_county(seed, scale, outline)
    assert len(made.calls) == round(60_000 * scale) and len(made.grids) >= 1 and len(made.streets) >= 10
    assert shapely.coverage_is_valid(degrees(made.grids).geometry.to_numpy())


def test_a_county_without_any_round_is_one_too(tmp_path: Path) -> None:
    made = make_county(-490191, 0.01)
    assert made.tracks.empty and (write_files(made, tmp_path)["轨迹.csv"][1]).read_text(encoding="utf-8-sig")
    assert figures.figures(made)


@pytest.mark.parametrize("scale", [0, -1, 0.001, 1_000, float("nan")])
def test_a_scale_out_of_range_is_refused(scale: float) -> None:
    with pytest.raises(ValueError, match="scale"):
        make_county(1, scale)


def test_an_outline_that_nobody_knows_is_refused() -> None:
    with pytest.raises(NoOutline, match="999999"):
        outline_of("999999")


MARKED = (
    "area",
    "grid",
    "street",
    "water",
    "building",
    "address",
    "place",
    "post",
    "camera",
    "incident",
    "patrol_route",
)


def counts(database: Database) -> dict[str, int]:
    with database.owner_session() as owner:
        of = "county_id = (SELECT id FROM county WHERE code = :code)"
        return {
            table: owner.execute(text(f"SELECT count(*) FROM {table} WHERE {of}"), {"code": CODE}).scalar_one()
            for table in (*MARKED, "fix", "shift")
        }


def load(database: Database, folder: Path) -> list[str]:
    said: list[str] = []
    shifan.load_shifan(database, folder, said.append, 1, SMALL)
    return said


def test_the_importers_take_all_of_it_and_every_row_is_marked(database: Database, small: Model, tmp_path: Path) -> None:
    said = load(database, tmp_path)
    assert all(" 0 wait" in line for line in said[1:-1]), said
    found = counts(database)
    assert found["water"] == 2 * sum(not river.is_empty for river in small.land.rivers) > 0
    assert found["incident"] == len(small.calls) and found["grid"] == len(small.grids)
    assert found["street"] == len(small.streets) and found["fix"] == len(small.tracks)
    assert found["camera"] == len(small.cameras) and found["building"] == found["address"] == len(small.houses)
    with database.owner_session() as owner:
        for table in MARKED:
            assert owner.execute(text(f"SELECT bool_and(simulated) FROM {table}")).scalar_one(), table
        people = owner.execute(
            text(
                "SELECT role, count(*), count(telephone), bool_and(simulated), bool_and(telephone ~ '^05550') FROM grid_worker"
                " WHERE upper_inf(recorded) GROUP BY role ORDER BY role"
            )
        ).all()
        stored = owner.execute(
            text(
                "SELECT number, ST_X(geom), ST_Y(geom), occurred_from < occurred_to, match_level, radius_m FROM incident"
            )
        ).all()
    rows = (
        pd.DataFrame(stored, columns=["number", "x", "y", "is_range", "level", "radius"])
        .set_index("number")
        .loc[call_numbers(small)]
    )
    truth = gpd.GeoSeries(small.calls.geometry.to_numpy(), crs=small.land.srid).to_crs(4326)
    off = np.hypot((rows["x"].to_numpy(float) - truth.x) * 94_700, (rows["y"].to_numpy(float) - truth.y) * 110_900)
    arrived = small.calls["arrived"].to_numpy()
    assert np.nanmax(off[arrived == "WGS84"]) < 0.5 and np.nanmin(off[arrived == "GCJ-02"]) > 400
    unplaced = np.isin(arrived, ["none", "zero"])
    assert (rows["level"][~unplaced] == "given").all()
    placed = unplaced & (rows["level"] != "none").to_numpy()
    assert placed.sum() >= 0.9 * unplaced.sum()
    assert (off[placed] <= rows["radius"].to_numpy(float)[placed]).mean() >= 0.8
    assert np.median(off[placed]) < 30
    assert rows["is_range"].sum() == (small.calls["first"] < small.calls["last"]).sum()
    assert load(database, tmp_path) == []
    assert counts(database) == found
    count = len(small.grids)
    uncalled = len(range(4, count, 37))
    assert [tuple(row) for row in people] == [
        ("full_time", count, count, True, True),
        ("grid_leader", count, count - uncalled, True, True),
        ("police_officer", count, count, True, True),
    ]


def test_a_load_that_was_interrupted_begins_again_cleanly(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = []
    true = shifan.import_file

    def stops(*arguments, **options):
        done.append(arguments)
        if len(done) == 8:
            raise KeyboardInterrupt
        return true(*arguments, **options)

    monkeypatch.setattr(shifan, "import_file", stops)
    with pytest.raises(KeyboardInterrupt):
        load(database, tmp_path)
    monkeypatch.undo()
    half = counts(database)
    assert half["street"] and not half["incident"]
    load(database, tmp_path)
    whole = counts(database)
    assert {name: whole[name] for name in ("area", "grid", "street", "building")} == {
        name: half[name] for name in ("area", "grid", "street", "building")
    }
    assert whole["incident"] == round(60_000 * SMALL)


def test_another_seed_or_scale_is_not_laid_upon_the_one_that_is_there(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stops(*arguments, **options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(shifan, "import_file", stops)
        with pytest.raises(KeyboardInterrupt):
            load(database, tmp_path)
    for seed, scale in ((2, SMALL), (1, 2 * SMALL)):
        with pytest.raises(shifan.OtherDemonstration, match=rf"scale {SMALL} is there.*GEO_STATE"):
            shifan.load_shifan(database, tmp_path, print, seed, scale)


@pytest.mark.parametrize(
    ("error", "free", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), 2**40, "The disk is full."),
        (OperationalError("COPY", {}, psycopg.errors.DiskFull()), 2**40, "The disk is full."),
        (OperationalError("COPY", {}, psycopg.OperationalError("the server closed")), 2**20, "The disk is full."),
    ],
    ids=["while files are written", "while rows are stored", "and the server went down"],
)
def test_a_full_disk_is_told_in_one_sentence(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, free: int, said: str
) -> None:
    def fails(*arguments, **options):
        raise error

    monkeypatch.setattr(shifan, "import_file", fails)
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shifan.shutil, "disk_usage", lambda path: usage._replace(free=free))
    with pytest.raises(click.ClickException, match=said), clear_errors():
        load(database, tmp_path)


@pytest.mark.root
def test_the_files_of_a_disk_that_is_full_are_told_to_be_unwritten(small: Model, tmp_path: Path) -> None:
    for size in ("600k", "1500k"):
        disk = tmp_path / size
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", disk], check=True)
        try:
            with pytest.raises(OSError, match="No space left on device"):
                write_files(small, disk / "county")
        finally:
            subprocess.run(["umount", disk], check=True)


def test_the_command_writes_the_files_alone_with_the_truth_beside_them(tmp_path: Path) -> None:
    done = CliRunner().invoke(command, ["--out", str(tmp_path / "out"), "--scale", "0.01", "--figures"])
    assert done.exit_code == 0, done.output
    assert {path.name for path in (tmp_path / "out").iterdir()} == {*WRITERS, "truth"}
    assert {path.name for path in (tmp_path / "out" / "truth").iterdir()} == {"calls.csv", "tracks.csv", "county.json"}
    assert re.search(r"\| area of the outline, km² \| 1,314 \|", done.output)
    for options, said in ((["--scale", "0"], "scale"), (["--outline", "1"], "outline")):
        refused = CliRunner().invoke(command, ["--out", str(tmp_path / "no"), *options])
        assert refused.exit_code == 2 and said in refused.output
    (tmp_path / "file").write_text("")
    refused = CliRunner().invoke(command, ["--out", str(tmp_path / "file" / "x"), "--scale", "0.01"])
    assert refused.exit_code == 1 and "Give another folder" in refused.output


def test_nothing_of_the_product_reads_the_truth() -> None:
    for path in Path("geo_app").rglob("*.py"):
        if path.parts[1:3] != ("demo", "county"):
            assert not re.search(r"/ *\"truth|truth/", path.read_text(encoding="utf-8")), path


@pytest.mark.long
def test_the_table_of_the_readme_is_that_of_the_county() -> None:
    readme = Path("README.md").read_text(encoding="utf-8")
    assert "\n".join(figures.lines(make_county(1, 1.0))) in readme
