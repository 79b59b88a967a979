"""Where incidents concentrate: their density as a surface in classes."""

from itertools import pairwise
from typing import Any

from geopandas import GeoDataFrame

from layers.base import N_, Drawing, Field, Layer, Legend, LegendEntry, PathStyle
from layers.errors import FrameError
from layers.features import drawable, require_columns
from layers.incidents.bandwidth import Proposal
from layers.incidents.density import Surface
from layers.incidents.density_raster import density_raster, round_breaks
from layers.style import DENSITY, FEW

COLUMNS = ("surface", "proposal", "n", "unplaced", "simulated")
OPACITIES = (0.4, 0.5, 0.6, 0.68, 0.74, 0.8)
STYLES = {
    f"class-{place}": PathStyle(color=FEW, weight=0.5, opacity=0.4, fill=colour, fill_opacity=opacity)
    for place, (colour, opacity) in enumerate(zip(DENSITY, OPACITIES, strict=True), start=1)
}
FEW_STYLE = PathStyle(color=FEW, weight=0.5, opacity=0.55, fill=DENSITY[1], fill_opacity=0.5, hatch=FEW)
PER_AREA, PER_AREA_AND_MONTH = N_("incidents per km²"), N_("incidents per km² and month")
NOTES = {
    "quartic": N_(
        "Density = Σ 3 ÷ (π h²) × (1 − d² ÷ h²)² over all incidents within the bandwidth h = %(bandwidth_m).0f m, where d is "
        "an incident's distance; one colour means the same at every zoom. With times it is divided by the months of the "
        "period, 30.44 days each. Known to a radius r only, an incident counts with the bandwidth √(h² + 2 r²). Hatched: fewer"
        " than five incidents within the bandwidth."
    ),
    "gaussian": N_(
        "Density = Σ 1 ÷ (2π h²) × exp(−d² ÷ 2h²) over all incidents, with the bandwidth h = %(bandwidth_m).0f m, where d is an "
        "incident's distance; one colour means the same at every zoom. With times it is divided by the months of the "
        "period, 30.44 days each. Known to a radius r only, an incident counts with the bandwidth √(h² + r² ÷ 4). Hatched:"
        " fewer than five incidents within two bandwidths."
    ),
}
EMPTY_NOTE = N_("The density of incidents within a bandwidth of each place, in incidents per km².")
NOTHING = N_("No incident with a place is chosen, so there is no density to show.")
COARSE = N_(
    "The bandwidth is narrow for so wide an area: the density is shown as the mean of cells %(cell_m).0f m wide."
)


def draw(frame: GeoDataFrame) -> Drawing:
    """Draw a surface in six classes, what rests on fewer than five cases hatched.

    frame: EPSG:4326 with COLUMNS, at most one row: the box of the incidents, their Surface (with its coordinate
    system), the Proposal of a bandwidth, how many were used, how many have no place, how many are simulated.
    Raises FrameError when there is more than one row.
    """
    require_columns(frame, COLUMNS, "density")
    if len(frame) > 1:
        raise FrameError(f"density: one surface is drawn, got {len(frame)}")
    shown = frame[drawable(frame)]
    if not len(shown) or not shown["surface"].iloc[0].values.max() > 0:
        return _nothing(frame)
    row = shown.iloc[0]
    surface: Surface = row["surface"]
    scale = _scale(surface)
    breaks = round_breaks(float(surface.values.max()))
    labels = [f"{_number(low)}–{_number(high)}" for low, high in pairwise(breaks)] + [f"≥ {_number(breaks[-1])}"]
    entries = [LegendEntry(label, style, None) for label, style in zip(labels, STYLES.values(), strict=True)]
    return Drawing(
        layer_id="density",
        features={"type": "FeatureCollection", "features": [], "bbox": [float(edge) for edge in shown.total_bounds]},
        style_by="style",
        styles=STYLES | {"few": FEW_STYLE},
        fields=(Field("level", scale), Field("few", N_("Number of cases"), words={"true": N_("fewer than five")})),
        legend=Legend(
            title=LAYER.title,
            entries=(*entries, LegendEntry(N_("fewer than five cases, uncertain"), FEW_STYLE, None)),
            note=NOTES[surface.kernel],
            n=int(row["n"]),
            unit=N_("incidents"),
            unplaced=int(row["unplaced"]),
            scale=scale,
        ),
        from_simulated=bool(row["simulated"]),
        raster=density_raster(surface, breaks, tuple(STYLES)),
        notice=COARSE if surface.coarse else None,
        facts=_facts(surface, row["proposal"]),
    )


def _facts(surface: Surface, proposal: Proposal) -> dict[str, Any]:
    return dict(proposal.values) | {
        "bandwidth_m": surface.bandwidth_m,
        "proposed_m": proposal.metres,
        "reason": proposal.reason,
        "cell_m": surface.cell_m,
        "max": float(surface.values.max()),
        "months": surface.months,
        "unit": _scale(surface),
    }


def _scale(surface: Surface) -> str:
    return PER_AREA if surface.months is None else PER_AREA_AND_MONTH


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:g}"


def _nothing(frame: GeoDataFrame) -> Drawing:
    """No surface, or a flat one; what is known about the bandwidth is told all the same."""
    few = LegendEntry(N_("fewer than five cases, uncertain"), FEW_STYLE, None)
    unplaced = int(frame["unplaced"].sum())
    legend = Legend(LAYER.title, (few,), EMPTY_NOTE, 0, unit=N_("incidents"), unplaced=unplaced)
    features = {"type": "FeatureCollection", "features": []}
    known = frame[frame["surface"].notna()]
    facts = _facts(known["surface"].iloc[0], known["proposal"].iloc[0]) if len(known) else {}
    styles = STYLES | {"few": FEW_STYLE}
    return Drawing("density", features, "style", styles, (), legend, notice=NOTHING, facts=facts)


LAYER = Layer("density", N_("Incident density"), source="density", order=5, roles="map:read", draw=draw)
