"""Real partitions: what is found in them as published, and that nothing that blocks is left when they are mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
import shapely

from tests.real import partitions
from tests.real.partitions import Partition

MADE: dict[str, tuple[str | None, Callable[[], Partition]]] = {
    "lancashire": ("lancashire", partitions.lancashire),
    "vancouver": ("vancouver/neighbourhoods.geojson", partitions.vancouver),
    "chicago": ("chicago/police_districts.kml", partitions.chicago),
    "shifan": (None, lambda: partitions.shifan(0.1)),
}
PUBLISHED = {  # kinds of faults that the files have, of those that block
    "lancashire": {"exclave"},
    "vancouver": {"gap", "overlap"},
    "chicago": {"duplicate_code"},
    "shifan": set(),
}
IN_CODES = {"duplicate_code", "malformed_code"}  # no repair of lines mends these


@pytest.fixture(scope="module", params=sorted(MADE))
def named(request, shared_data) -> tuple[str, Partition]:
    path, make = MADE[request.param]
    if path:
        shared_data(path)
    return request.param, make()


def blocking(partition: Partition) -> set[str]:
    return {fault.kind for fault in partition.faults() if not fault.is_near}


def test_what_is_wrong_as_published_is_found(named: tuple[str, Partition]) -> None:
    name, partition = named
    assert blocking(partition) == PUBLISHED[name]


def test_after_repair_nothing_that_blocks_is_left_and_no_land_moved_farther_than_the_tolerance(
    named: tuple[str, Partition],
) -> None:
    partition = named[1].knowing_its_exclaves()
    mended, done = partition.mended()
    assert blocking(mended) <= IN_CODES
    assert shapely.coverage_is_valid(mended.grids.geometry.to_numpy())
    assert max((move.metres for move in done.moves), default=0.0) <= partition.tolerance_m
    assert sum(shapely.area(mended.grids.geometry)) == pytest.approx(
        shapely.union_all(partition.grids.geometry.to_numpy()).area, rel=1e-4
    )


@pytest.mark.parametrize("name", ["chicago", "vancouver"])
def test_polygons_that_were_drawn_again_one_by_one_are_a_partition_again(name: str, shared_data) -> None:
    shared_data(MADE[name][0])
    made = MADE[name][1]()
    truth = replace(made, grids=made.mended()[0].grids)
    drawn = truth.redrawn()
    assert Counter(fault.kind for fault in drawn.faults())["gap"] > len(truth.grids)
    mended, _ = drawn.mended()
    assert blocking(mended) <= IN_CODES
    assert partitions.misplaced_m2(truth, mended) < 1.2 * partitions.misplaced_m2(truth, drawn)
