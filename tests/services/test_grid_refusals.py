"""Every reason for which an edit of grids is refused has words of its own."""

from __future__ import annotations

import re
from pathlib import Path

from geo_app.services.grid_refusals import REASONS
from tests.conftest import ROOT

RAISED = re.compile(r"EditError\(\s*\"([a-z_]+)\"")
COVERED = {"breaks_coverage"}  # what is said otherwise


def test_every_reason_that_edits_raise_has_words_and_no_words_are_left_over() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in sorted(Path(ROOT, "grid_boundaries").glob("*.py")))
    raised = set(RAISED.findall(sources)) - COVERED
    assert raised - set(REASONS) == set()
    told_apart = {"draws_nothing", "boundary_crosses"}  # by what was drawn
    assert set(REASONS) - raised == {"malformed"} | told_apart  # the first of OperationError
