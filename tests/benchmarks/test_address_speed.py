"""Labelled and real addresses taken apart, on one core; each text once, so that nothing is remembered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from layers.incidents.address import parse
from layers.incidents.address.divisions import divisions
from layers.incidents.address.parse import made_alike
from tests.layers.address_labels import read_labels

FLOOR = 12_000  # addresses a second; asked for are 15,000 on a machine that does nothing else


def test_addresses_taken_apart(benchmark, shared_data: Callable[[str], Path]) -> None:
    texts = [text for text, _ in read_labels(shared_data("address-labels") / "train.txt")]
    divisions()
    found = benchmark.pedantic(lambda: [parse(text) for text in texts], setup=made_alike.cache_clear, rounds=5)
    assert len(found) == len(texts)
    if benchmark.enabled:
        rate = len(texts) / benchmark.stats.stats.min
        benchmark.extra_info["addresses_per_second"] = round(rate)
        print(benchmark.extra_info)
        assert rate > FLOOR
