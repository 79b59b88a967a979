/* Dragging a shared boundary: a vertex, or a place on a line that becomes one, moves in every grid that has it. Each
   frame bends the grids on the canvas and counts their areas; the server is asked for the other numbers as fast as it
   answers, and does it when the pointer is let go. */

import { keyOf, onLattice } from "./grids_edit_shapes.js";
import { Topology } from "./grids_edit_topology.js";

export class Drag {
  /** `desk`: map, topology, grids (on the map), snapping, drawing, and began(codes), moving(operation, scratch),
      drop(operation), refused(key). */
  constructor(desk) {
    this.desk = desk;
    this.frames = []; // milliseconds of each frame of the last drag
    this.held = null;
    const box = desk.map.getContainer();
    this.listeners = [["pointerdown", (event) => this.take(event), true], ["pointermove", (event) => this.move(event)], ["pointerup", (event) => this.drop(event)],
      ["pointercancel", () => this.cancel()]];
    for (const [name, listener, capture] of this.listeners) box.addEventListener(name, listener, capture);
  }

  stop() {
    this.cancel();
    const box = this.desk.map.getContainer();
    for (const [name, listener, capture] of this.listeners) box.removeEventListener(name, listener, capture);
    this.desk.drawing.showSnap(null);
    box.classList.remove("can-grip");
  }

  /* What lies under the pointer: a vertex, else a place on a line. */
  under(event) {
    const { lng, lat } = this.desk.map.mouseEventToLatLng(event);
    return this.desk.snapping.find([lng, lat], { others: false });
  }

  take(event) {
    if (event.button || !event.isPrimary || event.target.closest(".leaflet-control, .leaflet-popup")) return;
    const { topology, map } = this.desk;
    const found = this.under(event);
    if (!found) return;
    const isOuter = found.kind === "vertex" ? topology.isOnOutline(found.point) : topology.besides(...found.edge).length < 2;
    if (isOuter) {
      this.desk.refused("outline");
      return;
    }
    event.preventDefault();
    map.dragging.disable();
    map.getContainer().setPointerCapture(event.pointerId);
    const codes = found.kind === "vertex" ? topology.sharing(found.point) : topology.besides(...found.edge);
    this.held = { ...found, codes, kept: topology.kept(codes), to: null, frame: 0, event: null };
    this.frames = [];
    this.desk.began(codes);
  }

  move(event) {
    if (!this.held) {
      if (event.buttons) return;
      const found = this.under(event);
      this.desk.drawing.showSnap(found);
      this.desk.map.getContainer().classList.toggle("can-grip", Boolean(found));
      return;
    }
    this.held.event = event;
    if (!this.held.frame) this.held.frame = requestAnimationFrame((now) => this.bend(now));
  }

  bend(now) {
    const { held } = this;
    if (!held) return;
    held.frame = 0;
    const begun = performance.now();
    const { map, snapping, grids, drawing } = this.desk;
    const { lng, lat } = map.mouseEventToLatLng(held.event);
    const without = held.kind === "vertex" ? keyOf(held.point) : null;
    const found = held.event.altKey ? null : snapping.find([lng, lat], { without, lines: false });
    held.to = onLattice(found ? found.point : [lng, lat]);
    const scratch = this.scratch();
    for (const code of held.codes) grids.bend(scratch.grids.get(code));
    drawing.showSnap(found || { point: held.to, kind: "held" });
    this.desk.moving(this.operation(), scratch);
    this.frames.push({ at: now, work: performance.now() - begun });
  }

  /* The touched grids alone, as they would be: the draft's own stay as they are until the server has done it. */
  scratch() {
    const { held } = this;
    const scratch = new Topology();
    scratch.restore(held.kept);
    if (held.kind === "line") scratch.insert(held.point, ...held.edge);
    scratch.move(held.point, held.to);
    return scratch;
  }

  operation() {
    const { kind, point, to } = this.held;
    return { op: "drag", at: point, to, ...(kind === "line" ? { insert: true } : {}) };
  }

  drop() {
    if (!this.held) return;
    if (this.held.event && this.held.frame) {
      cancelAnimationFrame(this.held.frame);
      this.bend(performance.now());
    }
    const { to, codes } = this.held;
    const operation = to && keyOf(to) !== keyOf(this.held.point) ? this.operation() : null;
    this.free();
    if (operation) this.desk.drop(operation, codes);
    else this.back(codes);
  }

  /** Lets go without doing anything; true when something was held. */
  cancel() {
    if (!this.held) return false;
    const { codes } = this.held;
    this.free();
    this.back(codes);
    return true;
  }

  free() {
    cancelAnimationFrame(this.held.frame);
    this.held = null;
    this.desk.map.dragging.enable();
    this.desk.drawing.showSnap(null);
  }

  /** The grids as the draft has them. */
  back(codes) {
    for (const code of codes) this.desk.grids.draw(code);
    this.desk.began([]);
  }
}
