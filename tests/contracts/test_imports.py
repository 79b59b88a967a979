"""The lower packages work in a notebook: importing them loads no server, no database and no command line."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHELL = ("flask", "werkzeug", "sqlalchemy", "geoalchemy2", "alembic", "psycopg", "procrastinate", "pydantic", "click")

IMPORT_ALL = """
import pkgutil, sys
from importlib import import_module
package = import_module({package!r})
names = [module.name for module in pkgutil.walk_packages(package.__path__, package.__name__ + ".")]
for name in names:
    import_module(name)
print(len(names))
print(*sorted({{name.split(".")[0] for name in sys.modules}}))
"""


def modules_after_importing(package: str) -> tuple[int, set[str]]:
    code = IMPORT_ALL.format(package=package)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    number, names = done.stdout.splitlines()
    return int(number), set(names.split())


@pytest.mark.parametrize("package", ["layers", "grid_boundaries"])
def test_importing_every_module_loads_no_server_and_no_database(package: str) -> None:
    number, loaded = modules_after_importing(package)
    assert number >= 4
    assert not loaded & {*SHELL, "geo_app"}


def test_grid_boundaries_does_not_load_layers() -> None:
    _, loaded = modules_after_importing("grid_boundaries")
    assert "layers" not in loaded


def test_the_lower_packages_ask_neither_clock_nor_environment_nor_files() -> None:
    forbidden = ("os.environ", "datetime.now", "date.today", "time.time", "import requests", "urllib.request", "open(")
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for package in ("layers", "grid_boundaries")
        for path in sorted((ROOT / package).rglob("*.py"))
        for word in forbidden
        if word in path.read_text(encoding="utf-8")
    ]
    assert found == []
