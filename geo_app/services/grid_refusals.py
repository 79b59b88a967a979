"""Why a change of grids cannot go on, in words that a clerk can act on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import shapely

from geo_app.errors import N_, AppError, Conflict, Forbidden
from grid_boundaries.errors import EditError

REASONS: Mapping[str, tuple[str, str]] = {
    "does_not_cross": (
        N_("The line does not cross %(codes)s."),
        N_("Begin outside, draw across, and end outside."),
    ),
    "crosses_twice": (
        N_("The line cuts %(codes)s into more than two pieces."),
        N_("Draw a line that crosses it once; do the rest in another step."),
    ),
    "along_boundary": (
        N_("The line runs along the boundary of %(codes)s and cuts nothing off."),
        N_("Draw the line through the inside."),
    ),
    "ends_inside": (
        N_("The line ends inside %(codes)s."),
        N_("Draw on until the line has come out again."),
    ),
    "draws_nothing": (
        N_("What was drawn meets no grid."),
        N_("A line needs two points, an area three or more corners, on the land that is meant."),
    ),
    "crosses_itself": (N_("The drawing crosses itself."), N_("Draw it without loops.")),
    "boundary_crosses": (
        N_("The boundary of %(codes)s would cross or touch another line."),
        N_("Move the vertex less far."),
    ),
    "not_touching": (
        N_("%(codes)s have no common boundary."),
        N_("Choose what lies side by side."),
    ),
    "takes_all": (
        N_("Nothing would be left of %(codes)s."),
        N_("Leave a part of it, or merge instead."),
    ),
    "leaves_parts": (
        N_("%(codes)s would fall apart."),
        N_("Draw so that each stays in one piece."),
    ),
    "other_community": (
        N_("Grids %(codes)s belong to different communities."),
        N_("A grid lies in one community: change the communities first."),
    ),
    "unknown_code": (
        N_("There is no grid %(codes)s any more."),
        N_("Load the draft again and choose the grid on the map."),
    ),
    "too_close": (
        N_("The drawing comes too close to another line or vertex."),
        N_("Draw it onto the line, or a little farther away."),
    ),
    "too_few": (N_("This takes two or more."), N_("Choose another one.")),
    "outline": (
        N_("The outer line cannot be moved here."),
        N_("It is the line of the county: it changes with the administrative area."),
    ),
    "no_vertex": (N_("There is no vertex here."), N_("Take hold of a vertex or a line.")),
    "code_taken": (
        N_("The code %(codes)s was given out before."),
        N_("Give what is new a code that was never given out."),
    ),
    "duplicate_code": (N_("The code %(codes)s is there twice."), N_("Give each a code of its own.")),
    "no_code": (
        N_("No code can be given under %(codes)s: the numbers have run out, or it would not follow the rule of codes."),
        N_("Check the code of what is new, or have the rule of codes allow more numbers."),
    ),
    "no_gap": (N_("There is no gap here."), N_("Choose a place that belongs to nobody.")),
    "nothing_to_mend": (
        N_("Nothing is narrow enough to be mended by itself."),
        N_("Draw the line, or fill the gap by hand."),
    ),
    "nothing_moves": (
        N_("All of these grids lie in %(codes)s already."),
        N_("Choose another community, or other grids."),
    ),
    "unknown_area": (
        N_("There is no community or town %(codes)s."),
        N_("Choose one of the list, or give a new one a name."),
    ),
    "area_taken": (
        N_("The code %(codes)s was given to a community or town before."),
        N_("Choose it in the list without a new name, or enter another code."),
    ),
    "other_town": (
        N_("The code of a community begins with the nine digits of its town; these two do not fit: %(codes)s."),
        N_("Enter a code that begins like that of the town, or choose the town to which the code belongs."),
    ),
    "wrong_level": (
        N_("%(codes)s is of another level."),
        N_("Grids lie in communities, communities in towns."),
    ),
    "above_scope": (
        N_("The new community or town %(codes)s would lie outside your area."),
        N_("Ask a colleague who is responsible for the town, or for the county."),
    ),
    "malformed": (N_("The drawing cannot be read."), N_("Draw it again.")),
}
# The same of areas of the police, where they are called otherwise.
POLICE_REASONS: Mapping[str, tuple[str, str]] = {
    "other_community": (
        N_("Zones %(codes)s belong to different stations."),
        N_("A zone belongs to one station: put them under one station first."),
    ),
    "unknown_code": (
        N_("There is no police area %(codes)s any more."),
        N_("Load the draft again and choose the area on the map."),
    ),
    "nothing_moves": (
        N_("All of these zones belong to %(codes)s already."),
        N_("Choose another station, or other zones."),
    ),
    "unknown_area": (
        N_("There is no station %(codes)s."),
        N_("Choose one of the list, or give a new one a name."),
    ),
    "area_taken": (
        N_("The code %(codes)s was given to a station or zone before."),
        N_("Choose it in the list without a new name, or enter another code."),
    ),
    "wrong_level": (
        N_("%(codes)s is of another level."),
        N_("Zones belong to stations, stations to the county."),
    ),
    "above_scope": (
        N_("The new station %(codes)s would lie outside your area."),
        N_("Ask a colleague who is responsible for the county."),
    ),
}
OTHERWISE = (
    N_("Grids would overlap, or leave a gap."),
    N_("Draw it another way: the place is marked on the map."),
)


class EditRefused(AppError):
    """A drawing that would break the coverage, or that does not say what to do; the answer has the place."""

    code = "edit_refused"
    status = 422
    title = N_("This cannot be done")

    @classmethod
    def of(cls, error: EditError, *, is_of_police: bool = False) -> EditRefused:
        """The error of the pure package in the user's words."""
        reasons = {**REASONS, **POLICE_REASONS} if is_of_police else REASONS
        message, remedy = reasons.get(_meant(error), OTHERWISE)
        refused = cls(message, remedy, codes=", ".join(str(code) for code in error.codes))
        refused.more = {
            "reason": error.reason,
            "codes": [str(code) for code in error.codes],
            "geometry": _place(error.where),
        }
        return refused


class NotOpen(Conflict):
    """A change that is not in the state for an act."""

    message = N_("The change is no longer open for this.")
    remedy = N_("Load it again: somebody may have submitted, decided or withdrawn it.")


class FaultsLeft(AppError):
    """A draft that still has faults is not submitted."""

    code = "faults_left"
    status = 422
    title = N_("The draft still has faults")
    message = N_("%(count)s faults have to be mended first: they are listed beside the map.")
    remedy = N_("Choose a fault in the list to see its place.")


class NothingDrawn(AppError):
    """A draft that leaves everything as it was is not submitted."""

    code = "nothing_drawn"
    status = 422
    title = N_("The draft changes nothing")
    message = N_("Nothing is other than before.")
    remedy = N_("Draw first, then submit.")


class FormIncomplete(AppError):
    """Dates or reason are missing or do not fit."""

    code = "form_incomplete"
    status = 422
    title = N_("The form is not complete")


class ChangedBeneath(Conflict):
    """Grids of the draft have been changed by somebody else since they were drawn."""

    code = "changed_beneath"
    message = N_("Since you drew this, somebody else has changed grids %(codes)s.")
    remedy = N_("Bring the draft up to date: what you drew is drawn again on the new grids.")


class AreasChangedBeneath(ChangedBeneath):
    """Communities, towns or police areas of the draft are other than they were when it was drawn."""

    message = N_("Since you drew this, somebody else has renamed, moved or ended areas that it changes: %(areas)s.")
    remedy = N_("Bring the draft up to date: what you drew is done again on the areas as they are now.")


class BeingReviewed(Conflict):
    """Grids of the draft are in another change that waits for a decision."""

    code = "being_reviewed"
    message = N_("Grids %(codes)s are in the change “%(title)s” of %(author)s, which waits for its decision.")
    remedy = N_("Wait for that decision, then bring your draft up to date.")


class AreasBeingReviewed(BeingReviewed):
    """What the draft changes of an area is in another change that waits for a decision."""

    message = N_("The areas %(codes)s are in the change “%(title)s” of %(author)s, which waits for its decision.")


class AreaCodeHeld(Conflict):
    """The code of a new area is that of one whose change was withdrawn, and who approves does not see that one."""

    code = "area_code_held"
    message = N_("The code %(code)s was given to an area outside yours by a change that was withdrawn.")
    remedy = N_(
        "Send the change back for another code, or ask a colleague who is responsible for the whole county to approve it."
    )


class OwnChange(Forbidden):
    """Nobody reviews what he drew."""

    message = N_("You drew a part of this change, so somebody else decides about it.")
    remedy = N_("Ask a colleague with the right to review.")


class OutsideArea(Forbidden):
    """Grids of a draft lie outside of its drawer's area."""

    code = "outside_area"
    message = N_("Grids %(codes)s lie outside your area.")
    remedy = N_("Undo what changes them, or ask a colleague whose area it is.")


class TooLow(Forbidden):
    """The step of the chain asks for somebody with a larger area, or grids lie outside of his."""

    message = N_("This step is decided by somebody who is responsible for all of the grids.")
    remedy = N_("Ask the level above yours.")


class InForce(Conflict):
    """A change that is in force is not withdrawn."""

    code = "in_force"
    message = N_("This change has been in force since %(day)s.")
    remedy = N_("Draw the former lines as a new change: both stay readable.")


class StoodOn(Conflict):
    """A change is not withdrawn while others stand on it."""

    code = "stood_on"
    message = N_("Later changes stand on this one: %(titles)s.")
    remedy = N_("Withdraw those first, or draw the former lines as a new change.")


def _meant(error: EditError) -> str:
    """The key of what is said: the pure package has one reason for what is drawn past a grid, and past all of them."""
    if error.reason == "does_not_cross" and not error.codes:
        return "draws_nothing"
    return "boundary_crosses" if error.reason == "crosses_itself" and error.codes else error.reason


def codes_text(codes: Sequence[str]) -> str:
    """Up to five codes as text."""
    return ", ".join(codes[:5]) + (" …" if len(codes) > 5 else "")


def _place(where: shapely.Geometry | None) -> dict[str, Any] | None:
    return None if where is None or where.is_empty else dict(shapely.geometry.mapping(where))
