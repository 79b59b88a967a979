/* Where two communities meet: a stronger line, a heavy one with their names while grids go from one to the other. */

import { middle } from "./grids_edit_shapes.js";

const ROOM_PX = { x: 84, y: 36 }; // a name needs as much of its community
const ABOVE_PX = 26; // the name of the grid in the middle is read too
const WEIGHT = { usual: 3.5, heavy: 7 };
const [FAR, NEAR] = [9, 14]; // zooms between which lines grow
const THINNEST = 0.4;

/** The share of its width that a line has at the zoom of a map: less from far away, where lines lie close together. */
export function thinned(map) {
  return Math.max(THINNEST, Math.min(1, (map.getZoom() - FAR) / (NEAR - FAR)));
}

export class CommunityLines {
  /** `colour()`: of the lines. The panes "edit-communities" and "edit-names" are there. */
  constructor(map, topology, colour) {
    this.map = map;
    this.topology = topology;
    this.colour = colour;
    this.renderer = L.canvas({ pane: "edit-communities", padding: 0.3 });
    this.names = L.layerGroup().addTo(map);
    this.lines = null;
    this.nameOf = null;
    map.on("zoomend", () => {
      if (this.lines) this.lines.setStyle({ weight: this.weight() });
      this.drawNames();
    });
  }

  /** Tells communities apart by a heavy line and by their names, `nameOf(code)`; null: no longer. */
  tell(nameOf) {
    this.nameOf = nameOf;
    this.draw();
  }

  weight() {
    return (this.nameOf ? WEIGHT.heavy : WEIGHT.usual) * thinned(this.map);
  }

  draw() {
    if (this.lines) this.lines.remove();
    const edges = this.topology.edgesWhere((one, other) => one.community !== other.community);
    this.lines = L.polyline(edges.map((edge) => edge.map(([lon, lat]) => [lat, lon])), {
      renderer: this.renderer, pane: "edit-communities", color: this.colour(), weight: this.weight(), opacity: 0.75,
      interactive: false, smoothFactor: 0
    }).addTo(this.map);
    this.drawNames();
  }

  drawNames() {
    this.names.clearLayers();
    if (!this.nameOf) return;
    const grids = new Map(); // by the code of their community
    for (const grid of this.topology.grids.values()) {
      const { community } = grid.properties;
      if (!community) continue;
      if (!grids.has(community)) grids.set(community, []);
      grids.get(community).push(grid);
    }
    for (const [code, own] of grids) {
      if (!this.hasRoom(own)) continue;
      const middles = own.map(({ polygons }) => middle(polygons));
      const at = [0, 1].map((axis) => middles.reduce((sum, place) => sum + place[axis], 0) / own.length);
      const name = L.tooltip({ permanent: true, direction: "center", offset: [0, -ABOVE_PX], pane: "edit-names", className: "community-name", interactive: false });
      this.names.addLayer(name.setLatLng(at).setContent(document.createTextNode(this.nameOf(code))));
    }
  }

  hasRoom(grids) {
    const [west, south, east, north] = [0, 1, 2, 3].map((edge) => (edge < 2 ? Math.min : Math.max)(...grids.map(({ box }) => box[edge])));
    const room = this.map.latLngToLayerPoint([south, east]).subtract(this.map.latLngToLayerPoint([north, west]));
    return room.x >= ROOM_PX.x && room.y >= ROOM_PX.y;
  }
}
