"""geo-app inbox: what lies in the watched folder, now."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from geo_app.cli._database import opened


@click.command
@click.argument("folder", required=False, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print the receipts as JSON.")
def command(folder: Path | None, as_json: bool) -> None:
    """Import every file of the watched FOLDER that has no receipt yet; without FOLDER, of GEO_INBOX.

    A file lies in COUNTY/KIND/SOURCE/ and is read as the last file of its source was.
    """
    from geo_app.config import load_settings
    from geo_app.services import inbox

    set_folder = load_settings(os.environ).inbox
    chosen = folder or (Path(set_folder) if set_folder else None)
    if chosen is None:
        raise click.UsageError("Name a folder, or set GEO_INBOX.")
    with opened() as database:
        receipts = inbox.take_all(database, chosen)
    if as_json:
        click.echo(json.dumps(receipts, ensure_ascii=False, indent=2))
        return
    for receipt in receipts:
        if receipt["outcome"] == "taken":
            click.echo(
                f"{receipt['file']}: {receipt['read']:,} read, {receipt['stored']:,} stored, {receipt['updated']:,} updated,"
                f" {receipt['unchanged']:,} unchanged, {receipt['quarantined']:,} quarantined"
            )
        else:
            click.echo(f"{receipt['file']}: {' '.join(receipt['reasons'])} {receipt['remedy']}", err=True)
