"""Categories: a county's code table of incidents, up to four levels deep."""

from __future__ import annotations

from geo_app.imports.kinds.base import Arrival, Kind, Made, begin, require_columns, unique_keys
from geo_app.imports.problems import N_
from geo_app.imports.values import optional_text, text, truth


def make(arrival: Arrival) -> Made:
    """Rows of ``incident_category``. Whether their parents are there shows only beside what the county has."""
    require_columns(arrival, ("code", "name"))
    columns, problems = arrival.columns, arrival.problems
    table = begin(arrival).drop(columns=["geom", "simulated"], errors="ignore")
    table["code"] = text(arrival.column("code"))
    unique_keys(arrival, table["code"], "code")
    table["name"] = text(arrival.column("name"))
    problems.add(
        (table["name"] == "").to_numpy(),
        "name",
        N_("%(what)s is empty"),
        N_("Fill it in, or leave the row here."),
        what="name",
    )
    if "parent_code" in columns:
        table["parent_code"] = optional_text(arrival.column("parent_code"))
    if "valid" in columns:
        said = truth(arrival.column("valid"), "valid", problems)
        table["valid"] = said.where(said.notna(), True).astype(bool)
    if "preventable" in columns:
        table["preventable"] = truth(arrival.column("preventable"), "preventable", problems)
    return Made(table, problems)


CATEGORIES = Kind("categories", "incident_category", (), make, needs_geometry=False, versioned=False, beside=True)
