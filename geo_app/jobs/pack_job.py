"""Writes the inspection pack of a county's grids in the background."""

from __future__ import annotations

from datetime import UTC, date, datetime

from geo_app.errors import NotFound
from geo_app.jobs.work import Work
from geo_app.queries import visible
from geo_app.security.audit import audit
from geo_app.security.permissions import can
from geo_app.services import inspection_pack


def write(work: Work) -> None:
    """Does the work of a job of kind "inspection_pack". Doing it again gives the file anew in the same place.

    Raises NotFound when the county or the right is gone, Cancelled when nobody waits any more.
    """
    asked = work.job.arguments
    if not can(work.actor, "data:export"):
        raise NotFound
    day, since = date.fromisoformat(asked["day"]), date.fromisoformat(asked["since"])
    with work.reading() as session:
        county = visible.county(session, asked["county"])
        if county is None:
            raise NotFound
        gathered = inspection_pack.gather(session, county, day, since)
    by = work.actor.name or work.actor.login or ""
    printing = inspection_pack.printed(by, county, datetime.now(UTC), asked["language"])
    path = inspection_pack.path_of(work.settings, work.job.id)
    size = inspection_pack.write(gathered, printing, path, work.progress)
    with work.database.side_session() as session:
        audit(
            session, "data:export", county, actor=work.actor, kind=inspection_pack.KIND, day=asked["day"],
            since=asked["since"], rows=len(gathered.inspection.grids),
        )  # fmt: skip
    told = {
        "areas": sorted(work.actor.scope.area_ids), "bytes": size, "name": inspection_pack.file_name(county.code, day),
        "grids": len(gathered.inspection.grids), "faults": gathered.inspection.whole.faults,
        "open_items": len(gathered.inspection.open_items), "changes": len(gathered.papers),
    }  # fmt: skip
    work.finish("done", result=told)
