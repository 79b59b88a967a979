"""Sentences about a file, in English with what fills them, so that they can be said in another language too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from layers.base import N_ as N_

# Parameters that are words of ours, one or several after commas; all others are a file's own.
OURS = frozenset({"unit", "found", "allowed", "known_by"})
UNITS = (N_("line"), N_("row"), N_("feature"), N_("way"), N_("node"), N_("relation"), N_("object"))


@dataclass(frozen=True)
class Said:
    """Something to know about a file that keeps nothing out: a message id with ``%(name)s`` for ``params``."""

    text: str
    params: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return filled(self.text, self.params)

    def as_json(self) -> dict[str, object]:
        """As plain values."""
        return {"text": self.text, "params": dict(self.params)}


def filled(text: str, params: Mapping[str, Any]) -> str:
    """A message, in whatever language, with its parameters; one without any may contain a bare percent sign."""
    return text % params if params else text


def in_language(text: str, params: Mapping[str, Any], translate: Callable[[str], str]) -> str:
    """A message in the language that ``translate`` speaks, together with those of its parameters that are words of ours."""
    words = {
        name: ", ".join(map(translate, str(value).split(", "))) if name in OURS and value else value
        for name, value in params.items()
    }
    return filled(translate(text), words)
