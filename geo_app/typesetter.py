"""What sets papers in type: WeasyPrint, with the libraries of the machine that it needs."""

from __future__ import annotations

from typing import Any

from geo_app.errors import N_
from geo_app.failure import Failure


class NoTypesetter(Failure):
    """The libraries that set type are missing on this machine."""

    def __init__(self) -> None:
        super().__init__(
            N_("This machine cannot make PDF files: the libraries that set type are missing."),
            "Install libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0, or start with ./run.",
        )


def typesetter() -> Any:
    """The module weasyprint. Raises NoTypesetter where the libraries are missing."""
    try:
        import weasyprint  # takes half a second and libraries of the machine, which only papers need
    except OSError as error:
        raise NoTypesetter from error
    return weasyprint


def cuts_fonts() -> bool:
    """Whether HarfBuzz takes out of a font what a paper needs; what does it otherwise is slow with Chinese fonts."""
    from weasyprint.text import ffi

    return ffi.harfbuzz_subset is not None
