/* The grids as they were without the draft, to tell which are other now: one that only gained a vertex on its line is not. */

import { Topology } from "./grids_edit_topology.js";

const SAME_M2 = 0.5;

export class Base {
  constructor() {
    this.grids = new Map(); // code -> {area, name, kind}
  }

  /** Takes the grids before, as GeoJSON features. */
  take(features) {
    this.grids.clear();
    const scratch = new Topology();
    for (const feature of features) {
      const { code, name, kind } = scratch.put(feature).properties;
      this.grids.set(code, { area: scratch.area(code), name, kind });
      scratch.remove(code);
    }
  }

  /** Whether a grid of a topology is new, or has another size, name or kind. */
  differs(topology, code) {
    const before = this.grids.get(code);
    if (!before) return true;
    const { name, kind } = topology.grids.get(code).properties;
    return before.name !== name || before.kind !== kind || Math.abs(topology.area(code) - before.area) > SAME_M2;
  }
}
