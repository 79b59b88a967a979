"""Every file of the shared test data that has a kind, taken in by the importers: what is read, stored, put aside, and why.

``./run python -m tests.real.every_file`` prints the table; test_every_file.py holds to it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from geo_app.database.cluster import Cluster
from geo_app.database.engine import Database
from geo_app.database.migrate import upgrade
from geo_app.database.prepare import prepare
from geo_app.queries.scopes import of_county
from geo_app.services.counties import add_county
from geo_app.services.imports import ImportReport, import_file
from tests.conftest import ROOT, SHARED_DATA, administer, application_url


@dataclass(frozen=True)
class Taken:
    """A file as one kind, and what has to become of it. ``reasons``: how many rows wait in quarantine for what."""

    county: str
    file: str
    kind: str
    read: int
    crs: str | None = None
    columns: dict[str, str] = field(default_factory=dict)
    unplaced: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    layer: str | None = None

    @property
    def stored(self) -> int:
        """What is stored of a first import: all that does not wait."""
        return self.read - sum(self.reasons.values())


# County: metric system and clock.
COUNTIES = {
    "guixi": (4548, "Asia/Shanghai"), "monaco": (25832, "Europe/Monaco"), "xian": (4545, "Asia/Shanghai"),
    "vancouver": (32610, "America/Vancouver"), "chicago": (26916, "America/Chicago"),
    "lancashire": (27700, "Europe/London"), "medellin": (3116, "America/Bogota"),
    "mexico": (32614, "America/Mexico_City"), "tempe": (26912, "America/Phoenix"),
    "austin": (26914, "America/Chicago"), "fort worth": (26914, "America/Chicago"),
    "seattle": (26910, "America/Los_Angeles"), "shanghai": (4549, "Asia/Shanghai"),
}  # fmt: skip

FILES: tuple[Taken, ...] = (
    Taken("guixi", "guixi/guixi.osm", "roads", 471),
    Taken("guixi", "guixi/guixi.osm", "areas", 1),
    Taken("guixi", "guixi/guixi.osm", "places", 8),
    Taken("guixi", "guixi/guixi.osm", "buildings", 165),
    Taken("monaco", "monaco/monaco.osm.pbf", "roads", 4068),
    Taken("monaco", "monaco/monaco.osm.pbf", "places", 152),
    Taken("monaco", "monaco/monaco.osm.pbf", "cameras", 10),
    Taken("monaco", "monaco/monaco.osm.pbf", "buildings", 1207),
    Taken("monaco", "monaco/monaco.osm.pbf", "addresses", 257),
    Taken("xian", "xian/xian_links.shp", "roads", 9842),
    Taken("xian", "xian/gps.csv", "tracks", 2241),
    Taken("xian", "xian/gps_sparse.csv", "tracks", 67),
    Taken("vancouver", "vancouver/neighbourhoods.geojson", "areas", 22),
    Taken("vancouver", "vancouver/addresses.csv", "addresses", 29_348),
    Taken("vancouver", "vancouver/incidents_2020.csv", "incidents", 37_512, crs="EPSG:32610", unplaced=3_751),
    Taken("chicago", "chicago/police_districts.kml", "areas", 25, reasons={"key": 2}),
    Taken("chicago", "chicago/assaults_2010_2019.csv.gz", "incidents", 148_636, columns={"category": "loc_cat"}),
    Taken("lancashire", "lancashire/wards_epsg27700.gpkg", "areas", 271),
    Taken("lancashire", "lancashire/antisocial_behaviour.tab.gz", "incidents", 56_434),
    Taken("medellin", "odd-files/medellin_semicolon_decimal_comma.csv", "incidents", 9360, unplaced=81),
    Taken("mexico", "odd-files/mexico_zero_coordinates.gpkg", "incidents", 2811, unplaced=152),
    Taken("tempe", "odd-files/tempe_calls.csv", "incidents", 3379),
    Taken("austin", "odd-files/aggravated_assaults.xlsx", "incidents", 8696, layer="Austin"),
    Taken("fort worth", "odd-files/aggravated_assaults.xlsx", "incidents", 1577, layer="Fort Worth"),
    Taken("seattle", "odd-files/aggravated_assaults.xlsx", "incidents", 2529, layer="Seattle"),
    Taken("shanghai", "lujiazui/roads.geojson", "roads", 1778, reasons={"no_street": 83}),
    Taken("shanghai", "lujiazui/buildings.geojson", "buildings", 1793, reasons={"geometry": 318}),
    Taken("shanghai", "lujiazui/pois.geojson", "places", 494, reasons={"key": 1}),
    Taken("shanghai", "shanghai-poi/shanghai_school.csv", "places", 6151, crs="auto"),
    Taken("shanghai", "shanghai-poi/shanghai_hospital.csv", "places", 7513, crs="auto"),
    Taken("shanghai", "shanghai-poi/小学.csv", "places", 931, crs="EPSG:4326"),
)


def take(database: Database, taken: Taken, path: Path) -> ImportReport:
    """Imports a file into its county, which is made if it is not there."""
    srid, zone = COUNTIES[taken.county]
    with database.owner_session() as owner:
        add_county(owner, taken.county, taken.county, srid, time_zone=zone)
        scope = of_county(owner, taken.county)
    assert scope is not None
    source = Path(taken.file).name.split(".")[0]
    return import_file(
        database,
        scope,
        taken.county,
        taken.kind,
        path,
        crs=taken.crs,
        columns=taken.columns,
        source=source,
        layer=taken.layer,
    )


def line(taken: Taken, report: ImportReport) -> str:
    """A row of the table."""
    name = f"{taken.file} ({taken.layer})" if taken.layer else taken.file
    why = ", ".join(f"{count} {code}" for code, count in report.reasons.items()) or "–"
    again = f"{report.updated} updated, {report.unchanged} unchanged"
    return (
        f"| {name} | {report.kind} | {report.crs} | {report.read:,} | {report.stored:,} | {again} |"
        f" {report.unplaced:,} | {report.quarantined:,} | {why} |"
    )


HEAD = (
    "| File | Kind | System | Read | Stored | Known | Without position | Quarantined | Why |\n"
    "|---|---|---|---|---|---|---|---|---|"
)


@contextmanager
def scratch() -> Iterator[Database]:
    """An empty database of the tests' own server, dropped afterwards."""
    cluster = Cluster(ROOT / "var" / "test-postgres", durable=False)
    cluster.ensure()
    from sqlalchemy.engine import make_url

    server = make_url(cluster.url("postgres", "postgres"))
    name = "t_every_file"
    administer(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    administer(server, f'CREATE DATABASE "{name}"')
    url = server.set(database=name).render_as_string(hide_password=False)
    prepare(url)
    upgrade(url)
    database = Database(application_url(url), url)
    try:
        yield database
    finally:
        database.close()
        administer(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def main(say: Callable[[str], None] = print) -> None:
    """Prints the table."""
    say(HEAD)
    with scratch() as database:
        for taken in FILES:
            try:
                say(line(taken, take(database, taken, SHARED_DATA / taken.file)))
            except ValueError as error:
                say(f"| {taken.file} | {taken.kind} | {error!s:.300} |".replace("\n", " "))


if __name__ == "__main__":
    sys.exit(main())
