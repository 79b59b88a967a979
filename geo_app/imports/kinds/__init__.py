"""One file per kind: from rows as they arrived to rows of a table."""

from geo_app.imports.kinds.areas import AREAS
from geo_app.imports.kinds.base import Kind
from geo_app.imports.kinds.cameras import CAMERAS
from geo_app.imports.kinds.grids import GRIDS
from geo_app.imports.kinds.incidents import INCIDENTS
from geo_app.imports.kinds.places import PLACES
from geo_app.imports.kinds.roads import ROADS
from geo_app.imports.kinds.routes import ROUTES

KINDS: dict[str, Kind] = {kind.name: kind for kind in (AREAS, GRIDS, INCIDENTS, PLACES, ROADS, CAMERAS, ROUTES)}
