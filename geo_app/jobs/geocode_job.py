"""Places the calls of a county anew in the background."""

from __future__ import annotations

from geo_app.errors import NotFound
from geo_app.jobs.work import Work
from geo_app.queries import visible
from geo_app.security.permissions import can
from geo_app.services import geocoding


def place(work: Work) -> None:
    """Does the work of a job of kind "geocode". Doing it again changes nothing.

    Raises NotFound when the county or the right is gone, NotWholeCounty, Cancelled when nobody waits any more.
    """
    if not can(work.actor, "addresses:review"):
        raise NotFound
    with work.database.session(work.actor.scope) as session:
        county = visible.county(session, work.job.arguments["county"])
        if county is None:
            raise NotFound
        report = geocoding.place_county(session, work.actor, county, progress=work.progress)
    work.finish("done", done=report.texts, total=report.texts, result={"placed": report.as_json()})
