"""What kinds of data, their columns and coordinate systems are called on the pages of data management."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import get_locale, gettext
from pyproj import CRS

from geo_app.errors import N_
from geo_app.imports.columns import names
from geo_app.imports.words import choices
from layers.systems import WITH_PREFIX, WITHOUT_PREFIX

KINDS: Mapping[str, str] = {
    "incidents": N_("Incidents"),
    "addresses": N_("Standard addresses"),
    "aliases": N_("Aliases of addresses"),
    "places": N_("Places"),
    "posts": N_("Posts and response points"),
    "roads": N_("Roads"),
    "buildings": N_("Buildings"),
    "waters": N_("Rivers and lakes"),
    "cameras": N_("Cameras"),
    "routes": N_("Patrol routes"),
    "tracks": N_("Tracks"),
    "duty": N_("People on duty"),
    "areas": N_("Administrative and police areas"),
    "grids": N_("Grids"),
    "grid_people": N_("People of grids"),
    "population": N_("Households and people"),
    "categories": N_("Table of categories"),
}

# Our name of a column → what it is called; where a kind has a word of its own, under "kind.name".
COLUMNS: Mapping[str, str] = {
    "key": N_("Number"),
    "name": N_("Name"),
    "kind": N_("Kind"),
    "code": N_("Code"),
    "address": N_("Address"),
    "hours": N_("Hours of duty"),
    "team": N_("Team"),
    "number": N_("Number of the incident"),
    "occurred_from": N_("Happened, from"),
    "occurred_to": N_("Happened, to"),
    "reported_at": N_("Reported"),
    "acknowledged_at": N_("Acknowledged"),
    "departed_at": N_("Departed"),
    "feedback_at": N_("Feedback"),
    "year": N_("Year"),
    "month": N_("Month"),
    "day": N_("Day"),
    "hour": N_("Hour"),
    "minute": N_("Minute"),
    "category": N_("Category of the incident"),
    "category_type": N_("Category, second level"),
    "category_subtype": N_("Category, third level"),
    "category_detail": N_("Category, fourth level"),
    "category_intake": N_("Category at intake"),
    "category_feedback": N_("Category of the feedback"),
    "case_kind": N_("Kind of case"),
    "discovered_by": N_("How it was found"),
    "valid": N_("Valid incident"),
    "preventable": N_("Preventable"),
    "non_police": N_("No matter of the police"),
    "description": N_("Description"),
    "caller_name": N_("Caller"),
    "caller_telephone": N_("Telephone of the caller"),
    "road_class": N_("Class of the road"),
    "one_way": N_("One way"),
    "layer": N_("Layer above or below ground"),
    "bridge": N_("Bridge"),
    "tunnel": N_("Tunnel"),
    "length": N_("Length"),
    "from_node": N_("Node where it begins"),
    "to_node": N_("Node where it ends"),
    "is_key": N_("Key place"),
    "estate_access": N_("Estate closed or open"),
    "terms": N_("Terms of the school"),
    "response_minutes": N_("Response time (minutes)"),
    "full_text": N_("Whole address"),
    "town": N_("Town"),
    "community": N_("Community"),
    "villager_group": N_("Villager group"),
    "road": N_("Road"),
    "estate": N_("Estate"),
    "building": N_("Building"),
    "unit": N_("Unit of the building"),
    "addresses.number": N_("House number"),
    "buildings.number": N_("House number"),
    "alias": N_("Alias"),
    "address_key": N_("Code of the standard address"),
    "address_text": N_("Standard address"),
    "height_m": N_("Height (m)"),
    "levels": N_("Storeys"),
    "grid_code": N_("Code of the grid"),
    "households": N_("Households"),
    "people": N_("People"),
    "counted_on": N_("Counted on"),
    "parent_code": N_("Code of what is above"),
    "parent": N_("Code of what is above"),
    "team_name": N_("Team"),
    "person": N_("Name of the person"),
    "person_number": N_("Police number"),
    "person_rank": N_("Officer or auxiliary"),
    "station": N_("Police station"),
    "starts_at": N_("Begins"),
    "ends_at": N_("Ends"),
    "date": N_("Day of duty"),
    "duty.hours": N_("Hours of the shift"),
    "device_code": N_("Code of the device"),
    "at": N_("Time of the position"),
    "speed_mps": N_("Speed (m/s)"),
    "speed_kmh": N_("Speed (km/h)"),
    "heading": N_("Heading"),
    "accuracy_m": N_("Accuracy (m)"),
    "owner_class": N_("Who built it"),
    "status": N_("Status"),
    "bearing": N_("Looks towards (degrees)"),
    "direction_type": N_("Code of the direction"),
    "field_of_view": N_("Field of view (degrees)"),
    "range_m": N_("Range (m)"),
    "estimated": N_("Estimated"),
    "mode": N_("By car or on foot"),
    "departures": N_("Departures"),
    "mandatory": N_("Mandatory route"),
    "tree": N_("Administrative or police"),
    "level": N_("Level"),
    "statistical_code": N_("Statistical code"),
    "police_code": N_("Police code"),
    "leader_name": N_("Grid leader"),
    "workers": N_("Grid workers"),
    "leader_telephone": N_("Telephone of the grid leader"),
    "role": N_("Role"),
    "grid_people.name": N_("Name of the person"),
    "telephone": N_("Telephone on duty"),
    "since": N_("In office from"),
    "until": N_("Last day in office"),
    "longitude": N_("Longitude"),
    "latitude": N_("Latitude"),
    "x": N_("Easting (X)"),
    "y": N_("Northing (Y)"),
    "wkt": N_("Geometry (WKT)"),
    "simulated": N_("Demonstration data"),
}

YES_NO: Mapping[str, str] = {"yes": N_("yes"), "no": N_("no")}

SYSTEMS: Mapping[str, str] = {
    "EPSG:4326": N_("WGS84 (GPS)"),
    "EPSG:4490": N_("CGCS2000, degrees"),
    "GCJ-02": N_("GCJ-02 (Amap, Tencent)"),
    "BD-09": N_("BD-09 (Baidu)"),
}


def kinds() -> dict[str, str]:
    """Every kind that can be imported, with its title in the reader's language."""
    return {kind: gettext(title) for kind, title in KINDS.items()}


def columns(kind: str) -> dict[str, str]:
    """What a column of a file of this kind can mean: our name → its title in the reader's language."""
    return {name: gettext(COLUMNS.get(f"{kind}.{name}") or COLUMNS.get(name, name)) for name in names(kind)}


def words(kind: str) -> dict[str, dict[str, str]]:
    """Our name of each column that has a choice of words: each of ours → what it is called in the reader's language."""
    return {
        name: {ours: _called(ours, known) for ours in dict.fromkeys(known.values())}
        for name, known in choices(kind).items()
    }


def _called(ours: str, known: Mapping[str, str]) -> str:
    """For who reads Chinese the first Chinese word that files have for it."""
    if ours in YES_NO:
        return gettext(YES_NO[ours])
    chinese = [word for word, meant in known.items() if meant == ours and not word.isascii()]
    return chinese[0] if chinese and str(get_locale()).startswith("zh") else ours.replace("_", " ")


def systems(metric_srid: int) -> dict[str, str]:
    """The usual systems of a county: its name → its title in the reader's language.

    Degrees first, then the county's own metric one; where that is a 3° zone of CGCS2000, its neighbours too, each
    without and with the zone's number in the easting.
    """
    found = {name: gettext(title) for name, title in SYSTEMS.items()}
    if metric_srid not in WITHOUT_PREFIX and metric_srid not in WITH_PREFIX:
        return found | {f"EPSG:{metric_srid}": f"{CRS.from_epsg(metric_srid).name} · EPSG:{metric_srid}"}
    place = metric_srid - (WITHOUT_PREFIX if metric_srid in WITHOUT_PREFIX else WITH_PREFIX).start
    for one in (place, place - 1, place + 1):
        if 0 <= one < len(WITHOUT_PREFIX):
            found[f"EPSG:{WITHOUT_PREFIX[one]}"] = gettext(
                "CGCS2000, 3° zone of %(meridian)s°E · EPSG:%(code)s", meridian=75 + 3 * one, code=WITHOUT_PREFIX[one]
            )
            found[f"EPSG:{WITH_PREFIX[one]}"] = gettext(
                "CGCS2000, zone %(zone)s before the easting · EPSG:%(code)s", zone=25 + one, code=WITH_PREFIX[one]
            )
    return found
