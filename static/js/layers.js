/* The panel of layers: each is fetched when it is first shown, drawn, and described by its legend. */

import { get } from "./api.js";
import { data, element, number, text } from "./page.js";
import { change, state } from "./state.js";
import { drawStreets, paint } from "./streets.js";
import { layerSwatch, scale, withTokens } from "./legend.js";

const FEW = 6000; // features
const LOWEST = 410; // z-index of Leaflet's panes: above the base map, below popups

export class LayerPanel {
  constructor(map) {
    this.map = map;
    this.rows = new Map(data.layers.map((layer) => [layer.id, new LayerRow(map, layer, this)]));
  }

  /** Shows what the address asks for, else what each layer starts with. */
  async start() {
    const wanted = state.layers || new Set(data.layers.filter((layer) => layer.shown).map((layer) => layer.id));
    // From below to above, all at once: the browser orders the answers, panes order the layers.
    await Promise.all([...this.rows.values()].map((row) => row.set(wanted.has(row.layer.id))));
  }

  /** Legends and counts of what is not shown, when nothing else is to do; not where that would be much. */
  async describeTheRest() {
    const drawn = [...this.rows.values()].filter((row) => row.drawing);
    if (drawn.reduce((sum, row) => sum + row.drawing.features.features.length, 0) > FEW) return;
    for (const row of this.rows.values()) await row.load();
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
    scale(document.getElementById("scale"), drawn.map((row) => row.drawing));
  }
}

function listed(names) {
  return new Intl.ListFormat(document.documentElement.lang, { type: "conjunction" }).format(names);
}

class LayerRow {
  constructor(map, layer, panel) {
    this.map = map;
    this.layer = layer;
    this.panel = panel;
    this.drawing = null;
    this.loading = null;
    this.made = null;
    this.wanted = false;
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
    if (!this.loading) this.loading = this.fetch().finally(() => { if (!this.drawing) this.loading = null; });
    return this.loading;
  }

  async fetch() {
    this.item.dataset.state = "loading";
    this.item.querySelector(".trouble").hidden = true;
    try {
      this.draw(withTokens(await get("/api/layers/" + this.layer.id, { county: data.county.code })));
      this.item.dataset.state = "ready";
    } catch (error) {
      this.item.dataset.state = "failed";
      this.fail(error);
    }
  }

  draw(drawing) {
    this.drawing = drawing;
    const options = { zIndex: LOWEST + this.layer.order };
    this.made = drawing.layer_id === "streets"
      ? drawStreets(this.map, drawing, options)
      : window.mapDrawings.layer(this.map, drawing, options);
    if (drawing.layer_id !== "streets") paint(this.made, drawing);
    const legend = drawing.legend;
    this.item.querySelector(".count").textContent = number(legend.n) + (legend.unit ? " " + legend.unit : "");
    this.item.querySelector(".swatch").replaceChildren(layerSwatch(drawing));
    this.item.querySelector(".legend").replaceChildren(window.mapDrawings.legend(drawing, data.texts));
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
