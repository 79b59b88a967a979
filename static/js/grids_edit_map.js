/* The grids of a draft on the map: painted on one canvas, so that a thousand follow a drag; names where there is room;
   faults, what a preview would make, and the marks of the tools above them. */

import { element } from "./page.js";
import { CommunityLines, thinned } from "./grids_edit_map_communities.js";
import { middle } from "./grids_edit_shapes.js";
import { NamesApart } from "./names_apart.js";

const PANES = { grids: 400, communities: 410, changes: 415, faults: 420, names: 430, marks: 640 };
const MOST_NAMES = 160;
const REST_MS = 120;

export class GridMap {
  /** `isOther(grid)`: whether it is painted as changed. */
  constructor(map, topology, isOther) {
    this.map = map;
    this.topology = topology;
    this.isOther = isOther;
    this.paths = new Map();
    this.marked = new Map(); // code -> "chosen" | "other" | "moving"
    for (const [name, zIndex] of Object.entries(PANES)) {
      const pane = map.createPane("edit-" + name);
      pane.style.zIndex = String(zIndex);
      if (name !== "marks") pane.style.pointerEvents = "none";
    }
    this.renderer = L.canvas({ pane: "edit-grids", padding: 0.3 });
    this.names = L.layerGroup().addTo(map);
    this.faults = L.featureGroup().addTo(map);
    this.changes = L.featureGroup().addTo(map);
    this.colours();
    this.communities = new CommunityLines(map, topology, () => this.colour.ink);
    document.addEventListener("themechange", () => {
      this.colours();
      for (const code of this.paths.keys()) this.style(code);
      this.communities.draw();
    });
    map.on("zoomend", () => {
      for (const code of this.paths.keys()) this.style(code);
    });
    let rest = 0;
    map.on("moveend zoomend", () => {
      clearTimeout(rest);
      rest = setTimeout(() => this.drawNames(), REST_MS);
    });
  }

  colours() {
    const styles = getComputedStyle(document.documentElement);
    const colour = (name, other) => styles.getPropertyValue(name).trim() || other;
    this.colour = {
      line: colour("--map-475569", "#475569"), accent: colour("--accent", "#1a66dc"), done: colour("--done", "#1f7a47"),
      mute: colour("--mute", "#566170"), ink: colour("--ink", "#18222f"), notice: colour("--notice-line", "#f0d48a")
    };
  }

  /** Draws all grids anew. */
  drawAll() {
    for (const path of this.paths.values()) path.remove();
    this.paths.clear();
    for (const code of this.topology.grids.keys()) this.draw(code);
    this.later();
  }

  /** Draws a grid as the topology has it, or takes it away when it has it no more. */
  draw(code) {
    const grid = this.topology.grids.get(code);
    const path = this.paths.get(code);
    if (!grid) {
      if (path) path.remove();
      this.paths.delete(code);
    } else if (path) {
      path.setLatLngs(latlngs(grid));
      this.style(code);
    } else {
      const made = L.polygon(latlngs(grid), { ...this.styleOf(code), renderer: this.renderer, pane: "edit-grids", interactive: false, smoothFactor: 0.6 });
      this.paths.set(code, made.addTo(this.map));
    }
  }

  /** Shows a grid in another shape than the topology's, while it is dragged: one frame, nothing else is done. */
  bend(grid) {
    const path = this.paths.get(grid.code);
    if (path) path.setLatLngs(latlngs(grid));
  }

  /** Names and lines of communities, once nothing is drawn any more. */
  later() {
    clearTimeout(this.rest);
    this.rest = setTimeout(() => {
      this.drawNames();
      this.communities.draw();
    }, REST_MS);
  }

  styleOf(code) {
    const grid = this.topology.grids.get(code);
    const { colour } = this;
    const mark = this.marked.get(code);
    if (mark === "chosen") return { color: colour.accent, weight: 4, fillColor: colour.accent, fillOpacity: 0.24 };
    if (mark === "other" || mark === "moving") return { color: colour.accent, weight: 2.5, fillColor: colour.accent, fillOpacity: 0.1 };
    if (grid && this.isOther(grid)) return { color: colour.line, weight: 2, fillColor: colour.notice, fillOpacity: 0.34 };
    return { color: colour.line, weight: 1.5 * thinned(this.map), fillColor: colour.line, fillOpacity: 0.03 };
  }

  style(code) {
    const path = this.paths.get(code);
    if (!path) return;
    path.setStyle(this.styleOf(code));
  }

  /** Marks grids: {code: "chosen" | "other" | "moving"}; those that are not named lose their mark. */
  mark(marks) {
    const before = [...this.marked.keys()];
    this.marked = new Map(Object.entries(marks));
    for (const code of new Set([...before, ...this.marked.keys()])) this.style(code);
    // What is marked lies above its neighbours, whose half of the line would hide it.
    for (const code of this.marked.keys()) if (this.paths.has(code)) this.paths.get(code).bringToFront();
  }

  /** Where two names would meet, the second is left out. */
  ordered() {
    return this.topology.grids.values();
  }

  /** Elements that lie on the map: no name is written below them. */
  covers() {
    return [];
  }

  drawNames() {
    this.names.clearLayers();
    const view = this.map.getBounds();
    const apart = new NamesApart(this.map, this.covers());
    let count = 0;
    for (const { code, properties, box, polygons } of this.ordered()) {
      const [west, south, east, north] = box;
      if (count >= MOST_NAMES || !view.intersects([[south, west], [north, east]])) continue;
      const said = properties.name || code;
      const at = middle(polygons);
      // Around another grid the middle is not its own: the name would be read as the other's.
      if (this.topology.gridAt([at[1], at[0]]) !== code || !apart.take(at, said, box)) continue;
      count += 1;
      const name = L.tooltip({ permanent: true, direction: "center", pane: "edit-names", className: "grid-name", opacity: 1, interactive: false });
      this.names.addLayer(name.setLatLng(at).setContent(document.createTextNode(said)));
    }
  }

  /** Tells communities apart by a heavy line and by their names, `nameOf(code)`; null: no longer. */
  tellCommunities(nameOf) {
    this.communities.tell(nameOf);
  }

  /** The places of faults: [{geometry, near}]; one of them may be `chosen`. */
  drawFaults(faults, chosen = null) {
    this.faults.clearLayers();
    for (const fault of faults) {
      if (!fault.geometry) continue;
      const className = "grid-fault" + (fault.near ? " is-near" : "") + (fault === chosen ? " is-chosen" : "");
      L.geoJSON(fault.geometry, {
        pane: "edit-faults", interactive: false, style: () => ({ className }),
        pointToLayer: (point, at) => L.circleMarker(at, { pane: "edit-faults", radius: 9, className, interactive: false })
      }).addTo(this.faults);
    }
  }

  /** What an operation would make: features as outlines above the others. */
  drawChanges(features) {
    this.changes.clearLayers();
    if (features.length) {
      L.geoJSON({ type: "FeatureCollection", features }, { pane: "edit-changes", interactive: false, style: () => ({ className: "grid-preview" }) }).addTo(this.changes);
    }
  }

  /** The place of a refusal, shown until the next act. */
  drawRefusal(geometry) {
    this.changes.clearLayers();
    if (!geometry) return;
    L.geoJSON(geometry, {
      pane: "edit-changes", interactive: false, style: () => ({ className: "grid-refused" }),
      pointToLayer: (point, at) => L.circleMarker(at, { pane: "edit-changes", radius: 12, className: "grid-refused", interactive: false })
    }).addTo(this.changes);
  }

  /** Goes to a geometry or a grid. */
  goTo(geometry, padding) {
    const bounds = L.geoJSON(geometry).getBounds();
    if (bounds.isValid()) this.map.fitBounds(bounds.pad(0.4), { ...padding, maxZoom: 18, animate: false });
  }
}

/** Text on the map beside a point: for the tool under way. */
export function labelAt(latlng, said) {
  return L.marker(latlng, { pane: "edit-marks", interactive: false, keyboard: false, icon: L.divIcon({ className: "grid-said", html: element("span", "", said), iconSize: null }) });
}

export function latlngs(grid) {
  return grid.polygons.map((rings) => rings.map((ring) => ring.map(([lon, lat]) => [lat, lon])));
}
