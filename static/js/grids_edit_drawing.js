/* Drawing by Geoman: lines and areas, click by click, with our own snapping; and a lasso drawn in one go. */

import { onLattice } from "./grids_edit_shapes.js";

const FIRST_PX = 12; // so near to its first corner an area is closed
const STEP_PX = 5; // a lasso takes a point after so many

export class Drawing {
  constructor(map, snapping) {
    this.map = map;
    this.snapping = snapping;
    this.mark = L.circleMarker([0, 0], { pane: "edit-marks", radius: 7, className: "grid-snap", interactive: false });
    this.isDrawing = null;
    this.end = null;
    L.PM.setOptIn(true); // Geoman looks after no layer but those that it draws
    for (const shape of ["Line", "Polygon"]) {
      map.pm.Draw[shape]._handleSnapping = (event) => this.snap(shape, event);
    }
    map.pm.setGlobalOptions({ snappable: true, tooltips: false, allowSelfIntersection: true, continueDrawing: false, finishOn: "dblclick", cursorMarker: false });
    map.on("pm:create", ({ layer }) => {
      layer.remove();
      showDrawing(false);
      const done = this.end;
      this.isDrawing = null;
      this.showSnap(null);
      if (done) done(pointsOf(layer));
    });
  }

  /** A line or an area ("Line", "Polygon"): `changed(points)` while it is drawn, the place of the pointer last;
      `done(points)` once it is finished. */
  draw(shape, { changed, done }) {
    this.stop();
    this.end = done;
    this.isDrawing = shape;
    this.map.once("pm:drawstart", ({ workingLayer }) => {
      workingLayer.on("pm:change", ({ latlngs }) => {
        const points = latlngs.flat().map(({ lng, lat }) => onLattice([lng, lat]));
        showDrawing(this.count() > 0);
        if (points.length > 1) changed(points);
      });
    });
    this.map.pm.enableDraw(shape, { templineStyle: style("grid-drawn"), hintlineStyle: style("grid-drawn is-hint"), pathOptions: style("grid-drawn") });
  }

  /** Ends the line with its last corner. */
  finish() {
    if (this.isDrawing) this.map.pm.Draw[this.isDrawing]._finishShape();
  }

  /** Takes the last corner back. */
  back() {
    if (this.isDrawing && this.count()) this.map.pm.Draw[this.isDrawing]._removeLastVertex();
  }

  /** How many corners have been set. */
  count() {
    const { _layer: layer } = this.map.pm.Draw[this.isDrawing] || {};
    return layer ? layer.getLatLngs().flat().length : 0;
  }

  stop() {
    this.end = null;
    if (this.isDrawing) this.map.pm.disableDraw();
    this.isDrawing = null;
    showDrawing(false);
    if (this.stopLasso) this.stopLasso();
    this.showSnap(null);
  }

  /* In the place of Geoman's own, which would look at every layer of the map. */
  snap(shape, event) {
    const marker = event.target;
    marker._snapped = false;
    if (event.originalEvent && event.originalEvent.altKey) return this.showSnap(null);
    const { lng, lat } = marker.getLatLng();
    const [first] = this.map.pm.Draw[shape]._layer.getLatLngs().flat();
    const pixel = (latlng) => this.map.latLngToLayerPoint(latlng);
    const closes = shape === "Polygon" && first && this.count() > 2 && pixel(first).distanceTo(pixel(marker.getLatLng())) < FIRST_PX;
    const found = closes ? { point: [first.lng, first.lat], kind: "first" } : this.snapping.find([lng, lat]);
    if (found) {
      marker.setLatLng([found.point[1], found.point[0]]);
      marker._snapped = true;
    }
    return this.showSnap(found);
  }

  /** Shows where a point snaps to; nothing where it does not. */
  showSnap(found) {
    if (!found) {
      this.mark.remove();
      return;
    }
    this.mark.setLatLng([found.point[1], found.point[0]]).addTo(this.map);
    const made = this.mark.getElement();
    if (made) made.setAttribute("class", `grid-snap is-${found.kind}`);
  }

  /** An area drawn in one go with the pointer held down: `changed(ring)` under way, `done(ring)` when let go. */
  lasso({ changed, done }) {
    this.stop();
    const { map } = this;
    const box = map.getContainer();
    const line = L.polyline([], { pane: "edit-marks", ...style("grid-drawn") }).addTo(map);
    let points = null;
    let last = null;
    const begin = (event) => {
      if (event.button || event.target.closest(".leaflet-control, .panel")) return;
      points = [];
      box.setPointerCapture(event.pointerId);
      event.preventDefault();
    };
    const take = (event) => {
      if (!points) return;
      const pixel = L.point(event.clientX, event.clientY);
      if (last && points.length && pixel.distanceTo(last) < STEP_PX) return;
      last = pixel;
      const { lng, lat } = map.mouseEventToLatLng(event);
      const found = event.altKey ? null : this.snapping.find([lng, lat]);
      const point = onLattice(found ? found.point : [lng, lat]);
      const before = points[points.length - 1];
      if (before && before[0] === point[0] && before[1] === point[1]) return;
      points.push(point);
      line.setLatLngs(points.map(([x, y]) => [y, x]));
      if (points.length > 3) changed([...points, points[0]]);
    };
    const end = () => {
      const ring = points;
      points = last = null;
      line.setLatLngs([]);
      if (ring && ring.length > 3) done([...ring, ring[0]]);
    };
    map.dragging.disable();
    box.classList.add("is-lasso");
    box.addEventListener("pointerdown", begin, true);
    box.addEventListener("pointermove", take);
    box.addEventListener("pointerup", end);
    this.stopLasso = () => {
      this.stopLasso = null;
      map.dragging.enable();
      box.classList.remove("is-lasso");
      box.removeEventListener("pointerdown", begin, true);
      box.removeEventListener("pointermove", take);
      box.removeEventListener("pointerup", end);
      line.remove();
    };
  }
}

/* Numbers come up beside the map while a line grows: a corner that lies beneath them can still be set and clicked. */
function showDrawing(isUnderWay) {
  document.getElementById("map-page").classList.toggle("is-drawing", isUnderWay);
}

function style(className) {
  return { className, interactive: false };
}

function pointsOf(layer) {
  const points = layer.getLatLngs().flat().map(({ lng, lat }) => onLattice([lng, lat]));
  return layer instanceof L.Polygon ? [...points, points[0]] : points;
}
