"""geo-app template: an empty workbook for a kind of data."""

from __future__ import annotations

from pathlib import Path

import click

from geo_app.cli._steps import clear_errors
from geo_app.failure import Failure
from geo_app.imports.columns import HEADINGS


@click.command(help="Write an empty workbook for a KIND of data, with the words that are allowed.")
@click.argument("kind", type=click.Choice(list(HEADINGS)))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The .xlsx file to write.")
@click.option(
    "--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of its explanations."
)
def command(kind: str, out: Path, language: str) -> None:
    from xlsxwriter.exceptions import FileCreateError

    from geo_app.exports.templates import write
    from geo_app.locale import translator

    with clear_errors():
        try:
            write(kind, out, translator(language))
        except (OSError, FileCreateError) as error:
            raise Failure(f"{out} cannot be written: {error}.", "Choose another place with --out.") from error
    click.echo(str(out))
