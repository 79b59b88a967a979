"""A free address taken apart."""

from __future__ import annotations

from functools import lru_cache

from layers.incidents.address.alike import normalise, one_width
from layers.incidents.address.chinese import Scan
from layers.incidents.address.fields import address
from layers.incidents.address.parts import Address, Part
from layers.incidents.address.western import is_western, spans

# No address is longer; what comes after is kept as one part that is not understood.
MOST_CHARACTERS = 300

made_alike = lru_cache(maxsize=16_384)(normalise)


def parse(text: str) -> Address:
    """Return an address taken apart; its parts cover every character of text exactly once.

    text: any text, Chinese or western. Never raises; of a text longer than 300 characters the rest is one part of kind
    "other".
    """
    head = text[:MOST_CHARACTERS]
    s = one_width(head)
    western = is_western(s)
    found = spans(s) if western else Scan(s).run()
    parts = [Part(kind, made_alike(head[begin:end]), begin, end) for kind, begin, end in found]
    if len(text) > MOST_CHARACTERS:
        parts.append(Part("other", text[MOST_CHARACTERS:], MOST_CHARACTERS, len(text)))
    return address(text, tuple(parts), western)
