"""What became of a file, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from geo_app.errors import N_
from geo_app.imports.said import in_language
from geo_app.models import ImportBatch, Job

Translate = Callable[[str], str]


def of_batch(batch: ImportBatch, waiting: int, translate: Translate) -> dict[str, Any]:
    """An import as API and page show it. read = stored + updated + unchanged + quarantined."""
    return {
        "id": batch.id,
        "kind": batch.kind,
        "file": batch.file_name,
        "source": batch.source,
        "crs": batch.crs,
        "read": batch.rows_read,
        "stored": batch.rows_stored,
        "updated": batch.rows_updated,
        "unchanged": batch.rows_unchanged,
        "quarantined": batch.rows_quarantined,
        "unplaced": batch.rows_unplaced,
        "placed": batch.placed,
        "ended": batch.rows_ended,
        "again": bool(batch.reading.get("again")),
        "waiting": waiting,
        "warnings": said(batch.warnings, translate),
        "started_at": batch.started_at.isoformat(),
        "finished_at": batch.finished_at.isoformat() if batch.finished_at else None,
    }


def of_job(result: Mapping[str, Any], translate: Translate) -> dict[str, Any]:
    """The report that a job left, or why its file was rejected."""
    if "rejected" in result:
        rejected = result["rejected"]
        problems = [
            {
                "code": one["code"],
                "where": one["where"],
                "reason": in_language(one["reason"], one["params"], translate),
            }
            for one in rejected["problems"]
        ]
        params = rejected["problems"][0]["params"] if rejected["problems"] else {}
        told: dict[str, Any] = {"problems": problems, "remedy": in_language(rejected["remedy"], params, translate)}
        if "finding" in rejected:
            told["finding"] = rejected["finding"]
        return {"rejected": told}
    if "warnings" in result:
        warnings, counts = said(result["warnings"], translate), result["reasons"].items()
        return {"report": dict(result) | {"warnings": warnings, "reasons": reasons(counts, translate)}}
    return {}


def asked(job: Job) -> dict[str, Any] | None:
    """How an import, or rows that are taken again, was asked for; None for other jobs."""
    wanted = job.arguments
    if "wishes" in wanted:
        return dict(wanted) | {"source": wanted["wishes"].get("source")}
    return dict(wanted) | {"rows": len(wanted["rows"])} if "batch" in wanted else None


def reasons(counts: Iterable[tuple[str, int]], translate: Translate) -> list[dict[str, Any]]:
    """Why rows wait, in words, and how many for each reason, most first."""
    return [
        {"code": code, "reason": reason(code, translate), "count": count}
        for code, count in sorted(counts, key=lambda pair: -pair[1])
    ]


def reason(code: str, translate: Translate) -> str:
    """What a kind of fault is called where many rows of it are counted."""
    return translate(REASONS.get(code, code))


def said(notes: list[Any], translate: Translate) -> list[str]:
    """Notes of an import as sentences; earlier imports left theirs in English."""
    return [note if isinstance(note, str) else in_language(note["text"], note["params"], translate) for note in notes]


REASONS = {
    "axes_swapped": N_("longitude and latitude swapped"),
    "choice": N_("a word that is not allowed"),
    "columns": N_("too few or too many cells"),
    "far_away": N_("far outside the county"),
    "geometry": N_("no geometry, or a malformed one"),
    "invalid_geometry": N_("an invalid polygon"),
    "key": N_("number missing or doubled"),
    "name": N_("no name"),
    "no_length": N_("a line without length"),
    "no_street": N_("no street"),
    "number": N_("no number"),
    "overlap": N_("overlaps another grid"),
    "parent": N_("its parent is unknown"),
    "pending": N_("an approved change of the grid is still to come"),
    "range": N_("an impossible value"),
    "rounded": N_("a number that lost its last digits"),
    "time": N_("no time, or an impossible one"),
    "total": N_("a row of totals"),
    "truth": N_("neither yes nor no"),
}
