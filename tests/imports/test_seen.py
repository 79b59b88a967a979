"""Keys counted over the portions of a file, as a plain dict would count them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_app.imports.seen import Seen

KEYS = st.one_of(st.sampled_from(["", "a", "b", "路"]), st.text(max_size=3))
PORTIONS = st.lists(st.lists(KEYS, max_size=8), max_size=12)


@settings(deadline=None)
@given(PORTIONS, st.randoms())
def test_keys_are_counted_over_portions_as_a_dict_counts_them(portions: list[list[str]], random) -> None:
    seen = Seen()
    counts: dict[str, int] = {}
    firsts: dict[str, int] = {}
    numbers = random.sample(range(10_000), sum(map(len, portions)))  # identities of ways come in any order
    for keys in portions:
        lines, numbers = numbers[: len(keys)], numbers[len(keys) :]
        ordinals, first = seen.add(pd.Series(keys, dtype=object), np.array(lines, dtype=np.int64))
        expected = []
        for key, line in zip(keys, lines, strict=True):
            counts[key] = counts.get(key, 0) + 1
            expected.append((counts[key], firsts.setdefault(key, line)))
        assert list(zip(ordinals.tolist(), first.tolist(), strict=True)) == expected


def test_what_is_kept_of_many_portions_lies_in_few_runs() -> None:
    seen = Seen()
    for portion in range(200):
        keys = pd.Series([f"{portion}-{row}" for row in range(10)], dtype=object)
        seen.add(keys, np.arange(10))
    assert len(seen._runs) < 12
    assert sum(len(known) for known, _, _ in seen._runs) == 2_000
