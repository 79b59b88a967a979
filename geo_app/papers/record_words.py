"""What records of changes say, of grids and of areas of the police: each as a message id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from geo_app.errors import N_

REASONS: Mapping[str, str] = {
    "real_change": N_("real change"),
    "re_digitising": N_("Re-digitising: the same lines, drawn better"),
    "code_correction": N_("Correction of codes"),
}
DECISIONS: Mapping[str, str] = {"approve": N_("Approved"), "send_back": N_("Sent back")}
STATUSES: Mapping[str, str] = {
    "draft": N_("Draft"),
    "review": N_("In review"),
    "sent_back": N_("Sent back"),
    "approved": N_("Approved"),
    "filed": N_("Filed"),
    "withdrawn": N_("Withdrawn"),
}
KINDS: Mapping[str, str] = {"basic": N_("basic grid"), "dedicated": N_("dedicated grid")}
CHAIN = (N_("Village or community"), N_("Town or street office"), N_("County"))


@dataclass(frozen=True)
class RecordWords:
    """Of one subject. legend: of what is retired, new, changed, as it was, of former lines, of streets."""

    title: str
    subjects: str
    legend: tuple[str, ...]


LINES = (N_("Line before the change"), N_("Street"))
WORDS: Mapping[str, RecordWords] = {
    "grids": RecordWords(
        N_("Record of a change of grids"),
        N_("Grids of this change"),
        (
            N_("Grid that is retired"),
            N_("New grid"),
            N_("Grid with a new line, description or code"),
            N_("Grid that stays as it is"),
            *LINES,
        ),
    ),
    "police": RecordWords(
        N_("Record of a change of areas of the police"),
        N_("Police zones of this change"),
        (
            N_("Police zone that is retired"),
            N_("New police zone"),
            N_("Police zone with a new line, name or code"),
            N_("Police zone that stays as it is"),
            *LINES,
        ),
    ),
}
