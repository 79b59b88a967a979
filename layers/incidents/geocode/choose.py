"""The best answer out of what an address may mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import hypot

from layers.incidents.address import Address, normalise, parse
from layers.incidents.gazetteer.build import Gazetteer, road_name
from layers.incidents.gazetteer.calibration import RIGHT_M
from layers.incidents.gazetteer.regions import short
from layers.incidents.gazetteer.streets import Street
from layers.incidents.geocode import named, roads
from layers.incidents.geocode.answer import LEVELS, Answer, Candidate
from layers.incidents.geocode.relations import moved

MOST = 5
OTHER_COUNTY, OTHER_TOWN = 0.2, 0.4  # trust in what lies in another county or town than the text says
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
    return _best([(moved(one, address.relation), trust) for one, trust in _candidates(gazetteer, address)])


def _candidates(gazetteer: Gazetteer, address: Address) -> list[Weighed]:
    """All that an address may mean; areas only where nothing in them is known."""
    found = [*_on_roads(gazetteer, address), *_called(gazetteer, address)]
    return found or list(named.areas(gazetteer, address))


def _on_roads(gazetteer: Gazetteer, address: Address) -> Iterator[Weighed]:
    if not address.road:
        return
    address = replace(address, road=road_name(address.road), crossing=road_name(address.crossing))
    if address.stake_m is not None:
        found = list(roads.stakes(gazetteer, address))
    elif address.crossing and not address.number:
        found = list(roads.crossings(gazetteer, address))
    else:
        found = []
    for candidate, trust, street in found or roads.numbered(gazetteer, address):
        yield candidate, trust * _in_region(gazetteer, address, street, candidate)


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
    """The answer of candidates with the trust in each: rivals that lie apart share the trust."""
    if not weighed:
        return Answer()
    weighed = sorted(weighed, key=lambda one: (-one[0].score * one[1], LEVELS.index(one[0].level)))
    first = weighed[0]
    kept: list[Weighed] = []
    for candidate, trust in weighed:
        if all(hypot(candidate.x - one.x, candidate.y - one.y) > RIGHT_M for one, _ in kept):
            kept.append((candidate, trust))
    rivals = [one for one in kept if _rivals(one, first)]
    total = sum(trust * one.score for one, trust in rivals)
    shown = []
    for candidate, trust in kept[:MOST]:
        share = trust * candidate.score / total if total > 0 else 0.0
        shown.append(replace(candidate, score=round(min(candidate.score, 1.0) * min(trust, 1.0) * min(1.0, share), 4)))
    best = shown[0]
    return Answer(best.x, best.y, best.level, best.score, best.radius_m, best.matched, best.how, tuple(shown))


def _rivals(one: Weighed, first: Weighed) -> bool:
    return one[0].how == first[0].how or one is first
