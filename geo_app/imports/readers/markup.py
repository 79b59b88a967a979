"""XML read as a stream, without the part of it that does harm: a document that declares types or entities is refused."""

from __future__ import annotations

import codecs
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat

from geo_app.imports.problems import N_, FileRejected
from geo_app.imports.readers.refusals import damaged, empty, other_format, trap

CHUNK = 2**16
DEEPEST = 200  # elements in elements; folders in folders are a handful
CHINESE = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["'](gbk|gb2312|gb18030|gb_2312-80|big5)["']""", re.IGNORECASE)


class _Root(Exception):
    """The document's first element begins: no declaration can follow."""


def refuse_declarations(path: Path, root: str, format_name: str) -> None:
    """Raises FileRejected for XML with a DOCTYPE, and for what is no XML of which the first element is ``root``.

    Expat itself says so, whatever the encoding: it calls when the declaration begins, before any entity is known.
    """

    def refuse(*declared: object) -> None:
        raise trap(path, N_("It declares types or entities of its own (DOCTYPE); no map needs them."))

    def begin(name: str, attributes: Any) -> None:
        if name.rpartition(":")[2] != root:
            raise other_format(path, format_name)
        raise _Root

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.StartElementHandler = begin
    try:
        for chunk in _chunks(path):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except _Root:
        return
    except (expat.ExpatError, ValueError, LookupError) as error:
        if isinstance(error, FileRejected):
            raise
        raise other_format(path, format_name) from error


def events(path: Path, kept: frozenset[str]) -> Iterator[tuple[str, ET.Element, str, str]]:
    """("start" or "end", element, its name without namespace, that of the element it lies in) as they come.

    An element named in ``kept`` is whole when it ends; everything is forgotten as soon as it was handed over, so that a
    document of any length needs little memory. Raises FileRejected where it ends early or is not well-formed.
    """
    parser: Any = ET.XMLPullParser(("start", "end"))
    above: list[tuple[ET.Element | None, str]] = [(None, "")]
    inside = 0
    try:
        for chunk in _chunks(path):
            parser.feed(chunk)
            for event, element in parser.read_events():
                name = element.tag.rpartition("}")[2]
                if event == "start":
                    yield event, element, name, above[-1][1]
                    above.append((element, name))
                    inside += name in kept
                    if len(above) > DEEPEST:
                        raise trap(path, N_("It is nested too deeply."))
                else:
                    above.pop()
                    inside -= name in kept
                    parent, parent_name = above[-1]
                    yield event, element, name, parent_name
                    if parent is not None and not inside:
                        parent.remove(element)
        parser.close()
    except (ET.ParseError, UnicodeDecodeError, LookupError) as error:
        raise damaged(path, error) from error


def _chunks(path: Path) -> Iterator[bytes | str]:
    """The file as bytes, or as text where it says that it is in an encoding that expat does not know."""
    with path.open("rb") as file:
        head = file.read(CHUNK)
        if not head.strip():
            raise empty(path)
        chinese = CHINESE.match(head)
        decoder = codecs.getincrementaldecoder(chinese[1].decode() if chinese else "ascii")()
        while head:
            yield decoder.decode(head) if chinese else head
            head = file.read(CHUNK)


def words(element: ET.Element | None) -> str:
    """The text of an element and of those in it, without the space around it; '' for none."""
    return "" if element is None else "".join(element.itertext()).strip()


def child(element: ET.Element, name: str) -> ET.Element | None:
    """The first child of that name, whatever its namespace."""
    return next((one for one in element if one.tag.rpartition("}")[2] == name), None)
