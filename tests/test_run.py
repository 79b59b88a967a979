"""The script that everything begins with, as far as it can be tried without a bare machine."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

RUN = Path(__file__).parent.parent / "run"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([RUN, *arguments], capture_output=True, text=True, cwd="/")


def test_alone_it_lists_the_commands() -> None:
    listed = run()
    assert listed.returncode == 0
    for command in ("demo", "serve", "test", "check", "bench", "translate", "python", "geo-app", "help"):
        assert f"\n  {command} " in listed.stdout


def test_an_unknown_command_is_named_beside_the_list_and_fails() -> None:
    refused = run("dmeo")
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert "there is no command dmeo" in refused.stderr
    assert "Usage: ./run" in refused.stderr


def test_modules_are_compiled_once_whatever_the_machine_says() -> None:
    told = subprocess.run(
        [RUN, "python", "-c", "import sys; print(sys.dont_write_bytecode)"],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert (told.returncode, told.stdout) == (0, "False\n")


@pytest.mark.parametrize("script", ["run", ".ci/run"])
def test_the_scripts_are_bash_and_executable(script: str) -> None:
    path = RUN.parent / script
    assert path.stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", path]).returncode == 0
