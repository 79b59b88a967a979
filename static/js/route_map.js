/* A route that is being drawn, on the map: its line with a casing and arrows, points that can be dragged, a small plus in
   each leg, and what it newly sees or closes. Tells its owner what was done with them. */

import { element, text } from "./page.js";
import { along, placeAt } from "./route_line.js";

const PANES = { seen: 560, line: 570, grip: 575, arrows: 580, points: 640 };
const APART_PX = 110; // arrows
const ROOM_PX = 70; // a shorter leg has no plus
const MOST_ARROWS = 80;

export class RouteOnMap {
  /** `owner`: insert(at, latlng), move(at, latlng, isDone), remove(at). `geometryOf(ids)`: lines of pieces. */
  constructor(map, owner, geometryOf) {
    this.map = map;
    this.owner = owner;
    this.geometryOf = geometryOf;
    this.group = L.layerGroup();
    this.parts = {};
    for (const [name, zIndex] of Object.entries(PANES)) {
      const pane = map.createPane("route-" + name);
      pane.style.zIndex = String(zIndex);
      this.parts[name] = L.layerGroup().addTo(this.group);
    }
    this.dragged = null; // position of the point under way
    this.redraw = () => this.ornaments();
  }

  show() {
    this.group.addTo(this.map);
    this.map.on("zoomend moveend", this.redraw);
  }

  hide() {
    this.map.off("zoomend moveend", this.redraw);
    this.map.closePopup(this.popup);
    this.dragged = null;
    this.group.remove();
    for (const part of Object.values(this.parts)) part.clearLayers();
    this.legs = [];
  }

  /** The points as they were set, and what the server said of them, if it has. */
  draw(points, said) {
    this.legs = said ? said.legs : [];
    this.places = points.map(([lon, lat], at) => {
      const snapped = said && said.snapped[at];
      return snapped && snapped.used ? L.latLng(snapped.lat, snapped.lon) : L.latLng(lat, lon);
    });
    this.lines(points, said);
    this.changes(said);
    this.ornaments();
    if (this.dragged === null) this.handles(said);
  }

  lines(points, said) {
    const { line, grip } = this.parts;
    line.clearLayers();
    grip.clearLayers();
    const led = new Set(this.legs.map((leg) => leg.after));
    for (let at = 0; at + 1 < this.places.length; at += 1) {
      if (!led.has(at)) this.stroke(line, [this.places[at], this.places[at + 1]], said && !said.isOld ? "route-broken" : "route-pending");
    }
    for (const leg of this.legs) this.stroke(line, latlngs(leg.coordinates), "route-casing");
    for (const leg of this.legs) this.stroke(line, latlngs(leg.coordinates), "route-line");
    for (const leg of this.legs) {
      const path = L.polyline(latlngs(leg.coordinates), { pane: "route-grip", className: "route-grip", bubblingMouseEvents: false });
      path.on("mousedown", (event) => this.pull(event, leg.after + 1));
      grip.addLayer(path);
    }
  }

  stroke(group, places, className) {
    group.addLayer(L.polyline(places, { pane: "route-line", className, interactive: false, lineCap: "round" }));
  }

  /** What is newly seen, and gaps that this closes. */
  changes(said) {
    const { seen } = this.parts;
    seen.clearLayers();
    if (!said) return;
    for (const [ids, className] of [[said.newly_seen.ids, "route-newly"], [said.gaps.closed_ids, "route-closed"]]) {
      for (const coordinates of this.geometryOf(ids)) {
        seen.addLayer(L.polyline(latlngs(coordinates), { pane: "route-seen", className, interactive: false }));
      }
    }
  }

  /** What depends on the zoom: arrows along the line, and the plus in each leg. */
  ornaments() {
    const { arrows } = this.parts;
    arrows.clearLayers();
    for (const leg of this.legs) {
      const places = latlngs(leg.coordinates);
      const length = along(this.map, places);
      if (length > ROOM_PX && this.dragged === null) this.plus(leg, placeAt(this.map, places, length / 2).place);
      for (let px = APART_PX / 2; px < length && arrows.getLayers().length < MOST_ARROWS; px += APART_PX) {
        const { place, angle } = placeAt(this.map, places, px);
        if (this.map.getBounds().contains(place) && Math.abs(px - length / 2) > 18) arrows.addLayer(this.arrow(place, angle));
      }
    }
  }

  arrow(place, angle) {
    const svg = L.SVG.create("svg");
    const path = L.SVG.create("path");
    svg.setAttribute("viewBox", "-6 -6 12 12");
    path.setAttribute("d", "M-2.5 -4L2 0L-2.5 4");
    path.setAttribute("transform", `rotate(${angle.toFixed(0)})`);
    svg.append(path);
    const icon = L.divIcon({ className: "route-arrow", html: svg, iconSize: [12, 12] });
    return L.marker(place, { pane: "route-arrows", icon, interactive: false, keyboard: false });
  }

  plus(leg, place) {
    const icon = L.divIcon({ className: "route-plus", html: element("i", "", "+"), iconSize: [28, 28] });
    const label = text("route_insert", { from: leg.after + 1, to: leg.after + 2 });
    const made = L.marker(place, { pane: "route-points", icon, draggable: true, title: label, alt: label, bubblingMouseEvents: false });
    made.on("dragend", () => this.owner.insert(leg.after + 1, made.getLatLng()));
    made.on("click", () => this.owner.insert(leg.after + 1, made.getLatLng()));
    this.parts.arrows.addLayer(made);
  }

  /** The points: the first filled, the others rings with their number. */
  handles(said) {
    const { points } = this.parts;
    const focused = this.focused();
    points.clearLayers();
    this.places.forEach((place, at) => {
      const isLost = said && said.snapped[at] && !said.snapped[at].used;
      const kind = "route-point" + (at === 0 ? " is-first" : "") + (isLost ? " is-lost" : "");
      const icon = L.divIcon({ className: kind, html: element("b", "", at + 1), iconSize: [36, 36] });
      const label = text("route_point", { number: at + 1 });
      const made = L.marker(place, { pane: "route-points", icon, draggable: true, autoPan: true, zIndexOffset: at ? 0 : 1000, title: label, alt: label, bubblingMouseEvents: false });
      made.on("dragstart", () => { this.dragged = at; this.parts.arrows.clearLayers(); });
      made.on("drag", () => this.owner.move(at, made.getLatLng(), false));
      made.on("dragend", () => { this.dragged = null; this.owner.move(at, made.getLatLng(), true); });
      made.on("click", () => this.offer(at, made.getLatLng()));
      points.addLayer(made);
      const box = made.getElement();
      if (!box) return;
      box.dataset.at = String(at);
      box.setAttribute("role", "button");
      box.setAttribute("aria-label", label);
      if (focused === at) box.focus({ preventScroll: true });
    });
  }

  /** The position of the point that has the keyboard's focus, null when none has. */
  focused() {
    const box = document.activeElement && document.activeElement.closest(".route-point");
    return box ? Number(box.dataset.at) : null;
  }

  /** What can be done with a point. */
  offer(at, place) {
    const remove = element("button", "button button-quiet", text("route_remove_point"));
    remove.type = "button";
    remove.addEventListener("click", () => {
      this.map.closePopup(this.popup);
      this.owner.remove(at);
    });
    this.popup = L.popup({ closeButton: false, offset: [0, -8], className: "route-popup", minWidth: 120, autoPan: false })
      .setLatLng(place).setContent(element("div", "", element("strong", "", text("route_point", { number: at + 1 })), remove));
    this.map.openPopup(this.popup);
    remove.focus({ preventScroll: true });
  }

  /** The line was taken hold of: a point comes out of it where it is let go. */
  pull(event, at) {
    if (event.originalEvent.button) return;
    L.DomEvent.stop(event.originalEvent);
    const { map } = this;
    const ghost = L.circleMarker(event.latlng, { pane: "route-points", className: "route-ghost", radius: 8, interactive: false }).addTo(map);
    map.dragging.disable();
    const follow = (moved) => ghost.setLatLng(moved.latlng);
    const finish = (moved) => {
      map.off("mousemove", follow);
      document.removeEventListener("mouseup", release, true);
      ghost.remove();
      map.dragging.enable();
      this.wasPulled = true; // the click that follows is part of this
      setTimeout(() => { this.wasPulled = false; }, 0);
      this.owner.insert(at, moved);
    };
    const release = (up) => finish(map.mouseEventToLatLng(up));
    map.on("mousemove", follow);
    document.addEventListener("mouseup", release, true);
  }
}

function latlngs(coordinates) {
  return coordinates.map(([lon, lat]) => [lat, lon]);
}
