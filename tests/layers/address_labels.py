"""Labelled addresses, and how well the parts that we take out of them agree with the labels.

Two counts are made. `exact` compares spans of one label with spans of our kinds and forgives nothing: road with `road`
and groups (the labels call 11组 a road), roadno with `number` and `lane`, poi with `place`, `estate` and `zone`.

`mapped` sets aside what the labels decide now one way, now another, or what a parser without a gazetteer cannot know:

- 832弄125号 is labelled roadno + houseno or subRoad + subroadno: a lane counts under the label that it has, a number
  inside a lane counts where it is labelled as one.
- a place's part (三区, 二期, a shop in a mall) is inside the poi or a subpoi or person of its own: a poi is found with or
  without the parts that follow it.
- towns, villages and cities written without their suffix (九堡商贸中心 is 九堡/town 商贸中心/poi): a poi is found with
  or without such a name before it.
- a place that is labelled as a part, a village, a zone or redundant (said twice) is neither right nor wrong; neither is a
  开发区 or 新区, which the labels call devZone.
- a village labelled poi may be our `community`.

`python -m tests.layers.address_labels FILE` prints the table.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from layers.incidents.address import Address, parse

Entity = tuple[str, int, int]
Span = tuple[int, int]
NAMES = ("road", "number", "poi")
EXACT = {"road": {"road"}, "number": {"roadno"}, "poi": {"poi"}}
MAPPED = {"road": {"road", "subRoad", "subroad"}, "number": {"roadno", "subroadno", "subRoadno"}}
PLACES = {"place", "estate", "zone"}
NOT_COUNTED = {"subpoi", "person", "devZone", "community", "redundant"}
SUFFIX = {
    "city": ("市",), "district": ("市", "县", "区"), "town": ("镇", "乡", "街道"), "community": ("村", "社区"), "devZone": ("区",),
}  # fmt: skip
DEVELOPMENT_ZONES = ("开发区", "高新区", "新区", "保税区", "经济区", "示范区")


@dataclass
class Count:
    """Entities found as labelled, found but not labelled so, and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, right: int, wrong: int, missed: int) -> None:
        self.right, self.wrong, self.missed = self.right + right, self.wrong + wrong, self.missed + missed

    @property
    def precision(self) -> float:
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.right + self.missed, 1)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(2 * self.right + self.wrong + self.missed, 1)


def read_labels(path: Path) -> list[tuple[str, list[Entity]]]:
    """Addresses with their labelled entities: label, start, end."""
    rows = []
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        text, entities = "", []
        for line in block.splitlines():
            token, _, tag = line.rpartition(" ")
            begin, text = len(text), text + token
            place, _, label = tag.partition("-")
            if place == "I" and entities and entities[-1][0] == label and entities[-1][2] == begin:
                entities[-1] = (label, entities[-1][1], len(text))
            else:
                entities.append((label, begin, len(text)))
        if text:
            rows.append((text, entities))
    return rows


def measure(rows: Iterable[tuple[str, list[Entity]]]) -> tuple[dict[str, Count], dict[str, Count]]:
    """The counts of road, number and poi: exact, and mapped as the module says."""
    exact = {name: Count() for name in NAMES}
    mapped = {name: Count() for name in NAMES}
    for text, entities in rows:
        address = parse(text)
        for name in NAMES:
            gold = {(begin, end) for label, begin, end in entities if label in EXACT[name]}
            ours = _exact_spans(address, name)
            exact[name].add(len(gold & ours), len(ours - gold), len(gold - ours))
        for name in MAPPED:
            gold = {(begin, end) for label, begin, end in entities if label in MAPPED[name]}
            ours = _mapped_spans(address, entities, name)
            mapped[name].add(len(gold & ours), len(ours - gold), len(gold - ours))
        mapped["poi"].add(*_places(text, address, entities))
    return exact, mapped


def _exact_spans(address: Address, name: str) -> set[Span]:
    kinds = {"road": {"road"}, "number": {"number", "lane"}, "poi": PLACES}[name]
    return {
        (part.start, part.end)
        for part in address.parts
        if part.kind in kinds or (name == "road" and part.kind == "group" and part.text[-1] in "组队")
    }


def _mapped_spans(address: Address, entities: list[Entity], name: str) -> set[Span]:
    label_of = {(begin, end): label for label, begin, end in entities}
    spans = set()
    for part in address.parts:
        span = (part.start, part.end)
        label = label_of.get(span)
        as_road = label in MAPPED["road"]
        if name == "road":
            group = part.kind == "group" and part.text[-1] in "组队"
            counted = part.kind == "road" or group or (part.kind == "lane" and as_road)
        else:
            inside = part.kind == "sub_number" and label in MAPPED["number"]
            counted = part.kind == "number" or (part.kind == "lane" and not as_road) or inside
        if counted:
            spans.add(span)
    return spans


def _places(text: str, address: Address, entities: list[Entity]) -> tuple[int, int, int]:
    label_of = {(begin, end): label for label, begin, end in entities}
    spans = []
    for part in address.parts:
        label = label_of.get((part.start, part.end))
        development = part.kind == "zone" and part.text.endswith(DEVELOPMENT_ZONES) and label != "poi"
        if (part.kind in PLACES and not development) or (part.kind == "community" and label == "poi"):
            spans.append((part.start, part.end))
    used: set[Span] = set()
    right = missed = 0
    for at, (label, _, _) in enumerate(entities):
        if label != "poi":
            continue
        found = _found(spans, _starts(text, entities, at), _ends(entities, at))
        used.update(found)
        right, missed = right + bool(found), missed + (not found)
    wrong = [
        span
        for span in spans
        if span not in used
        and not any(b <= span[0] and span[1] <= e and label in NOT_COUNTED for label, b, e in entities)
    ]
    return right, len(wrong), missed


def _starts(text: str, entities: list[Entity], at: int) -> set[int]:
    """Where a place that is this poi may begin: with it, or with names of areas without suffix right before it."""
    first = entities[at][1]
    starts = {first}
    for label, begin, end in reversed(entities[:at]):
        if end != first or label not in SUFFIX or text[begin:end].endswith(SUFFIX[label]):
            break
        first = begin
        starts.add(first)
    return starts


def _ends(entities: list[Entity], at: int) -> set[int]:
    """Where a place that is this poi may end: with it, or with a part of it right behind."""
    last = entities[at][2]
    ends = {last}
    for label, begin, end in entities[at + 1 :]:
        if begin != last or label not in ("subpoi", "person", "poi"):
            break
        last = end
        ends.add(last)
    return ends


def _found(spans: list[Span], starts: set[int], ends: set[int]) -> list[Span]:
    """The longest run of adjacent spans that begins and ends where it may."""
    best: list[Span] = []
    for first, (begin, _) in enumerate(spans):
        if begin not in starts:
            continue
        for last in range(first, len(spans)):
            if last > first and spans[last][0] != spans[last - 1][1]:
                break
            if spans[last][1] in ends and last + 1 - first > len(best):
                best = spans[first : last + 1]
    return best


def main() -> None:
    exact, mapped = measure(read_labels(Path(sys.argv[1])))
    print("| | precision | recall | F1 |\n|---|---|---|---|")
    for title, counts in (("exact", exact), ("mapped", mapped)):
        for name, count in counts.items():
            print(f"| {name}, {title} | {count.precision:.3f} | {count.recall:.3f} | {count.f1:.3f} |")


if __name__ == "__main__":
    main()
