"""A county's extract of OpenStreetMap, 50,000 ways as PBF, to a network of streets with pieces: asked for are 60 s.

The extract is made: 184 by 184 crooked roads of blocks of about 200 m, cut into ways of one block or two, every 20th way
a bridge or a tunnel that crosses without a node.
"""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import numpy as np
import osmium
from osmium.osm.mutable import Node, Way
from sqlalchemy import text

from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from geo_app.models import County
from geo_app.services.imports import ImportReport, import_file

LINES = int(os.environ.get("GEO_BENCH_ROADS", "184"))  # in each direction
WEST, SOUTH, EACH = 118.05, 31.5, 0.002
BENDS = 3  # between two crossings
CLASSES = ("primary", "secondary", "tertiary", "residential", "service", "unclassified")
FLOOR_S = 120.0  # on a machine that does other things too


def write_extract(path: Path, lines: int) -> int:
    """Writes an extract of so many roads in each direction; how many ways it has."""
    generator = np.random.default_rng(20261125)
    crossing = generator.normal(0, EACH / 12, (lines, lines, 2))
    crossing += np.stack(np.meshgrid(np.arange(lines), np.arange(lines), indexing="ij"), axis=-1) * EACH + (WEST, SOUTH)
    nodes = [tuple(place) for place in crossing.reshape(-1, 2)]
    ways: list[tuple[list[int], dict[str, str]]] = []
    for turned in (False, True):
        for line in range(lines):
            at = 0
            while at < lines - 1:
                blocks = min(1 + int(generator.random() < 0.35), lines - 1 - at)
                ends = [(place, line) if turned else (line, place) for place in range(at, at + blocks + 1)]
                tags = {"highway": CLASSES[(line + at) % len(CLASSES)], "name": f"{line + 1}路"}
                if blocks == 2 and generator.random() < 0.15:  # over or under the road in the middle
                    ends = [ends[0], ends[2]]
                    tags |= {"bridge": "yes", "layer": "1"} if at % 2 else {"tunnel": "yes", "layer": "-1"}
                refs = [ends[0][0] * lines + ends[0][1]]
                for (a, b), (c, d) in pairwise(ends):
                    for share in np.arange(1, BENDS + 1) / (BENDS + 1):
                        bend = crossing[a, b] * (1 - share) + crossing[c, d] * share
                        nodes.append(tuple(bend + generator.normal(0, EACH / 60, 2)))
                        refs.append(len(nodes) - 1)
                    refs.append(c * lines + d)
                ways.append((refs, tags))
                at += blocks
    with osmium.SimpleWriter(str(path)) as writer:
        for number, (lon, lat) in enumerate(nodes, 1):
            writer.add_node(Node(id=number, version=1, location=(float(lon), float(lat))))
        for number, (refs, tags) in enumerate(ways, 1):
            writer.add_way(Way(id=number, version=1, nodes=[ref + 1 for ref in refs], tags=tags))
    return len(ways)


def test_an_extract_of_50000_ways_becomes_a_network(
    benchmark, database: Database, county: County, county_scope: Scope, tmp_path: Path
) -> None:
    path = tmp_path / "county.osm.pbf"
    ways = write_extract(path, LINES if benchmark.enabled else 20)
    report: ImportReport = benchmark.pedantic(
        import_file, (database, county_scope, county.code, "roads", path), rounds=1, iterations=1
    )
    assert report.quarantined == 0
    with database.session(county_scope, read_only=True) as session:
        streets, pieces = session.execute(
            text("SELECT (SELECT count(*) FROM street), (SELECT count(*) FROM street_piece)")
        ).one()
    benchmark.extra_info |= {
        "ways": ways, "streets": streets, "pieces": pieces, "seconds": report.seconds,
        "load": round(os.getloadavg()[0], 1), "warnings": [str(warning) for warning in report.warnings],
    }  # fmt: skip
    print(benchmark.extra_info)
    assert streets >= ways and report.pieces == pieces
    assert not benchmark.enabled or report.seconds < FLOOR_S
