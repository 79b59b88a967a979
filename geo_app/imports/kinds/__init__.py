"""One file per kind: from rows as they arrived to rows of a table."""

from geo_app.imports.kinds.addresses import ADDRESSES
from geo_app.imports.kinds.aliases import ALIASES
from geo_app.imports.kinds.areas import AREAS
from geo_app.imports.kinds.base import Kind
from geo_app.imports.kinds.buildings import BUILDINGS
from geo_app.imports.kinds.cameras import CAMERAS
from geo_app.imports.kinds.categories import CATEGORIES
from geo_app.imports.kinds.duty import DUTY
from geo_app.imports.kinds.grid_people import GRID_PEOPLE
from geo_app.imports.kinds.grids import GRIDS
from geo_app.imports.kinds.incidents import INCIDENTS
from geo_app.imports.kinds.places import PLACES
from geo_app.imports.kinds.population import POPULATION
from geo_app.imports.kinds.posts import POSTS
from geo_app.imports.kinds.roads import ROADS
from geo_app.imports.kinds.routes import ROUTES
from geo_app.imports.kinds.tracks import TRACKS
from geo_app.imports.kinds.waters import WATERS

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        AREAS, GRIDS, INCIDENTS, CATEGORIES, ADDRESSES, ALIASES, PLACES, POSTS, ROADS, BUILDINGS, CAMERAS, ROUTES,
        TRACKS, DUTY, GRID_PEOPLE, POPULATION, WATERS,
    )
}  # fmt: skip
