"""The inspection pack as one PDF: figures, proof, list of grids, a map of each community, changes, open items."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from geopandas import GeoSeries

from geo_app.errors import N_
from geo_app.papers.grid_maps import GRIDS, STREETS
from geo_app.papers.inspection import FAULTS, OPEN, Inspection
from geo_app.papers.inspection_maps import COMMUNITIES, FAULT, OUTLINE, OWN, THIN, TOWNS, community_sheets, county_sheet
from geo_app.papers.paper import Printing, page, pdf
from geo_app.papers.record_words import KINDS, REASONS, STATUSES
from geo_app.papers.strokes import Style
from geo_app.queries.grid_change_papers import ChangeRow

CHANGE_KINDS = {"import": N_("Import of a file"), "edit": N_("Redrawn here")}
Entries = Sequence[tuple[str, Style]]


@dataclass(frozen=True)
class PackedChange:
    """A change with the names of its papers in the pack."""

    row: ChangeRow
    papers: tuple[str, ...] = ()


@dataclass(frozen=True)
class About:
    """Of which county a pack is, in which metric system its maps are drawn, and since when changes are told."""

    county: str
    code: str
    metric_srid: int
    since: date


def inspection_pdf(
    inspection: Inspection,
    changes: Sequence[PackedChange],
    about: About,
    printing: Printing,
    streets: GeoSeries,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> bytes:
    """The pack on A4 pages. streets: lines in EPSG:4326. ``progress`` is told how many of how many maps are drawn."""
    said = printing.translate
    counts = {kind: sum(item.kind == kind for item in inspection.open_items) for kind in OPEN}
    towns = groupby(inspection.proofs, key=lambda proof: proof.town)
    values = {
        "about": about,
        "inspection": inspection,
        "towns": [(name, list(proofs)) for name, proofs in towns],
        "grids_of": {code: list(rows.itertuples()) for code, rows in inspection.grids.groupby("community", sort=True)},
        "county_map": county_sheet(inspection, about.metric_srid, said(N_("N"))),
        "sheets": list(community_sheets(inspection, streets, about.metric_srid, said(N_("N")), progress)),
        "county_legend": _legend(said, inspection, N_("Grid"), THIN, N_("Community"), COMMUNITIES, N_("Town"), TOWNS),
        "legend_entries": _legend(
            said, inspection, N_("Grid of this community"), OWN, N_("Grid of a neighbour"), GRIDS, N_("Outline of the community"),
            OUTLINE, N_("Street"), STREETS,
        ),
        "changes": changes,
        "counts": counts,
        "words": {key: said(text) for table in (OPEN, FAULTS, KINDS, REASONS, STATUSES, CHANGE_KINDS) for key, text in table.items()},
    }  # fmt: skip
    return pdf(page("papers/inspection.html", printing, values))


def _legend(said: Callable[[str], str], inspection: Inspection, *pairs: str | Style) -> Entries:
    entries = [(said(str(title)), style) for title, style in zip(pairs[::2], pairs[1::2], strict=True)]
    return [*entries, (said(OPEN["fault"]), FAULT)] if inspection.placed_faults else entries  # type: ignore[list-item, return-value]
