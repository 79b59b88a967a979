"""What is sent about a change of grids: its form, what is drawn, what is decided; each in one form only."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, RootModel, StringConstraints, model_validator

from geo_app.api.parameters import CountyCode, OfCounty, Parameters
from geo_app.api.route_bodies import Point

MOST_POINTS = 2000
MOST_GRIDS = 500
DAY = re.compile(r"(19|20|21)\d{2}-\d{2}-\d{2}", re.ASCII)  # an offset from any of them is a day too


def _day(value: Any) -> Any:
    if value is None or (isinstance(value, str) and DAY.fullmatch(value)):
        return value
    raise ValueError("a day is written 2026-05-01")


def _text(longest: int, pattern: str = r"^[^\x00-\x1f\x7f]*$") -> StringConstraints:
    return StringConstraints(strip_whitespace=True, max_length=longest, pattern=pattern)


Day = Annotated[date | None, BeforeValidator(_day)]
Code = Annotated[str, _text(64), Field(min_length=1)]
Name = Annotated[str, _text(200), Field(min_length=1)]
Words = Annotated[str, _text(2000, r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]  # lines may break
Kind = Literal["basic", "dedicated"]
Line = Annotated[list[Point], Field(min_length=2, max_length=MOST_POINTS)]
Ring = Annotated[list[Point], Field(min_length=3, max_length=MOST_POINTS)]
Reason = Literal["real_change", "re_digitising", "code_correction"]


class Listed(OfCounty):
    """Which changes of a county."""

    status: Literal["draft", "review", "sent_back", "approved", "filed", "withdrawn"] | None = None


class Form(Parameters):
    """What is said of a change; what is not named stays."""

    title: Annotated[str, _text(200)] = ""
    reason_code: Reason = "real_change"
    reason: Words = ""
    surveyed_on: Day = None
    effective_on: Day = None
    approved_on: Day = Field(None, description="Of a change that was approved on paper.")
    on_paper: bool = Field(False, strict=True)
    document_number: Annotated[str, _text(200)] = ""

    def said(self) -> dict[str, Any]:
        """The values that were sent."""
        return {name: getattr(self, name) for name in self.model_fields_set if name in Form.model_fields}


class NewChange(Form):
    """A draft to begin."""

    county: CountyCode
    subject: Literal["grids", "police"] = Field("grids", description="Grids, or the areas of the police.")


class Split(Parameters):
    """A grid in two, along a line (longitude, latitude, EPSG:4326)."""

    op: Literal["split"]
    code: Code
    line: Line


class Merge(Parameters):
    """Several grids as one."""

    op: Literal["merge"]
    codes: Annotated[list[Code], Field(min_length=2, max_length=MOST_GRIDS)]


class Move(Parameters):
    """A new line between two neighbours."""

    op: Literal["move"]
    codes: tuple[Code, Code]
    line: Line


class Transfer(Parameters):
    """The land of one grid inside a ring becomes another's."""

    op: Literal["transfer"]
    from_: Code = Field(alias="from")
    to: Code
    area: Ring


class Carve(Parameters):
    """A new grid out of others."""

    op: Literal["carve"]
    area: Ring
    name: Name | None = None
    kind: Kind = "dedicated"


class Fill(Parameters):
    """A gap, by a point in it or a ring around it, becomes a grid's."""

    op: Literal["fill"]
    gap: Point | Ring
    code: Code


class Drag(Parameters):
    """A vertex goes elsewhere with all grids that share it; with ``insert`` it is put onto their line first."""

    op: Literal["drag"]
    at: Point
    to: Point
    insert: bool = Field(False, strict=True)


class Describe(Parameters):
    """Another name or kind."""

    op: Literal["describe"]
    code: Code
    name: Name | None = None
    kind: Kind | None = None


class Repair(Parameters):
    """Slivers, small gaps and overlaps of the whole coverage, as wide as the tolerance at most."""

    op: Literal["repair"]
    tolerance_m: float = Field(1.0, gt=0, le=50, allow_inf_nan=False)


class Receiver(Parameters):
    """The area that others go over to: one that is there or, with a name, a new one, under another."""

    to: Code
    name: Name | None = None
    under: Code | None = Field(
        None, description="Of a new community its town: that of most of the grids, if not given."
    )

    @model_validator(mode="before")
    @classmethod
    def _as_written(cls, said: Any) -> Any:
        if isinstance(said, dict) and said.get("name") and isinstance(said.get("to"), str):
            # Codes of new areas are typed: full-width, or with spaces between their parts.
            return said | {"to": "".join(unicodedata.normalize("NFKC", said["to"]).split())}
        return said


class Regroup(Receiver):
    """Grids go over to a community and get codes of it."""

    op: Literal["regroup"]
    codes: Annotated[list[Code], Field(min_length=1, max_length=MOST_GRIDS)]


class Rehang(Receiver):
    """Communities go over to a town; they keep their codes."""

    op: Literal["rehang"]
    areas: Annotated[list[Code], Field(min_length=1, max_length=MOST_GRIDS)]


class Rename(Parameters):
    """Another name for a community or a town."""

    op: Literal["rename"]
    area: Code
    name: Name


class Operation(RootModel[Annotated[
    Split | Merge | Move | Transfer | Carve | Fill | Drag | Describe | Repair | Regroup | Rehang | Rename, Field(discriminator="op")
]]):  # fmt: skip
    """One thing that is done to grids."""

    def asked(self) -> dict[str, Any]:
        """The operation as `grid_boundaries.operations.run` takes it."""
        return self.root.model_dump(mode="json", by_alias=True, exclude_none=True)


class Remark(Parameters):
    """A comment that goes with an act."""

    comment: Words = ""


class Comment(Parameters):
    """What is said about a change."""

    comment: Annotated[Words, Field(min_length=1)]


class Decision(Remark):
    """What a reviewer decides."""

    decision: Literal["approve", "send_back"]


class Filing(Parameters):
    """The number under which a change is filed."""

    document_number: Annotated[str, _text(200)] = ""


class FileSent(Parameters):
    """A file that was sent to /api/imports/files, by the name of its upload."""

    upload: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class ProposalAsked(Parameters):
    """For which grids of a draft others are proposed, how many, and how unlike in load they may be."""

    codes: Annotated[list[Code], Field(min_length=2, max_length=MOST_GRIDS)]
    count: int | None = Field(None, strict=True, ge=1, le=MOST_GRIDS, description="As many as are there, if not given.")
    tolerance: float = Field(0.05, ge=0.01, le=0.5, allow_inf_nan=False)
