"""The best answer out of what an address may mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import hypot

import numpy as np

from layers.incidents.address import Address, normalise, parse
from layers.incidents.gazetteer.build import Gazetteer, numbered_by, road_name
from layers.incidents.gazetteer.calibration import RIGHT_M, WITHIN
from layers.incidents.gazetteer.regions import short
from layers.incidents.gazetteer.streets import Street
from layers.incidents.geocode import crossings, named, roads
from layers.incidents.geocode.answer import LEVELS, Answer, Candidate
from layers.incidents.geocode.here import reverse
from layers.incidents.geocode.relations import moved

MOST = 5
OTHER_COUNTY, OTHER_TOWN = 0.2, 0.4  # trust in what lies in another county or town than the text says
DOUBTFUL = 0.5  # a road that is known by this name in other places only is sought under other names too
FIT = {"interpolated": 0.5, "nearest": 0.2}
AS_SURE = 0.8
EXACT = ("building", "number", "crossing")
ALIKE = frozenset({"homophone", "slip", "short"})
Weighed = tuple[Candidate, float]


def geocode(gazetteer: Gazetteer, texts: Sequence[str]) -> list[Answer]:
    """Return an answer to each text, in their order; equal texts are looked up once. Any text is taken, none raises."""
    answers: dict[str, Answer] = {}
    for text in texts:
        if text not in answers:
            answers[text] = _answer(gazetteer, text)
    return [answers[text] for text in texts]


def _answer(gazetteer: Gazetteer, text: str) -> Answer:
    found = gazetteer.aliases.get(normalise(text))
    if found:
        return _best(
            [
                (
                    Candidate(
                        spot.x, spot.y, "place", 0.95 * spot.share, max(30.0, spot.spread_m), normalise(text), "alias"
                    ),
                    1.0,
                )
                for spot in found
            ]
        )
    address = parse(text)
    if gazetteer.regions.elsewhere(address):
        return Answer(elsewhere=True)
    best = _best([(moved(one, address.relation), trust) for one, trust in _candidates(gazetteer, address)])
    return _told_apart(gazetteer, best)


def _candidates(gazetteer: Gazetteer, address: Address) -> list[Weighed]:
    """All that an address may mean; areas only where nothing in them is known."""
    found = [*_on_roads(gazetteer, address), *_called(gazetteer, address)]
    return found or list(named.areas(gazetteer, address))


def _on_roads(gazetteer: Gazetteer, address: Address) -> Iterator[Weighed]:
    road = numbered_by(address) if address.road or address.number else ""
    if not road:
        return
    address = replace(address, road=road, crossing=road_name(address.crossing))
    if address.stake_m is not None:
        found = list(crossings.stakes(gazetteer, address))
    elif address.crossing and not address.number:
        found = list(crossings.crossings(gazetteer, address))
    else:
        found = []
    if found:
        yield from _weighed(gazetteer, address, found)
        return
    named_so = roads.streets_named(gazetteer, address.road)
    weighed = _weighed(gazetteer, address, roads.numbered(gazetteer, address, named_so))
    if max((trust for _, trust in weighed), default=0.0) < DOUBTFUL:
        alike = [one for one in roads.streets_alike(gazetteer, address.road) if one not in named_so]
        weighed += _weighed(gazetteer, address, roads.numbered(gazetteer, address, alike))
    yield from weighed


def _weighed(gazetteer: Gazetteer, address: Address, found: Iterable[tuple[Candidate, float, Street]]) -> list[Weighed]:
    return [(one, trust * _in_region(gazetteer, address, street, one)) for one, trust, street in found]


def _in_region(gazetteer: Gazetteer, address: Address, street: Street, candidate: Candidate) -> float:
    own = {short("county", one) for one in street.counties}
    other = bool(address.county and own) and short("county", address.county) not in own
    trust = OTHER_COUNTY if other else 1.0
    return trust * _in_town(gazetteer, address, candidate)


def _in_town(gazetteer: Gazetteer, address: Address, candidate: Candidate) -> float:
    for kind in ("community", "town"):
        around = gazetteer.regions.find(kind, getattr(address, kind))
        if around:
            near = any(hypot(candidate.x - one.x, candidate.y - one.y) <= 1.5 * one.radius_m + 500 for one in around)
            if not near:
                return OTHER_TOWN
    return 1.0


def _called(gazetteer: Gazetteer, address: Address) -> Iterator[Weighed]:
    for candidate, trust in named.called(gazetteer, address):
        yield candidate, trust * _in_town(gazetteer, address, candidate)


def _best(weighed: list[Weighed]) -> Answer:
    """The answer of candidates with the trust in each: what lies apart and is written as well shares the trust."""
    if not weighed:
        return Answer()
    weighed = sorted(weighed, key=lambda one: (-_weight(one) * one[0].score, LEVELS.index(one[0].level)))
    kept: list[Weighed] = []
    for one in weighed:
        if all(_apart(one, other) for other in kept):
            kept.append(one)
    kept = list(dict.fromkeys(_finest(one, weighed) for one in kept))
    rivals = [one for one in kept if _is_alike(one[0]) <= _is_alike(kept[0][0])]
    total = sum(_weight(one) * one[0].score for one in rivals)
    shown = []
    for candidate, trust in kept[:MOST]:
        share = _weight((candidate, trust)) * candidate.score / total if total > 0 else 0.0
        shown.append(replace(candidate, score=round(min(candidate.score, 1.0) * min(trust, 1.0) * min(1.0, share), 4)))
    best, reach = shown[0], _reach(rivals, total)
    level = best.level
    if reach > best.radius_m and level in EXACT:  # several roads have this number, and nothing says which
        level = "road"
    return Answer(best.x, best.y, level, best.score, reach, best.matched, best.how, tuple(shown))


def _told_apart(gazetteer: Gazetteer, answer: Answer) -> Answer:
    """Candidates of one name with the town in which each lies in front."""
    names = [one.matched for one in answer.candidates]
    if gazetteer.areas is None or len(set(names)) == len(names):
        return answer
    around = reverse(gazetteer, np.array([(one.x, one.y) for one in answer.candidates]))
    told = tuple(
        one if here.town and one.matched.startswith(here.town) else replace(one, matched=f"{here.town}{one.matched}")
        for one, here in zip(answer.candidates, around, strict=True)
    )
    return replace(answer, candidates=told, matched=told[0].matched)


def _reach(rivals: list[Weighed], total: float) -> float:
    """The radius of the first, so wide that it holds WITHIN of all that may be meant."""
    best = rivals[0][0]
    held = 0.0
    for metres, weight in sorted(
        (hypot(one[0].x - best.x, one[0].y - best.y), _weight(one) * one[0].score) for one in rivals
    ):
        held += weight
        if held >= WITHIN * total:
            return max(best.radius_m, metres)
    return best.radius_m


def _weight(one: Weighed) -> float:
    """How much a candidate counts beside others of the same words: a number that is known more than one that may be there,
    and what lies elsewhere than the text says hardly at all beside what lies where it says."""
    return one[1] ** 2 * FIT.get(one[0].how.split("+")[0], 1.0)


def _apart(one: Weighed, other: Weighed) -> bool:
    return hypot(one[0].x - other[0].x, one[0].y - other[0].y) > RIGHT_M


def _finest(one: Weighed, weighed: list[Weighed]) -> Weighed:
    """Of what is as sure and lies at the same place the one that says most closely where: the house, not its village."""
    least = AS_SURE * one[1] * one[0].score
    sure = [other for other in weighed if not _apart(one, other) and other[1] * other[0].score >= least]
    return min(sure, key=lambda other: other[0].radius_m)


def _is_alike(one: Candidate) -> bool:
    return not ALIKE.isdisjoint(one.how.split("+"))
