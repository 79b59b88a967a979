/* One of two maps that show the same place: its grids, those that differ marked. */

import { data, text } from "./page.js";
import { Topology } from "./grids_edit_topology.js";
import { NamedGrids } from "./grids_review_names.js";

const ROOM = { paddingTopLeft: L.point(24, 56), paddingBottomRight: L.point(64, 40) }; // below the title, beside the buttons

export class Side {
  constructor(map) {
    this.map = map;
    map.attributionControl.setPrefix(false);
    L.control.scale({ position: "bottomleft", imperial: false, maxWidth: 90 }).addTo(map);
    L.control.zoom({ position: "topright", zoomInTitle: text("zoom_in"), zoomOutTitle: text("zoom_out") }).addTo(map);
    this.topology = new Topology();
    this.grids = new NamedGrids(map, this.topology, () => false);
    const [west, south, east, north] = data.bounds || [73.5, 18, 135.1, 53.6];
    map.fitBounds([[south, west], [north, east]], { animate: false });
  }

  show(features, touched) {
    this.topology.takeAll(features);
    this.grids.drawAll();
    const marks = [...touched].filter((code) => this.topology.grids.has(code));
    this.grids.mark(Object.fromEntries(marks.map((code) => [code, "other"])));
  }

  /** The box of these grids as Leaflet's bounds; none of them here: null. */
  bounds(codes) {
    const boxes = [...codes].map((code) => this.topology.grids.get(code)).filter(Boolean).map(({ box }) => box);
    return boxes.length ? boxes.reduce((all, [west, south, east, north]) => all.extend([south, west]).extend([north, east]), L.latLngBounds([])) : null;
  }

  /** Goes to a grid; false where it is not on this side. */
  goTo(code) {
    const bounds = this.bounds([code]);
    if (bounds) this.map.fitBounds(bounds.pad(0.6), { animate: false });
    return Boolean(bounds);
  }
}

/** Two maps that move together: where one goes, the other follows. Both show what differs whole, clear of title, buttons and
    scale, until the reader moves one of them; also while a table or the window takes other room. */
export class Pair {
  constructor(one, other) {
    this.sides = [one, other];
    this.bounds = null;
    this.isMoved = false; // by the reader
    this.leader = null;
    for (const [from, to] of [[one, other], [other, one]]) {
      from.map.on("move zoomend", () => this.follow(from, to));
      from.map.on("movestart", () => { if (!this.leader) this.isMoved = true; });
    }
    const watch = new ResizeObserver(() => this.fit());
    for (const { map } of this.sides) watch.observe(map.getContainer());
  }

  follow(from, to) {
    if (this.leader) return;
    this.leader = from;
    to.map.setView(from.map.getCenter(), from.map.getZoom(), { animate: false });
    this.leader = null;
  }

  /** Goes to these grids, as they are on either side. */
  show(codes) {
    const asked = [...codes];
    const [here, there] = this.sides.map((side) => side.bounds(asked));
    this.bounds = here && there ? here.extend(there) : here || there;
    this.isMoved = false;
    this.fit();
  }

  fit() {
    this.leader = this; // of one size first, then to one place: neither is the reader's doing
    for (const { map } of this.sides) map.invalidateSize({ animate: false });
    if (this.bounds && !this.isMoved) {
      const zoom = Math.min(...this.sides.map(({ map }) => map.getBoundsZoom(this.bounds, false, ROOM.paddingTopLeft.add(ROOM.paddingBottomRight))));
      for (const { map } of this.sides) map.fitBounds(this.bounds, { ...ROOM, maxZoom: zoom, animate: false });
    }
    this.leader = null;
  }
}
