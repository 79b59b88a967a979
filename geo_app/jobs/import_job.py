"""Takes a file that was sent, or rows of a quarantine that were mended, in the background."""

from __future__ import annotations

from collections.abc import Callable

from geo_app.database.scope import Scope
from geo_app.errors import NotFound
from geo_app.imports.problems import FileRejected
from geo_app.jobs.work import Work
from geo_app.queries import visible
from geo_app.security.permissions import can
from geo_app.services import mending, uploads
from geo_app.services.imports import ImportReport, Wishes, import_file

IMPORT = "import"
RETAKE = "retake"


def take(work: Work) -> None:
    """Imports the upload that the job names. Doing it again finds every row unchanged.

    Raises NotFound when the county, the right or the file is gone, Cancelled when nobody waits any more.
    """
    asked = work.job.arguments
    scope = _whole_scope(work)
    path = uploads.file_of(work.settings, work.actor, asked["upload"])
    wishes = Wishes(**asked["wishes"])
    taken = _finish(
        work,
        lambda: import_file(
            work.database, scope, asked["county"], asked["kind"], path, wishes=wishes, dry_run=asked["dry_run"],
            actor=work.actor, progress=lambda rows: work.progress(rows, None),
        ),
    )  # fmt: skip
    if taken and not asked["dry_run"]:
        uploads.remove(work.settings, work.actor, asked["upload"])


def take_again(work: Work) -> None:
    """Takes the rows of a batch's quarantine again that the job names."""
    asked = work.job.arguments
    scope = _whole_scope(work)
    _finish(
        work,
        lambda: mending.take_again(
            work.database, scope, asked["county"], asked["batch"], asked["rows"], actor=work.actor,
            progress=lambda rows: work.progress(rows, None),
        ),
    )  # fmt: skip


def _finish(work: Work, take: Callable[[], ImportReport]) -> bool:
    """Ends the job with its report, or with why the file cannot be used as a whole; whether it was taken."""
    try:
        report = take()
    except FileRejected as rejected:
        work.finish("failed", message=rejected.problems[0].reason, result={"rejected": rejected.as_json()})
        return False
    said = report.as_json() | {"warnings": [warning.as_json() for warning in report.warnings]}
    work.finish("done", done=report.read, total=report.read, result=said)
    return True


def _whole_scope(work: Work) -> Scope:
    """The submitter's scope, when he still may import and sees the county. Raises NotFound."""
    with work.reading() as session:
        county = visible.county(session, work.job.arguments["county"])
    if county is None or not can(work.actor, "data:import"):
        raise NotFound
    return work.actor.scope
