/* Drawing a route: clicks along the streets, numbers while it grows, saving with an undo. Opened over the panels of a view. */

import { get, Problem } from "./api.js";
import { element, text, toast } from "./page.js";
import { edges, isPhone } from "./panels.js";
import { Asking } from "./route_asking.js";
import { Draft, MOST_POINTS } from "./route_draft.js";
import { RouteForm } from "./route_form.js";
import { startKeys } from "./route_keys.js";
import { RouteOnMap } from "./route_map.js";
import { drawNumbers, inOneLine } from "./route_numbers.js";
import { Pieces } from "./route_pieces.js";
import { saveRoute } from "./route_saving.js";
import { closePanel, openPanel } from "./views.js";

export class RouteEditor {
  constructor(map, layers) {
    this.map = map;
    this.layers = layers;
    this.active = false;
    this.panel = document.getElementById("route-form");
    if (!this.panel) return; // who may not plan has no form
    this.form = new RouteForm(this.panel, () => this.changed({ isDrawn: false }));
    this.pieces = new Pieces(layers);
    this.onMap = new RouteOnMap(map, this, (ids) => this.pieces.linesOf(ids));
    this.asking = new Asking((said, points) => this.answered(said, points), (error) => this.failed(error));
    this.click = (event) => {
      if (!this.onMap.wasPulled) this.add(event.latlng);
    };
    this.crosshair = element("div", "route-crosshair");
    this.crosshair.setAttribute("aria-hidden", "true");
    map.getContainer().append(this.crosshair);
    this.buttons();
    startKeys(this);
  }

  buttons() {
    const acts = { undo: "undo", redo: "redo", back: "back", reverse: "reverse", close: "close" };
    for (const [id, act] of Object.entries(acts)) {
      document.getElementById("route-" + id).addEventListener("click", () => this.step(act));
    }
    document.getElementById("route-leave").addEventListener("click", () => this.leave());
    document.getElementById("route-unfold").addEventListener("click", () => this.unfold(this.panel.classList.contains("is-compact")));
    this.panel.addEventListener("submit", (event) => {
      event.preventDefault();
      saveRoute(this);
    });
    document.addEventListener("click", (event) => {
      if (event.target.closest("[data-draw-route]")) openPanel("route", {});
    });
  }

  start() {}

  /** `options`: {} begins anew, {route: id} changes one, {left} goes on with what was left; none changes nothing. */
  async show(options) {
    if (!options || !this.panel) return;
    if (this.active && !options.route && !options.left) return; // it is being drawn already
    this.hide();
    const turn = this.turn;
    const replaced = options.route ? await this.fetch(options.route) : (options.left && options.left.replaced) || null;
    if (turn !== this.turn) return; // closed, or asked for another, while this was on its way
    if (options.route && !replaced) {
      closePanel("route");
      return;
    }
    this.replaced = replaced;
    this.draft = options.left ? options.left.draft : new Draft(this.replaced ? this.replaced.points : []);
    this.form.fill(options.left ? options.left.said : this.replaced);
    this.attempt = options.left ? options.left.attempt : null;
    this.begin();
  }

  begin() {
    this.active = true;
    this.said = null;
    const container = this.map.getContainer();
    container.classList.add("drawing-route");
    container.dataset.tool = "route"; // what lies below says nothing when it is clicked
    container.setAttribute("aria-label", text("route_map_label"));
    this.map.closePopup();
    this.map.doubleClickZoom.disable();
    this.map.on("click", this.click);
    this.onMap.show();
    this.fade(true);
    document.getElementById("route-title").textContent = this.replaced ? text("route_change_title", { name: this.replaced.name }) : text("route_title");
    document.getElementById("route-body").scrollTop = 0;
    this.unfold(!isPhone());
    if (this.replaced) this.bring(this.replaced.bounds);
    this.streets();
    this.changed();
    container.focus({ preventScroll: true });
  }

  /** Takes everything off the map. */
  stop() {
    this.active = false;
    this.trial = null;
    this.asking.stop();
    const container = this.map.getContainer();
    container.classList.remove("drawing-route");
    delete container.dataset.tool;
    container.removeAttribute("aria-label");
    this.map.off("click", this.click);
    this.map.doubleClickZoom.enable();
    this.onMap.hide();
    this.fade(false);
  }

  /** Another panel took the place of this one. */
  hide() {
    this.turn = (this.turn || 0) + 1;
    if (!this.active) return;
    this.stop();
    if (!this.draft.isChanged || this.draft.points.length < 3) return;
    const left = { draft: this.draft, replaced: this.replaced, said: this.form.said(), attempt: this.attempt };
    toast(text("route_left"), { action: { label: text("route_go_on"), run: () => openPanel("route", { left }) } });
  }

  leave() {
    closePanel("route");
  }

  async fetch(id) {
    try {
      return await get("/api/routes/" + id);
    } catch (error) {
      toast(error.message, { error: true });
      return null;
    }
  }

  /* What is done on the map and by keys. */

  add(latlng) {
    if (!this.draft.add([latlng.lng, latlng.lat])) {
      this.say(text("route_full", { most: MOST_POINTS }));
      return;
    }
    this.changed();
  }

  insert(at, latlng) {
    if (this.draft.add([latlng.lng, latlng.lat], at)) this.changed();
  }

  move(at, latlng, isDone) {
    if (isDone) {
      this.draft.move(at, [latlng.lng, latlng.lat]);
      this.trial = null;
    } else {
      this.trial = this.draft.points.map((point, place) => (place === at ? [latlng.lng, latlng.lat] : point));
    }
    this.changed();
  }

  remove(at) {
    if (this.draft.remove(at)) this.changed();
  }

  step(act) {
    const done = act === "back" ? this.draft.remove(this.draft.points.length - 1) : this.draft[act]();
    if (done) this.changed();
    this.map.getContainer().focus({ preventScroll: true });
  }

  /** After filters changed. */
  refresh() {
    if (this.active) this.changed();
  }

  /** Draws at once what is known, and asks for the rest. */
  changed({ isDrawn = true } = {}) {
    if (!this.active) return;
    const points = this.trial || this.draft.points;
    if (isDrawn) this.onMap.draw(points, this.known(points));
    const { past, future } = this.draft;
    const enabled = { undo: past.length, redo: future.length, back: points.length, reverse: points.length > 1, close: points.length > 1 };
    for (const [id, is] of Object.entries(enabled)) document.getElementById("route-" + id).disabled = !is;
    document.getElementById("route-count").textContent = text("route_points", { points: points.length });
    document.getElementById("route-save").disabled = true;
    document.getElementById("route-numbers").setAttribute("aria-busy", "true");
    this.asking.soon(points, this.form, this.replaced ? this.replaced.id : null);
  }

  /** Of the last answer what still holds: legs between points that did not move. */
  known(points) {
    const { said, asked } = this;
    if (!said) return null;
    const same = (at) => asked[at] && points[at] && asked[at][0] === points[at][0] && asked[at][1] === points[at][1];
    return {
      ...said,
      snapped: points.map((point, at) => (same(at) ? said.snapped[at] : null)),
      legs: said.legs.filter((leg) => same(leg.after) && same(leg.after + 1)),
      isOld: true
    };
  }

  answered(said, points) {
    this.said = said;
    this.asked = points;
    const numbers = document.getElementById("route-numbers");
    numbers.setAttribute("aria-busy", "false");
    this.onMap.draw(points, said);
    drawNumbers(numbers, said, this.form.mode);
    this.warn(said.warnings.map((warning) => warning.message));
    document.getElementById("route-save").disabled = !this.isWhole();
    if (!this.trial) this.say(inOneLine(said, points.length)); // not at every step of a drag
  }

  isWhole() {
    const blocking = (warning) => ["not_connected", "no_streets"].includes(warning.code)
      || (warning.point !== null && this.said.snapped[warning.point] && !this.said.snapped[warning.point].used);
    return this.said.path !== null && !this.said.warnings.some(blocking);
  }

  failed(error) {
    const message = error instanceof Problem ? error.message + " " + error.remedy : text("load_failed");
    document.getElementById("route-numbers").setAttribute("aria-busy", "false");
    this.warn([message]);
  }

  warn(messages) {
    const said = [...(this.replaced && !this.replaced.fits ? [text("route_not_on_streets")] : []), ...messages];
    document.getElementById("route-warnings").replaceChildren(...said.map((message) => element("li", "", message)));
  }

  say(message) {
    document.getElementById("route-said").textContent = message;
  }

  /** On the phone the panel is a strip while one draws, and a sheet for times and saving. */
  unfold(isOpen) {
    this.panel.classList.toggle("is-compact", !isOpen);
    const button = document.getElementById("route-unfold");
    button.setAttribute("aria-expanded", String(isOpen));
    button.textContent = text(isOpen ? "route_to_map" : "route_to_form");
  }

  /** Moves the map when what is changed lies beyond its edges. */
  bring([west, south, east, north]) {
    const box = L.latLngBounds([south, west], [north, east]);
    if (!this.map.getBounds().contains(box)) this.map.fitBounds(box, { ...edges(), maxZoom: 17 });
  }

  /** The route that is being changed stands back. */
  fade(isFaded) {
    const row = this.layers.row("patrol_routes");
    const path = this.replaced && row && row.find(this.replaced.version);
    if (path) path.setStyle({ opacity: isFaded ? 0.2 : 1 });
  }

  /** What is newly seen shows as soon as the streets are there. */
  async streets() {
    await this.pieces.load();
    if (this.active && this.said) this.onMap.changes(this.said);
  }
}
