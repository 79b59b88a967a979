"""148,636 real incidents of ten years over HTTP: the period is moved, and the page waits for the new surface.

The server is Werkzeug's in this process, warm; no period is asked for twice. Search and areas of a city of streets
stand here too: what is typed has to be found while it is typed.
"""

from __future__ import annotations

import gzip
import http.client
import itertools
import json
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from tests.real_counties import CHICAGO, XIAN, Real, RealCounty
from tests.security.browsing import token_of
from tests.serving import served

SURFACE_S = 0.4
SEARCH_S = 0.1
Ask = Callable[[str], dict[str, Any]]


@contextmanager
def asking(county: Real) -> Iterator[Ask]:
    """Asks a real server of the county for JSON, as a browser does."""
    with served(county.app) as address:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        headers = {"Cookie": f"geo_session={token_of(county.client)}", "Accept-Encoding": "gzip"}

        def ask(path: str) -> dict[str, Any]:
            connection.request(
                "GET", f"{path}{'&' if '?' in path else '?'}county={county.county.code}", headers=headers
            )
            answer = connection.getresponse()
            read = answer.read()
            assert answer.status == 200, read
            packed = answer.headers.get("Content-Encoding") == "gzip"
            found: dict[str, Any] = json.loads(gzip.decompress(read) if packed else read)
            return found

        yield ask
        connection.close()


def years() -> Iterator[str]:
    """Another year each time."""
    for days in itertools.count():
        since = date(2011, 1, 1) + timedelta(days)
        yield f"since={since}&until={since + timedelta(364)}"


@pytest.mark.parametrize("what", ["layers/density", "layers/incidents", "incidents/summary"])
def test_the_period_of_148636_incidents_is_moved(benchmark, real: Callable[[RealCounty], Real], what: str) -> None:
    period, processor = years(), []
    with asking(real(CHICAGO)) as ask:
        ask(f"/api/{what}")

        def moved() -> dict[str, Any]:
            began = time.process_time()
            found = ask(f"/api/{what}?{next(period)}")
            processor.append(1000 * (time.process_time() - began))
            return found

        answer = benchmark.pedantic(moved, rounds=20, warmup_rounds=2)
    n = answer["legend"]["n"] if "legend" in answer else answer["n"]
    assert 12_000 < n < 20_000
    benchmark.extra_info["processor, median ms"] = round(statistics.median(processor))  # what a busy machine leaves
    benchmark.extra_info.update(incidents=148_636, in_the_period=n, server="werkzeug, threads, one process")
    if benchmark.stats is not None:
        assert benchmark.stats.stats.median < SURFACE_S


def test_a_street_is_found_while_its_name_is_typed(benchmark, real: Callable[[RealCounty], Real]) -> None:
    words = itertools.cycle(["路", "大", "雁塔", "长安北路", "no such street"])
    with asking(real(XIAN)) as ask:
        ask(f"/api/search?q={quote('路')}")
        benchmark.pedantic(lambda: ask(f"/api/search?q={quote(next(words))}"), rounds=30, warmup_rounds=2)
    benchmark.extra_info.update(streets=9842, server="werkzeug, threads, one process")
    if benchmark.stats is not None:
        assert benchmark.stats.stats.median < SEARCH_S


@pytest.mark.parametrize("box", ["", "&box=108.9,34.2,108.98,34.25"], ids=["county", "box"])
def test_the_streets_of_a_city_are_drawn(benchmark, real: Callable[[RealCounty], Real], box: str) -> None:
    county = real(XIAN)
    from geo_app.api import layers

    with asking(county) as ask:
        ask("/api/layers/streets")

        def drawn_anew() -> dict[str, Any]:
            layers._texts._made.clear()
            return ask(f"/api/layers/streets?{box[1:]}" if box else "/api/layers/streets")

        answer = benchmark.pedantic(drawn_anew, rounds=10, warmup_rounds=1)
    assert answer["legend"]["n"] == 18_999
    benchmark.extra_info.update(pieces=18_999, bytes=len(json.dumps(answer, ensure_ascii=False).encode()))
