"""The command line: each command is a file of this folder with a click command named ``command``."""

from __future__ import annotations

import importlib
import pkgutil

import click


class Commands(click.Group):
    """Finds a command's file by its name and loads no other, so that each starts fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(
            module.name.rstrip("_") for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")
        )

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for module in pkgutil.iter_modules(__path__):
            if module.name.rstrip("_") == cmd_name and not module.name.startswith("_"):
                command: click.Command = importlib.import_module(f"{__name__}.{module.name}").command
                return command
        return None


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Map server for grids, incidents, patrols and cameras."""
