"""The product as one file: it builds, carries the front end, and works away from its checkout."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_static_templates_translations_and_migrations(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    ours = {
        f"geo_app/static/{path.relative_to(ROOT / 'static')}" for path in (ROOT / "static").rglob("*") if path.is_file()
    }
    assert ours and ours <= names
    assert "geo_app/static/vendor/leaflet/leaflet.js" in names
    for kind in ("templates/*.html", "translations/zh/LC_MESSAGES/messages.mo", "database/migrations/versions/*.py"):
        paths = [str(path.relative_to(ROOT)) for path in (ROOT / "geo_app").glob(kind)]
        assert paths and set(paths) <= names


def test_the_wheel_carries_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"geo_app", "layers", "grid_boundaries"}


def test_the_wheel_imports_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=False)
    python = tmp_path / "env" / "bin" / "python"
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    zipfile.ZipFile(wheel).extractall(site)
    # The libraries it depends on come from this environment; the checkout's own packages must not.
    libraries = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    program = (
        f"import sys; sys.path += {sorted(libraries)!r}\n"
        "import geo_app, layers, grid_boundaries, layers.catalogue\n"
        "from geo_app.assets import folder\n"
        "from geo_app.config import Settings\n"
        "app = geo_app.create_app(Settings(secret_key='only for this test: 8Yc1qv0xZk3nR7wT', database_url='postgresql:///none'))\n"
        "print(geo_app.__file__, folder(), len(list(app.url_map.iter_rules())))\n"
    )
    result = subprocess.run([python, "-I", "-c", program], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert result.returncode == 0, result.stderr
    where, static, rules = result.stdout.split()
    assert where.startswith(site) and static.startswith(site) and int(rules) > 0
