"""Headings that are the initials of a Chinese one in pinyin: BJSJ for 报警时间."""

from __future__ import annotations

import re
from functools import cache

LETTERS = re.compile(r"[A-Za-z]{2,}")  # one letter says too little
CHINESE = re.compile(r"[A-Za-z]*[\u4e00-\u9fff]+")


@cache
def readings(word: str) -> tuple[frozenset[str], ...]:
    """The first letters, small, that each character of a Chinese word may have; nothing for any other word.

    All readings of a character are taken (重 is c and z), whatever the word: exports are not made by linguists.
    """
    if not CHINESE.fullmatch(word):
        return ()
    from pypinyin import Style, pinyin  # its dictionaries take a third of a second

    return tuple(
        frozenset({letter.casefold()}) if letter.isascii()
        else frozenset(pinyin(letter, style=Style.FIRST_LETTER, heteronym=True)[0])
        for letter in word
    )  # fmt: skip


@cache
def usual(word: str) -> str:
    """The initials, small, of a Chinese word as it is usually read; '' for any other word."""
    if not CHINESE.fullmatch(word):
        return ""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(word, style=Style.FIRST_LETTER)).casefold()


def are_initials(heading: str, word: str, *, usually: bool = False) -> bool:
    """Whether a heading is the initials of a Chinese word, in any reading or only as it is usually read."""
    if not LETTERS.fullmatch(heading):
        return False
    heading = heading.casefold()
    if usually:
        return heading == usual(word)
    letters = readings(word)
    return len(letters) == len(heading) and all(map(frozenset.__contains__, letters, heading))
