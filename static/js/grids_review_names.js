/* The grids of one side of a review: of their names those that differ come first, then the largest. */

import { GridMap } from "./grids_edit_map.js";

export class NamedGrids extends GridMap {
  ordered() {
    const isMarked = ({ code }) => Number(this.marked.has(code));
    return [...super.ordered()].sort((one, other) => isMarked(other) - isMarked(one) || size(other.box) - size(one.box));
  }

  covers() {
    return this.map.getContainer().closest(".review-map").querySelectorAll("h2, .leaflet-control");
  }
}

/* Of a box in degrees: enough to say which is larger. */
function size([west, south, east, north]) {
  return (east - west) * (north - south);
}
