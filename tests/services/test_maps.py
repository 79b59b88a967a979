from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from geo_app.config import Settings
from geo_app.services import maps


def test_a_map_that_was_written_long_ago_is_removed(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path)
    for job_id in (1, 2):
        maps.store(maps.path_of(settings, job_id), "<html>")
    now = datetime.now(UTC)
    old = (now - timedelta(days=8)).timestamp()
    os.utime(maps.path_of(settings, 1), (old, old))
    assert maps.remove_old(settings, now) == 1
    assert [maps.path_of(settings, job_id).exists() for job_id in (1, 2)] == [False, True]


def test_without_any_map_there_is_nothing_to_remove(tmp_path: Path) -> None:
    assert maps.remove_old(Settings(state=tmp_path), datetime.now(UTC)) == 0
