"""示范县: the invented county, written as files and taken in through the importers, as a real county's would be."""

from __future__ import annotations

import errno
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.exc import OperationalError

from geo_app.database.engine import Database
from geo_app.demo.county.files import write_files
from geo_app.demo.county.land import VERSION
from geo_app.demo.county.model import CODE, NAME, make_county
from geo_app.failure import Failure
from geo_app.queries.scopes import of_county
from geo_app.services.counties import add_county
from geo_app.services.imports import import_file

SOURCE = "示范县"
LEAST_FREE = 2**25  # bytes: two of PostgreSQL's log files
DATUMS = {".csv": "EPSG:4326", ".xlsx": "EPSG:4326"}  # what says nothing itself


def load_shifan(database: Database, state: Path, log: Callable[[str], None], seed: int = 1, scale: float = 1.0) -> None:
    """Makes the county of a seed and scale and loads it, unless it is there; a load that was interrupted begins again.

    ``state`` is the folder below which the files are written; ``log`` takes a line for each file. Raises
    OtherDemonstration when the county of another seed or scale is there, for the two would lie on each other; OSError
    when the disk is full.
    """
    wanted = {"seed": seed, "scale": scale, "version": VERSION}
    with database.owner_session() as owner:
        county = add_county(owner, CODE, NAME, 4548, simulated=True)
        known = county.settings.get("demonstration", wanted | {"whole": False})
        if known["whole"] and known["seed"] == seed and known["scale"] == scale:
            return
        if known != wanted | {"whole": False}:
            raise OtherDemonstration(known)
        county.settings = county.settings | {"demonstration": known}
    try:
        _load(database, state, log, seed, scale)
    except OperationalError as error:
        if shutil.disk_usage(state).free < LEAST_FREE:  # the server goes down with it, and cannot say why
            raise OSError(errno.ENOSPC, "No space left on device") from error
        raise
    with database.owner_session() as owner:
        county = add_county(owner, CODE, NAME, 4548, simulated=True)
        county.settings = county.settings | {"demonstration": wanted | {"whole": True}}


class OtherDemonstration(Failure):
    """A 示范县 of another seed or scale is there."""

    def __init__(self, known: Mapping[str, Any]) -> None:
        super().__init__(
            f"{NAME} of seed {known['seed']} and scale {known['scale']} is there, of version {known['version']},"
            f" {'whole' if known['whole'] else 'loaded by half'}.",
            "Take the same seed and scale, or another folder in GEO_STATE.",
        )


def _load(database: Database, state: Path, log: Callable[[str], None], seed: int, scale: float) -> None:
    began = time.perf_counter()
    files = write_files(make_county(seed, scale), state / "demo" / CODE)
    log(f"{len(files)} files made in {time.perf_counter() - began:.1f} s")
    for name, (kind, path) in files.items():
        with database.owner_session() as owner:
            scope = of_county(owner, CODE)
        assert scope is not None
        report = import_file(
            database, scope, CODE, kind, path, source=SOURCE, simulated=True, crs=DATUMS.get(path.suffix)
        )
        log(f"{name}: {report.stored} {kind}, {report.quarantined} wait, in {report.seconds:.1f} s")
    log(f"{NAME}: all of it in {time.perf_counter() - began:.1f} s")
