"""What a map layer is, and what it becomes when it is drawn.

A layer is one file in `layers.catalogue`. It turns a frame into a `Drawing`: GeoJSON features, a table of
styles, the fields that a popup shows, and a legend. Texts are English message ids; whoever shows them
translates them.
"""

import math
import re
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from geopandas import GeoDataFrame

Translate = Callable[[str], str]
PLACEHOLDER = re.compile(r"%%|%\((\w+)\)([.\d]*[dfgs])")
# In the attributes of a frame that was computed: how many of the routes that went into it were made up.
SIMULATED_ROUTES = "simulated_routes"
# In the attributes of a frame: the first and the last day that it stands for, dates of the county's calendar.
DATES = "dates"
# Likewise: how the incidents that it rests on were placed, a tuple of Placing.
PLACED = "placed"
LEAST_PLACED = 0.85  # of the incidents; below, a map does not stand for all of them


def N_(text: str) -> str:  # the name is gettext's own; message extraction looks for it
    """Mark an English text for translation without translating it here."""
    return text


@dataclass(frozen=True)
class PathStyle:
    """How a line, an outline or a point is drawn; names and units (pixels) are Leaflet's."""

    color: str
    weight: float = 3
    opacity: float = 1
    dash: str | None = None
    fill: str | None = None
    fill_opacity: float = 0
    radius: float | None = None  # points become circles of this radius
    hatch: str | None = None  # colour of a hatching that replaces the plain stroke
    ring: float = 0  # opacity of a circle around a point with the feature's `radius_m` (metres); 0: none

    def __post_init__(self) -> None:
        for name in ("opacity", "fill_opacity", "ring"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} must lie in 0..1, got {getattr(self, name)}")
        if self.weight < 0:
            raise ValueError(f"weight must not be negative, got {self.weight}")


@dataclass(frozen=True)
class Field:
    """One row of a popup: property `name`, its title, its unit and the digits after the decimal point.

    `words` gives the text of coded values, keyed as JSON writes them: "true", "false", "null", "foot". Several codes
    may be joined by plus signs.
    """

    name: str
    title: str
    unit: str | None = None
    digits: int | None = None
    words: Mapping[str, str] | None = None


@dataclass(frozen=True)
class LegendEntry:
    label: str
    style: PathStyle
    count: int | None


@dataclass(frozen=True)
class Placing:
    """How many incidents were placed at a level: its code, its title (a message id), the number. "none": no place."""

    level: str
    label: str
    count: int


def placed_share(placing: Sequence[Placing]) -> float | None:
    """Return which part of the incidents has a place, 0..1; None without incidents."""
    total = sum(one.count for one in placing)
    return sum(one.count for one in placing if one.level != "none") / total if total else None


def is_low(share: float | None) -> bool:
    """Whether so few have a place that a map does not stand for all of them."""
    return share is not None and share < LEAST_PLACED


@dataclass(frozen=True)
class Legend:
    """`note` says how this is computed; `n` is the number of cases shown, in `unit`; `unplaced` could not be shown.

    `dates`: the first and the last day that it stands for. `scale`: what the numbers of the entries are in. `placing`:
    how the incidents that it rests on were placed.
    """

    title: str
    entries: tuple[LegendEntry, ...]
    note: str | None
    n: int
    unit: str | None = None
    unplaced: int = 0
    dates: tuple[date, date] | None = None
    scale: str | None = None
    placing: tuple[Placing, ...] = ()

    @property
    def placed_share(self) -> float | None:
        """Which part of the incidents that it rests on has a place, else of all cases; 0..1; None without any."""
        if self.placing:
            return placed_share(self.placing)
        total = self.n + self.unplaced
        return self.n / total if total else None


@dataclass(frozen=True)
class Raster:
    """A surface in classes, as an RGBA PNG in Web Mercator whose first row is the northernmost.

    Every pixel is opaque, and its red says what it is: 0 nothing, k the class whose style is `styles[k − 1]`,
    128 + k the same resting on fewer than five cases. bounds: west, south, east, north in degrees.
    """

    png: bytes
    bounds: tuple[float, float, float, float]
    styles: tuple[str, ...]


@dataclass(frozen=True)
class Drawing:
    """A layer ready to be shown. Features are GeoJSON in EPSG:4326, longitude first, seven digits.

    ``from_simulated``: what is shown was computed from things that were made up. ``raster``: a surface below the
    features. ``notice``: a sentence that the map says aloud. ``facts``: numbers that the page shows or asks with, and
    sentences about them; %(name)s in a sentence, or in the legend's note, stands for the fact of that name.
    """

    layer_id: str
    features: dict[str, Any]
    style_by: str
    styles: Mapping[str, PathStyle]
    fields: tuple[Field, ...]
    legend: Legend
    from_simulated: bool = False
    raster: Raster | None = None
    notice: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def simulated(self) -> int:
        """How many things were made up for a demonstration; a feature without an id is a part of another."""
        return sum(bool(f["properties"].get("simulated")) for f in self.features["features"] if "id" in f)

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north in degrees; None when nothing is drawn."""
        box = self.features.get("bbox")
        if box is None:
            return None if self.raster is None else self.raster.bounds
        return (box[0], box[1], box[2], box[3])


@dataclass(frozen=True)
class Layer:
    """`source` names the frame that `draw` takes; `roles` the permission that seeing it asks for."""

    id: str
    title: str
    source: str
    order: int
    roles: str
    draw: Callable[[GeoDataFrame], Drawing]
    shown: bool = True

    def drawing(self, frame: GeoDataFrame) -> Drawing:
        """What `draw` makes of the frame, with the days that the frame stands for and how incidents were placed in
        its legend.

        Its fact `partial` is true where there is more than is drawn: closer in, it has to be asked for again.
        """
        drawn = self.draw(frame)
        facts = {**drawn.facts, "partial": True} if drawn.features.get("partial") else drawn.facts
        told = replace(drawn.legend, dates=frame.attrs.get(DATES), placing=frame.attrs.get(PLACED, ()))
        return replace(drawn, facts=facts, legend=told)


def drawing_json(drawing: Drawing, translate: Translate = str) -> dict[str, Any]:
    """Return a drawing as plain values that JSON can carry, its texts translated.

    translate: takes an English message id, returns the text to show. Text that came with the data is not
    translated.
    """
    legend = drawing.legend

    def said(text: str) -> str:
        return _filled(translate(text), drawing.facts) if "%(" in text else translate(text)

    return {
        "layer_id": drawing.layer_id,
        "features": drawing.features,
        "style_by": drawing.style_by,
        "styles": {key: asdict(style) for key, style in drawing.styles.items()},
        "fields": [_field_json(field, translate) for field in drawing.fields],
        "legend": {
            "title": translate(legend.title),
            "entries": [
                {"label": translate(e.label), "style": asdict(e.style), "count": e.count} for e in legend.entries
            ],
            "note": None if legend.note is None else said(legend.note),
            "scale": None if legend.scale is None else translate(legend.scale),
            "n": legend.n,
            "unit": None if legend.unit is None else translate(legend.unit),
            "unplaced": legend.unplaced,
            "placed_share": legend.placed_share,
            "placing": [{**asdict(one), "label": translate(one.label)} for one in legend.placing],
            "is_low": is_low(legend.placed_share),
            "dates": None if legend.dates is None else [day.isoformat() for day in legend.dates],
        },
        "raster": None if drawing.raster is None else _raster_json(drawing.raster),
        "notice": None if drawing.notice is None else said(drawing.notice),
        "facts": {name: said(v) if isinstance(v, str) else plain(v) for name, v in drawing.facts.items()},
        "simulated": drawing.simulated,
        "bounds": None if drawing.bounds is None else list(drawing.bounds),
    }


def _filled(text: str, values: Mapping[str, Any]) -> str:
    """The text with its placeholders filled; a lone percent sign, which % would stumble over, stays one."""
    return PLACEHOLDER.sub(lambda found: ("%" + found[2]) % values[found[1]] if found[1] else "%", text)


def _raster_json(raster: Raster) -> dict[str, Any]:
    png = b64encode(raster.png).decode("ascii")
    return {"png": png, "bounds": list(raster.bounds), "styles": list(raster.styles)}


def _field_json(field: Field, translate: Translate) -> dict[str, Any]:
    return {
        "name": field.name,
        "title": translate(field.title),
        "unit": None if field.unit is None else translate(field.unit),
        "digits": field.digits,
        "words": {key: translate(word) for key, word in (field.words or {}).items()},
    }


def plain(value: Any) -> Any:
    """Return a value of a frame as JSON can carry it: missing and infinite numbers are None, times are ISO text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if hasattr(value, "isoformat"):
        # NaT has the method too, and is the one time that differs from itself.
        return value.isoformat() if value == value else None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bool | int | str):
        return value
    # What is left are identities and decimals of a database, and pandas' own mark for a missing value.
    return None if str(value) in ("<NA>", "NaT") else str(value)
