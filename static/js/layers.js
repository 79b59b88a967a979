/* The panel of layers: each is fetched when it is first shown and when what it hangs on changes, drawn, and described
   by its legend. */

import { get, query } from "./api.js";
import { data, element, listed, number, text } from "./page.js";
import { change, filters, state } from "./state.js";
import { drawStreets, paint } from "./streets.js";
import { body, drawLegends, layerSwatch, withTokens } from "./legend.js";

const FEW = 6000; // features
const LOWEST = 410; // z-index of Leaflet's panes: above the base map, below popups
const AROUND = 0.2; // of the map's width and height, fetched beyond its edges where a layer is too much to have whole
const REST_MS = 200;

export class LayerPanel {
  constructor(map) {
    this.map = map;
    this.rows = new Map(data.layers.map((layer) => [layer.id, new LayerRow(map, layer, this)]));
    let rest = 0;
    map.on("moveend popupclose", () => {
      clearTimeout(rest);
      rest = setTimeout(() => this.refresh((row) => row.isPartial && row.wanted), REST_MS);
    });
  }

  /** Shows these layers and no others. */
  async showOnly(wanted) {
    // From below to above, all at once: the browser orders the answers, panes order the layers.
    await Promise.all([...this.rows.values()].map((row) => row.set(wanted.has(row.layer.id))));
  }

  /** Asks again for the layers shown whose question has changed; the others are asked for when they are shown. */
  async refresh(which = () => true) {
    const rows = [...this.rows.values()].filter(which);
    for (const row of rows) if (!row.wanted) row.forget();
    await Promise.all(rows.filter((row) => row.wanted).map((row) => row.set(true)));
  }

  /** Asks again for every layer shown, after data changed on the server; what did not change is not sent again. */
  async reload() {
    for (const row of this.rows.values()) {
      row.loading = row.drawnFor = null;
      if (!row.wanted) row.count("");
    }
    document.dispatchEvent(new CustomEvent("datachange"));
    await this.refresh();
  }

  /** Legends and counts of what is not shown, when nothing else is to do; not where that would be much. */
  async describeTheRest() {
    const drawn = [...this.rows.values()].filter((row) => row.drawing);
    if (drawn.reduce((sum, row) => sum + row.drawing.features.features.length, 0) > FEW) return;
    for (const row of this.rows.values()) if (row.item.dataset.state !== "failed") await row.load();
  }

  /** Puts the rows of these layers first, in this order. */
  lead(ids) {
    const list = document.getElementById("layers");
    const items = [...this.rows.values()].map((row) => row.item);
    const first = ids.filter((id) => this.rows.has(id)).map((id) => this.rows.get(id).item);
    const others = items.filter((item) => !first.includes(item));
    for (const item of items) item.classList.toggle("begins-others", item === others[0] && first.length > 0);
    list.append(...first, ...others);
  }

  shown() {
    return [...this.rows.values()].filter((row) => row.wanted).map((row) => row.layer.id);
  }

  row(id) {
    return this.rows.get(id);
  }

  /** After any change: the address, what is said about made-up data, the colour ramp. */
  changed() {
    change({ layers: new Set(this.shown()) });
    const drawn = [...this.rows.values()].filter((row) => row.wanted && row.drawing);
    document.getElementById("map-page").classList.toggle("with-streets", drawn.some((row) => row.layer.id === "streets"));
    const madeUp = drawn.filter((row) => row.drawing.simulated > 0).map((row) => row.layer.title);
    const chip = document.getElementById("simulated");
    chip.hidden = madeUp.length === 0 || data.county.simulated;
    chip.textContent = text("simulated", { layers: listed(madeUp) });
    drawLegends(document.getElementById("legends"), drawn.map((row) => row.drawing));
    const notices = drawn.filter((row) => row.drawing.notice).map((row) => element("p", "chip", row.layer.title + text("colon") + row.drawing.notice));
    document.getElementById("notices").replaceChildren(...notices);
    document.getElementById("print-grids").hidden = !drawn.some((row) => row.layer.id === "grids");
  }
}

class LayerRow {
  constructor(map, layer, panel) {
    this.map = map;
    this.layer = layer;
    this.panel = panel;
    this.drawing = null;
    this.loading = null;
    this.asked = null; // the question that was answered, or is on its way
    this.abort = null;
    this.made = null;
    this.wanted = false;
    this.drawnFor = null; // the question that was answered, without the part of the map
    this.isPartial = false; // too much to have whole: only what the map shows is asked for
    this.item = document.querySelector(`[data-layer="${layer.id}"]`);
    this.tick = this.item.querySelector(".switch");
    this.more = this.item.querySelector(".button-icon");
    this.tick.addEventListener("change", () => this.set(this.tick.checked));
    this.more.addEventListener("click", () => this.unfold(this.more.getAttribute("aria-expanded") !== "true"));
  }

  /** Shows or hides the layer; resolves when it is drawn or its failure is shown. */
  async set(wanted) {
    this.wanted = wanted;
    this.tick.checked = wanted;
    if (!wanted) {
      if (this.made) this.made.remove();
      this.panel.changed();
      return;
    }
    await this.load();
    if (this.wanted && this.made) this.made.addTo(this.map);
    this.panel.changed();
  }

  /** Fetches and draws, once however many ask meanwhile; after a failure it may be asked again. */
  load() {
    const question = this.question();
    const asked = query(question);
    if (this.loading && this.asked === asked) return this.loading;
    if (this.abort) this.abort.abort();
    this.abort = new AbortController();
    this.asked = asked;
    this.loading = this.fetch(question, this.abort.signal);
    return this.loading;
  }

  question() {
    const all = filters();
    const asked = Object.fromEntries(["county", ...this.layer.asks].filter((name) => name in all).map((name) => [name, all[name]]));
    if (this.isPartial) {
      const box = this.map.getBounds().pad(AROUND);
      // Zoomed far out a view is wider than the world.
      const edges = [Math.max(-180, box.getWest()), Math.max(-90, box.getSouth()), Math.min(180, box.getEast()), Math.min(90, box.getNorth())];
      asked.box = edges.map((edge) => edge.toFixed(5)).join(",");
    }
    return asked;
  }

  /** Takes back a number that was counted under other filters. */
  forget() {
    if (this.drawing && query(this.question()) !== this.asked) this.count("");
  }

  showsAll() {
    const [west, south, east, north] = data.bounds || [0, 0, 0, 0];
    return this.map.getBounds().contains([[south, west], [north, east]]);
  }

  async fetch(question, signal) {
    this.item.dataset.state = "loading";
    this.item.querySelector(".trouble").hidden = true;
    try {
      const drawing = withTokens(await get("/api/layers/" + this.layer.id, question, signal));
      if (signal.aborted) return;
      this.item.dataset.state = "ready";
      const about = query({ ...question, box: null });
      // A new part waits until the popup is closed: on its way into sight a popup moves the map by itself.
      if (about === this.drawnFor && this.hasPopup()) {
        this.loading = null;
        return;
      }
      const wasPartial = this.isPartial;
      this.draw(drawing);
      this.drawnFor = about;
      // The first answer showed that it is too much: where the map shows a part, that part comes next.
      if (this.isPartial && !wasPartial && this.wanted && !this.showsAll()) await this.load();
    } catch (error) {
      if (signal.aborted) return; // a newer question is on its way
      this.loading = null;
      this.clear();
      this.item.dataset.state = "failed";
      this.fail(error);
    }
  }

  draw(drawing) {
    this.drawing = drawing;
    this.isPartial = this.isPartial || Boolean(drawing.facts && drawing.facts.partial);
    const before = this.made;
    const options = { zIndex: LOWEST + this.layer.order };
    this.made = drawing.layer_id === "streets"
      ? drawStreets(this.map, drawing, options)
      : window.mapDrawings.layer(this.map, drawing, options);
    if (drawing.layer_id !== "streets") paint(this.made, drawing);
    if (before) before.remove();
    if (this.wanted) this.made.addTo(this.map);
    const legend = drawing.legend;
    this.count(number(legend.n) + (legend.unit ? " " + legend.unit : ""));
    this.item.querySelector(".swatch").replaceChildren(layerSwatch(drawing));
    document.dispatchEvent(new CustomEvent("drawn", { detail: drawing }));
    this.item.querySelector(".legend").replaceChildren(...body(drawing));
  }

  /** What was drawn under other terms does not stay beside those of now. */
  clear() {
    if (this.made) this.made.remove();
    this.made = this.drawing = this.drawnFor = null;
    this.count("");
    this.item.querySelector(".legend").replaceChildren();
    this.panel.changed();
  }

  count(said) {
    this.item.querySelector(".count").textContent = said;
  }

  hasPopup() {
    let found = false;
    const look = (path) => {
      if (path.isPopupOpen()) found = true;
      else if (path.eachLayer) path.eachLayer(look);
    };
    if (this.made) look(this.made);
    return found;
  }

  fail(error) {
    const box = this.item.querySelector(".trouble");
    const again = element("button", "link", text("try_again"));
    again.type = "button";
    again.addEventListener("click", () => this.set(true));
    box.replaceChildren(text("load_failed") + " " + error.message + " ", again);
    box.hidden = false;
  }

  /** The legend, below the row. */
  async unfold(open) {
    this.more.setAttribute("aria-expanded", String(open));
    if (open) await this.load();
    this.item.querySelector(".legend").hidden = !open;
  }

  /** The map's path and the properties of the feature with this id, when the layer is drawn. */
  find(id) {
    let found = null;
    if (this.made) this.made.eachLayer((path) => {
      if (path.feature && path.feature.id === id) found = path;
    });
    return found;
  }
}
