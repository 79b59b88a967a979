"""Streets, as the pieces into which they are cut."""

from geopandas import GeoDataFrame

from layers.base import N_, Drawing, Field, Layer, Legend, LegendEntry, PathStyle
from layers.features import collection, drawable, require_columns
from layers.fields import ROAD_CLASSES
from layers.style import STREET

COLUMNS = ("id", "name", "road_class", "length_m")
STYLE = PathStyle(color=STREET, weight=3)


def draw(frame: GeoDataFrame) -> Drawing:
    """Draw every piece alike. frame: EPSG:4326, columns id, name, road_class, length_m, geometry (lines)."""
    require_columns(frame, COLUMNS, "streets")
    shown = frame[drawable(frame)]
    return Drawing(
        layer_id="streets",
        features=collection(shown, COLUMNS, {"style": ["street"] * len(shown)}),
        style_by="style",
        styles={"street": STYLE},
        fields=(
            Field("name", N_("Street")),
            Field("road_class", N_("Road class"), words=ROAD_CLASSES),
            Field("length_m", N_("Length"), N_("m"), 0),
        ),
        legend=Legend(
            title=LAYER.title,
            entries=(LegendEntry(N_("Street piece, at most 100 m"), STYLE, len(shown)),),
            note=N_("Streets longer than 100 m are cut into equal pieces; a piece is what is counted."),
            n=len(shown),
            unit=N_("street pieces"),
            unplaced=len(frame) - len(shown),
        ),
    )


LAYER = Layer("streets", N_("Streets"), source="streets", order=20, roles="map:read", draw=draw)
