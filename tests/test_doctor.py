from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from geo_app.config import Settings
from geo_app.database.engine import Database
from geo_app.doctor import Finding, examine


@pytest.fixture
def front_end(tmp_path: Path) -> Path:
    folder = tmp_path / "vendor"
    (folder / "leaflet").mkdir(parents=True)
    (folder / "leaflet" / "leaflet.js").write_text("")
    return folder


def _findings(settings: Settings, database: Database, front_end: Path) -> dict[str, Finding]:
    return {finding.check: finding for finding in examine(settings, database, front_end)}


def _as_superuser(url: str, statement: str) -> None:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]


def test_a_healthy_installation_has_no_errors(settings: Settings, database: Database, front_end: Path) -> None:
    findings = _findings(settings, database, front_end)
    assert {check for check, finding in findings.items() if finding.level == "error"} == set()
    assert {"postgresql", "extensions", "chinese text", "spatial index", "schema", "roles"} <= set(findings)


def test_every_finding_that_is_not_well_says_what_to_do(settings: Settings, database: Database, tmp_path: Path) -> None:
    poor = replace(settings, secret_key="short", plain_http=True)
    findings = _findings(poor, database, tmp_path / "absent")
    assert findings["key"].level == findings["front end"].level == "error"
    assert findings["cookies"].level == "warning"
    assert all(finding.remedy for finding in findings.values() if finding.level != "ok")


def test_a_key_that_others_may_read_is_found(settings: Settings, database: Database, front_end: Path) -> None:
    settings.state.mkdir()
    (settings.state / "secret_key").write_text("x")
    (settings.state / "secret_key").chmod(0o644)
    assert "chmod 600" in _findings(settings, database, front_end)["key"].remedy


def test_a_machine_without_pango_makes_no_pdf_files_and_is_told_which_packages_it_lacks(
    settings: Settings,
    database: Database,
    front_end: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "weasyprint.py").write_text(
        "print('follow the installation steps')\nraise OSError('cannot load pango')"
    )
    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(str(tmp_path))
    finding = _findings(settings, database, front_end)["papers"]
    assert finding.level == "warning" and "PDF" in finding.found
    for package in ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"):
        assert package in finding.remedy
    assert capsys.readouterr().out == ""  # of --json a program reads every line


def test_a_machine_that_cannot_cut_fonts_is_told_which_package_it_lacks(
    settings: Settings, database: Database, front_end: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _findings(settings, database, front_end)["papers"].level == "ok"
    monkeypatch.setattr("weasyprint.text.ffi.harfbuzz_subset", None)
    assert "libharfbuzz-subset0" in _findings(settings, database, front_end)["papers"].remedy


@pytest.mark.parametrize(
    ("damage", "check", "remedy"),
    [
        ("DROP EXTENSION btree_gist CASCADE", "extensions", "CREATE EXTENSION btree_gist"),
        ("ALTER FUNCTION geometry_overlaps(geometry, geometry) NOT LEAKPROOF", "spatial index", "LEAKPROOF"),
        ("UPDATE alembic_version SET version_num = '0001'", "schema", "geo-app migrate"),
        ("ALTER TABLE place OWNER TO geo_application", "roles", "geo_owner"),
    ],
)
def test_damage_to_the_database_is_found(
    settings: Settings,
    database: Database,
    database_url: str,
    front_end: Path,
    damage: str,
    check: str,
    remedy: str,
) -> None:
    _as_superuser(database_url, damage)
    finding = _findings(settings, database, front_end)[check]
    assert finding.level != "ok" and remedy in finding.remedy


def test_a_locale_that_drops_chinese_is_found(settings: Settings, server_url, front_end: Path, run_name: str) -> None:  # type: ignore[no-untyped-def]
    name = f"t_{run_name}_locale_c"
    admin = server_url.set(database="postgres").render_as_string(hide_password=False)
    _as_superuser(admin, f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
    url = server_url.set(database=name).render_as_string(hide_password=False)
    try:
        for extension in ("postgis", "pg_trgm", "btree_gist"):
            _as_superuser(url, f"CREATE EXTENSION {extension}")
        broken = Database(url, url)
        try:
            assert "C.UTF-8" in _findings(settings, broken, front_end)["chinese text"].remedy
        finally:
            broken.close()
    finally:
        _as_superuser(admin, f'DROP DATABASE "{name}" WITH (FORCE)')


def test_a_database_that_does_not_answer_is_one_finding(settings: Settings, front_end: Path, tmp_path: Path) -> None:
    nowhere = f"postgresql+psycopg://geo_application@/geo?host={tmp_path}"
    gone = Database(nowhere, nowhere)
    assert _findings(settings, gone, front_end)["database"].level == "error"
