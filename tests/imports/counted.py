"""What tests of kinds ask of an import: that its numbers add up, and what waits."""

from __future__ import annotations

from geo_app.services.imports import ImportReport
from tests.imports.conftest import Desk


def balanced(report: ImportReport) -> bool:
    """Whether no row is lost."""
    return report.read == report.stored + report.updated + report.unchanged + report.quarantined


def quarantine(desk: Desk) -> list[tuple[int, str]]:
    """Lines and codes of what waits."""
    return [tuple(row) for row in desk.rows("SELECT file_line, reason_code FROM quarantine_row ORDER BY file_line")]
