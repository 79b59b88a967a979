"""Errors of this package: one base, a stable code each."""

from collections.abc import Sequence

import shapely


class GridError(Exception):
    """What was given is no set of grids. `code` is stable, the text is for people."""

    code = "grid"


class SchemaError(GridError):
    """A frame of grids lacks columns, has the wrong coordinate system, or rows that cannot be grids.

    problems: one sentence each, all that were found.
    """

    code = "grid_schema"

    def __init__(self, problems: Sequence[str]):
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


class PartitionError(GridError):
    """An area cannot be cut into as many grids as were asked for, or not along these streets."""

    code = "grid_partition"


class CodeError(GridError):
    """Codes cannot be given as asked: the numbers run out, or the local rule wants another form."""

    code = "grid_code"


class EditError(GridError):
    """An edit is refused: it would break the coverage, or what was drawn does not say what to do.

    reason: a stable word. codes: of the grids concerned. where: geometry in EPSG:4326 to look at, None for none.
    """

    code = "grid_edit"

    def __init__(
        self, reason: str, text: str, codes: Sequence[str] = (), where: shapely.Geometry | None = None
    ) -> None:
        super().__init__(text)
        self.reason = reason
        self.codes = tuple(codes)
        self.where = where


class OperationError(EditError):
    """What was asked for is no operation: a word is missing, or of another form."""

    code = "grid_operation"

    def __init__(self, text: str) -> None:
        super().__init__("malformed", text)


class BalanceError(GridError):
    """Grids cannot be proposed of these units: what is wrong with them, with the count or with the area.

    reason: "too_few" or "too_many" grids are asked for, where ``number`` can be made at least or at most; "no_load"; or
    "malformed".
    """

    code = "grid_balance"

    def __init__(self, text: str, reason: str = "malformed", number: int = 0) -> None:
        super().__init__(text)
        self.reason = reason
        self.number = number
