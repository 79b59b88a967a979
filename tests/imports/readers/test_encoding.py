"""Encodings found in files that do not name theirs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_app.imports.problems import FileRejected
from geo_app.imports.readers.encoding import encoding_of

CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=4, max_size=30)


def found(folder: Path, content: bytes) -> str:
    path = folder / "a.txt"
    path.write_bytes(content)
    return encoding_of(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@given(words=st.lists(CHINESE, min_size=1, max_size=5))
def test_chinese_text_is_read_in_the_encoding_it_was_written_in(
    tmp_path_factory: pytest.TempPathFactory, encoding: str, words: list[str]
) -> None:
    text = "id,name\n" + "".join(f"{number},{word}\n" for number, word in enumerate(words))
    content = text.encode(encoding)
    assert content.decode(found(tmp_path_factory.mktemp("text"), content)) == text


def test_gb18030_is_found_also_where_characters_lie_across_the_chunks_in_which_it_is_read(tmp_path: Path) -> None:
    text = "编号,地址\n" + "1,和州路𠮷号\n" * 300_000
    for shift in range(4):
        content = (" " * shift + text).encode("gb18030")
        assert found(tmp_path, content) == "gb18030"


def test_one_line_that_is_in_no_encoding_is_named(tmp_path: Path) -> None:
    content = "编号,地址\n".encode() + b"1,abc\n" * 500_000 + b"2,\xff\xfe\n" + b"3,x\n"
    with pytest.raises(FileRejected) as caught:
        found(tmp_path, content)
    assert caught.value.problems[0].code == "wrong_format"
    assert "line 500002" in caught.value.message


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 10,
        "fecha,direcci\xf3n\n".encode("latin-1") + "1,Medell\xedn\n2,Ca\xf1as\n3,Bel\xe9n\n".encode("latin-1") * 50,
        "a,b\n1,2\n".encode("utf-32"),
        b"a,b\n" + b"1,2\n" * 100_000 + b"\0\0\0\0",
    ],
    ids=["a picture", "Latin-1", "UTF-32", "zeros behind 400,000 bytes of text"],
)
def test_what_is_no_text_in_these_encodings_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FileRejected) as caught:
        found(tmp_path, content)
    assert caught.value.problems[0].code == "wrong_format"


def test_utf8_with_one_broken_character_is_not_taken_for_gb18030(tmp_path: Path) -> None:
    content = "编号,地址\n".encode() + "1,和州路\n".encode() * 3 + b"2,abc\n" * 400_000
    assert found(tmp_path, content) == "utf-8-sig"
    with pytest.raises(FileRejected) as caught:
        found(tmp_path, content + "3,和州路\n".encode("gb18030"))
    assert "line 400005" in caught.value.message


def test_an_empty_file_is_called_empty(tmp_path: Path) -> None:
    for content in (b"", b" \n\n\t"):
        with pytest.raises(FileRejected) as caught:
            found(tmp_path, content)
        assert caught.value.problems[0].code == "empty"
