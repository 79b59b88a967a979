/* The grids of one side of a review, with their names where there is room. */

import { element } from "./page.js";
import { GridMap } from "./grids_edit_map.js";
import { middle } from "./grids_edit_shapes.js";
import { NamesApart } from "./names_apart.js";

const ROOM_PX = { x: 68, y: 34 }; // a name needs as much of its grid

export class NamedGrids extends GridMap {
  /** Those that differ come first, then the largest: where two names would meet, the second is left out. */
  drawNames() {
    this.names.clearLayers();
    const apart = new NamesApart(this.map, this.map.getContainer().closest(".review-map").querySelectorAll("h2, .leaflet-control"));
    const all = [...this.topology.grids.values()].map((grid) => ({ grid, room: this.room(grid.box) }));
    const wide = all.filter(({ room }) => room.x >= ROOM_PX.x && room.y >= ROOM_PX.y);
    const isMarked = ({ grid }) => Number(this.marked.has(grid.code));
    for (const { grid } of wide.sort((one, other) => isMarked(other) - isMarked(one) || other.room.x * other.room.y - one.room.x * one.room.y)) {
      const said = grid.properties.name || grid.code;
      const place = middle(grid.polygons);
      if (!apart.take(place, said)) continue;
      const name = L.tooltip({ permanent: true, direction: "center", pane: "edit-names", className: "grid-name", opacity: 1, interactive: false });
      this.names.addLayer(name.setLatLng(place).setContent(element("span", "", said)));
    }
  }

  /** The size of a box on the screen. */
  room([west, south, east, north]) {
    return this.map.latLngToLayerPoint([south, east]).subtract(this.map.latLngToLayerPoint([north, west]));
  }
}
