"""Zip and gzip: one file of data in them, and archives that were made to do harm."""

from __future__ import annotations

import gzip
import stat
import struct
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from geo_app.imports.problems import FileRejected
from geo_app.imports.readers import unpacking
from geo_app.imports.reading import read_file
from geo_app.imports.rows import Rows, joined

TABLE = b"number,address\n1,x\n"
Member = tuple[str | zipfile.ZipInfo, bytes]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of our own for whatever is unpacked."""
    unpacked = tmp_path / "unpacked"
    unpacked.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(unpacked))
    return tmp_path


def zipped(folder: Path, *members: Member, how: int = zipfile.ZIP_DEFLATED) -> Path:
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def rows_of(path: Path, kind: str = "incidents", layer: str | None = None) -> Rows:
    return joined(list(read_file(path, kind, layer)))


def refused(folder: Path, path: Path, code: str = "trap", layer: str | None = None) -> FileRejected:
    with pytest.raises(FileRejected) as caught:
        rows_of(path, layer=layer)
    assert caught.value.problems[0].code == code, caught.value.message
    assert list((folder / "unpacked").iterdir()) == []
    return caught.value


@pytest.mark.parametrize("name", ["a.csv", "数据/警情.csv", "deep/er/a.CSV"])
def test_the_one_file_of_data_is_read_wherever_it_lies_and_nothing_is_left(folder: Path, name: str) -> None:
    path = zipped(folder, (name, TABLE), ("readme.txt", b"hello"), ("x.pdf", b"x"), ("__MACOSX/._a.csv", b"\0"))
    assert rows_of(path).table["number"].tolist() == ["1"]
    assert list((folder / "unpacked").iterdir()) == []


def test_a_text_file_is_read_where_there_is_nothing_else(folder: Path) -> None:
    assert len(rows_of(zipped(folder, ("a.txt", TABLE)))) == 1


def test_of_several_files_the_named_one_or_the_one_named_like_the_kind_is_read(folder: Path) -> None:
    path = zipped(folder, ("a.csv", TABLE), ("b.csv", b"number\n2\n"))
    assert "a.csv, b.csv" in refused(folder, path, "layers").message
    for layer in ("b", "b.csv"):
        assert rows_of(path, layer=layer).table["number"].tolist() == ["2"]
    path = zipped(folder, ("a.csv", TABLE), ("incidents.csv", b"number\n2\n"))
    assert rows_of(path).table["number"].tolist() == ["2"]


def test_names_that_chinese_windows_wrote_are_understood(folder: Path) -> None:
    long = "警情" * 20
    path = zipped(folder, ("x" * 80 + ".csv", TABLE), ("y" * 80 + ".csv", b"number\n2\n"), how=zipfile.ZIP_STORED)
    content = path.read_bytes()
    for letter, name in ((b"x", long), (b"y", long[::-1])):
        content = content.replace(letter * 80, name.encode("gbk"))
    path.write_bytes(content)
    assert rows_of(path, layer=long).table["number"].tolist() == ["1"]


@pytest.mark.parametrize(
    "name", ["../a.csv", "x/../../a.csv", "/etc/a.csv", "C:/a.csv", "C:\\a.csv", "x\\a.csv", "//server/a.csv"]
)
def test_D03_members_that_lead_out_of_the_archive_are_refused(folder: Path, name: str) -> None:
    member = zipfile.ZipInfo("a.csv")
    member.filename = member.orig_filename = name
    refused(folder, zipped(folder, ("b.csv", TABLE), (member, b"x")))


def test_D03_a_member_whose_name_hides_behind_a_nul_is_refused(folder: Path) -> None:
    path = zipped(folder, ("a.csv", TABLE), ("b.csvX.txt", b"x"))
    path.write_bytes(path.read_bytes().replace(b"b.csvX.txt", b"b.csv\0.txt"))
    refused(folder, path)


def test_D03_a_link_is_refused(folder: Path) -> None:
    link = zipfile.ZipInfo("a.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert "link" in refused(folder, zipped(folder, (link, b"/etc/passwd"))).message


def test_D03_what_unpacks_to_a_thousand_times_its_size_is_refused(folder: Path) -> None:
    refused(folder, zipped(folder, ("a.csv", b"\0" * 40_000_000)))
    bomb = folder / "a.csv.gz"
    bomb.write_bytes(gzip.compress(b"\0" * 40_000_000))
    refused(folder, bomb)


def test_D03_many_members_are_refused(folder: Path) -> None:
    assert "1,500 members" in refused(folder, zipped(folder, *((f"{n}.txt", b"") for n in range(1500)))).message


def test_D03_more_than_may_be_unpacked_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MOST_BYTES", 30)
    refused(folder, zipped(folder, ("a.csv", TABLE), ("b.txt", b"x" * 20)))


def test_D03_members_that_overlap_are_refused(folder: Path) -> None:
    path = zipped(folder, ("a.csv", b"a" * 5000), ("b.csv", b"b" * 5000), how=zipfile.ZIP_STORED)
    content = bytearray(path.read_bytes())
    second = content.rindex(b"PK\x01\x02")  # the directory's second entry now points at the first member
    content[second + 42 : second + 46] = struct.pack("<I", 0)
    path.write_bytes(content)
    assert "overlap" in refused(folder, path).message


def test_D03_a_member_that_lies_about_its_size_gives_no_rows(folder: Path) -> None:
    path = zipped(folder, ("a.csv", TABLE * 100))
    content = bytearray(path.read_bytes())
    first = content.index(b"PK\x01\x02")
    content[first + 24 : first + 28] = struct.pack("<I", 10)
    path.write_bytes(content)
    with pytest.raises(FileRejected):
        rows_of(path)


@pytest.mark.parametrize("name", ["inner.zip", "a.csv.gz", "a.gz"])
def test_D03_an_archive_in_an_archive_is_not_opened(folder: Path, name: str) -> None:
    inner = zipped(folder, ("a.csv", TABLE)).read_bytes() if name == "inner.zip" else gzip.compress(TABLE)
    assert "0 things" in refused(folder, zipped(folder, (name, inner)), "layers").message


def test_D03_two_members_of_one_name_are_refused(folder: Path) -> None:
    path = zipped(folder, ("a.csv", TABLE), ("b.csv", TABLE))
    path.write_bytes(path.read_bytes().replace(b"b.csv", b"a.csv"))
    assert "same name" in refused(folder, path).message


def test_D09_the_longest_name_that_a_disk_takes_is_read(folder: Path) -> None:
    path = zipped(folder, ("a.csv", TABLE)).rename(folder / f"{'n' * 251}.zip")
    assert len(rows_of(path)) == 1


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


@pytest.mark.parametrize(
    ("name", "make", "code"),
    [
        ("a.zip", lambda: b"", "empty"),
        ("a.zip", lambda: b"PK\x03\x04 and nothing", "unreadable"),
        ("a.kmz", lambda: b"PK\x03\x04 and nothing", "unreadable"),
        ("a.csv.gz", lambda: b"", "empty"),
        ("a.csv.gz", lambda: TABLE, "wrong_format"),
        ("a.csv.gz", lambda: cut(gzip.compress(TABLE)), "unreadable"),
        ("a.csv.gz", lambda: gzip.compress(TABLE)[:-8] + b"\0" * 8, "unreadable"),
        ("a.csv.gz", lambda: gzip.compress(b""), "empty"),
        ("a.tar.gz", lambda: gzip.compress(TABLE), "unknown_format"),
        ("a.gz", lambda: gzip.compress(TABLE), "unknown_format"),
        ("a.zip.gz", lambda: gzip.compress(TABLE), "unknown_format"),
        ("a.csv.gz.gz", lambda: gzip.compress(TABLE), "unknown_format"),
    ],
)  # fmt: skip
def test_what_is_no_sound_archive_is_refused(folder: Path, name: str, make: Callable[[], bytes], code: str) -> None:
    (folder / name).write_bytes(make())
    refused(folder, folder / name, code)


def test_an_archive_that_needs_a_password_is_refused(folder: Path) -> None:
    path = zipped(folder, ("a.csv", TABLE))
    content = bytearray(path.read_bytes())
    for mark, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + flag] |= 1
    path.write_bytes(content)
    refused(folder, path, "unreadable")


@pytest.mark.parametrize(
    ("name", "count"),
    [("chicago/assaults_2010_2019.csv.gz", 148_636), ("lancashire/antisocial_behaviour.tab.gz", 56_434)],
)
def test_real_packed_tables_are_read_whole(shared_data: Callable[[str], Path], name: str, count: int) -> None:
    assert sum(len(rows) for rows in read_file(shared_data(name), "incidents")) == count
