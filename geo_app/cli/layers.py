"""geo-app layers: the map layers there are; the README's table comes from here."""

from __future__ import annotations

import json
from dataclasses import asdict

import click


@click.command(help="List the map layers.")
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", help="Language of the titles.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def command(language: str, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_listed(language), ensure_ascii=False))
    else:
        click.echo(markdown(language), nl=False)


def markdown(language: str) -> str:
    """The layers as a Markdown table, titles in ``language``."""
    heads = {"en": ("Layer", "Shows", "Computed from", "On at first"), "zh": ("图层", "显示", "数据来源", "默认显示")}
    marks = {"en": ("yes", "no"), "zh": ("是", "否")}[language]
    rows = ["| " + " | ".join(heads[language]) + " |", "|---|---|---|---|"]
    for layer in _listed(language):
        shown = marks[0] if layer["shown"] else marks[1]
        rows.append(f"| `{layer['id']}` | {layer['title']} | `{layer['source']}` | {shown} |")
    return "\n".join(rows) + "\n"


def _listed(language: str) -> list[dict[str, object]]:
    from geo_app.locale import translator
    from layers.catalogue import LAYERS

    translate = translator(language)
    plain = [{name: value for name, value in asdict(layer).items() if name != "draw"} for layer in LAYERS.values()]
    return [{**layer, "title": translate(layer["title"])} for layer in plain]
