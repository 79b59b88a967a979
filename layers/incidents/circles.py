"""Sums of incidents as circles whose area grows with the number, in classes."""

import numpy as np
from geopandas import GeoDataFrame

from layers.base import N_, Drawing, Field, Legend, LegendEntry, PathStyle
from layers.features import collection, require_columns
from layers.fields import SIMULATED
from layers.incidents.sums import CELL_M
from layers.large import WHOLE
from layers.style import INCIDENT, INCIDENT_EDGE

COLUMNS = ("id", "count", "rough", "simulated")
LARGEST, SMALLEST = 7.5, 2.0  # pixels: as squares lie beside each other when a whole county fills a screen
MOST_CLASSES = 5


def draw_sums(frame: GeoDataFrame, layer_id: str, title: str) -> Drawing:
    """Draw a circle a sum. frame: EPSG:4326 points with COLUMNS, its attributes CELL_M and WHOLE."""
    require_columns(frame, COLUMNS, "sums of incidents")
    count = frame["count"].to_numpy()
    limits = classes(int(count.max()))
    place = np.searchsorted(limits, count, side="right") - 1
    made_up = frame["simulated"].to_numpy(dtype=bool)
    keys = [
        f"{'simulated' if hollow else 'sum'} {limits[k]}" for k, hollow in zip(place.tolist(), made_up, strict=True)
    ]
    styles = _styles(limits)
    entries = [LegendEntry(_label(limits, k), styles[f"sum {low}"], None) for k, low in enumerate(limits)][::-1]
    if made_up.any():
        entries.append(
            LegendEntry(N_("With simulated incidents"), styles[f"simulated {limits[0]}"], int(made_up.sum()))
        )
    placed, unplaced = frame.attrs[WHOLE]
    return Drawing(
        layer_id=layer_id,
        # The largest come first, so that none hides a smaller one.
        features=collection(frame, COLUMNS, {"style": keys}) | {"partial": True},
        style_by="style",
        styles=styles,
        fields=(
            Field("count", N_("Incidents here"), N_("incidents"), 0),
            Field("rough", N_("Known to a radius only"), digits=0),
            SIMULATED,
        ),
        legend=Legend(
            title=title,
            entries=tuple(entries),
            note=N_(
                "Too many to draw one by one: a circle sums up the incidents of a square with sides of %(cell_m)s m and"
                " stands at the mean of their places; its area tells how many. Closer in, each incident is a point."
            ),
            n=placed,
            unit=N_("incidents"),
            unplaced=unplaced,
        ),
        facts={"cell_m": frame.attrs[CELL_M], "shown": int(count.sum())},
    )


def classes(most: int) -> list[int]:
    """Return where classes of counts begin, the lowest at 1: at most MOST_CLASSES steps of 1, 2, 5 below `most`."""
    steps = [step * 10**power for power in range(len(str(most))) for step in (1, 2, 5)]
    found = [step for step in steps if step <= most][-MOST_CLASSES:]
    return [1, *found[1:]]


def _styles(limits: list[int]) -> dict[str, PathStyle]:
    styles = {}
    for low in limits:
        radius = round(max(SMALLEST, LARGEST * float(np.sqrt(low / limits[-1]))), 1)
        styles[f"sum {low}"] = PathStyle(
            color=INCIDENT_EDGE, weight=1, opacity=0.8, fill=INCIDENT, fill_opacity=0.55, radius=radius
        )
        styles[f"simulated {low}"] = PathStyle(color=INCIDENT, weight=1.5, dash="2 2", radius=radius)
    return styles


def _label(limits: list[int], place: int) -> str:
    low, above = limits[place], [*limits, None][place + 1]
    if above is None:
        return f"≥ {low}"
    return str(low) if above == low + 1 else f"{low}–{above - 1}"
