/* The grids of one side of a review, named so that no name lies across another one, below a button, or cut by the edge. */

import { element } from "./page.js";
import { GridMap } from "./grids_edit_map.js";
import { middle } from "./grids_edit_shapes.js";

const ROOM_PX = { x: 68, y: 34 }; // a name needs as much of its grid
const LINE_PX = 17;
const APART_PX = 2;

export class NamedGrids extends GridMap {
  /** Those that differ come first, then the largest: where two names would meet, the second is left out. */
  drawNames() {
    this.names.clearLayers();
    const taken = this.controls();
    const all = [...this.topology.grids.values()].map((grid) => ({ grid, room: this.room(grid.box) }));
    const wide = all.filter(({ room }) => room.x >= ROOM_PX.x && room.y >= ROOM_PX.y);
    const isMarked = ({ grid }) => Number(this.marked.has(grid.code));
    for (const { grid } of wide.sort((one, other) => isMarked(other) - isMarked(one) || other.room.x * other.room.y - one.room.x * one.room.y)) {
      const said = grid.properties.name || grid.code;
      const place = middle(grid.polygons);
      const box = around(this.map.latLngToContainerPoint(place), widthOf(said) / 2 + APART_PX, LINE_PX / 2 + APART_PX);
      if (!this.isInView(box) || taken.some((other) => meet(box, other))) continue;
      taken.push(box);
      const name = L.tooltip({ permanent: true, direction: "center", pane: "edit-names", className: "grid-name", opacity: 1, interactive: false });
      this.names.addLayer(name.setLatLng(place).setContent(element("span", "", said)));
    }
  }

  /** The size of a box on the screen. */
  room([west, south, east, north]) {
    return this.map.latLngToLayerPoint([south, east]).subtract(this.map.latLngToLayerPoint([north, west]));
  }

  isInView({ left, top, right, bottom }) {
    const { x, y } = this.map.getSize();
    return left >= 0 && top >= 0 && right <= x && bottom <= y;
  }

  /** Where the title and the buttons lie on this map. */
  controls() {
    const map = this.map.getContainer();
    const at = map.getBoundingClientRect();
    const found = [...map.closest(".review-map").querySelectorAll("h2, .leaflet-control")].map((one) => one.getBoundingClientRect());
    return found.map((one) => ({ left: one.left - at.left, top: one.top - at.top, right: one.right - at.left, bottom: one.bottom - at.top }));
  }
}

function around({ x, y }, half, high) {
  return { left: x - half, top: y - high, right: x + half, bottom: y + high };
}

function meet(one, other) {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

const pen = document.createElement("canvas").getContext("2d");

/* As wide as `.grid-name` writes it. */
function widthOf(said) {
  pen.font = "700 13px " + getComputedStyle(document.body).fontFamily;
  return pen.measureText(said).width;
}
