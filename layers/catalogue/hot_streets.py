"""The shortest length of street that holds half of the incidents."""

from geopandas import GeoDataFrame

from layers.base import N_, Drawing, Field, Layer, Legend, LegendEntry, PathStyle
from layers.catalogue.hot_spots import HOT
from layers.features import collection, drawable, require_columns
from layers.fields import ROAD_CLASSES

COLUMNS = ("id", "name", "road_class", "length_m", "incidents", "level")
FACTS = "facts"  # in the attributes of the frame
STYLES = {
    "tenth": PathStyle(color=HOT[2], weight=8),
    "quarter": PathStyle(color=HOT[1], weight=7),
    "half": PathStyle(color=HOT[0], weight=6),
}
LABELS = {
    "tenth": N_("densest, together 10 % of the incidents"),
    "quarter": N_("with these 25 % of the incidents"),
    "half": N_("with these 50 % of the incidents"),
}


def draw(frame: GeoDataFrame) -> Drawing:
    """Draw the hot pieces. frame: EPSG:4326 lines with COLUMNS; `level` is a key of STYLES, other pieces are left out."""
    require_columns(frame, COLUMNS, "hot_streets")
    placed = frame[drawable(frame)]
    shown = placed[placed["level"].isin(list(STYLES))]
    keys = shown["level"].tolist()
    return Drawing(
        layer_id="hot_streets",
        features=collection(shown, COLUMNS),
        style_by="level",
        styles=STYLES,
        fields=(
            Field("incidents", N_("Incidents"), digits=0),
            Field("name", N_("Street")),
            Field("road_class", N_("Road class"), words=ROAD_CLASSES),
            Field("length_m", N_("Length"), N_("m"), 0),
        ),
        legend=Legend(
            title=LAYER.title,
            entries=tuple(LegendEntry(LABELS[key], STYLES[key], keys.count(key)) for key in STYLES),
            note=N_(
                "The shortest length of street that holds half of the incidents, each given to its nearest street piece"
                " within 50 m: class A of the requirements."
            ),
            n=len(shown),
            unit=N_("street pieces"),
            unplaced=len(frame) - len(placed),
        ),
        facts=frame.attrs.get(FACTS, {}),
    )


LAYER = Layer(
    "hot_streets", N_("Hot streets"), source="hot_streets", order=45, roles="map:read", draw=draw, shown=False
)
