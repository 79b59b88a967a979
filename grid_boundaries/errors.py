"""Errors of this package: one base, a stable code each."""

from collections.abc import Sequence


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
