/* The map of what changed: land by what became of it, lines of both days, a legend with the areas. */

import { get } from "./api.js";
import { areaInWords, called } from "./grids_compare_words.js";
import { NamesApart } from "./names_apart.js";
import { data, element, text } from "./page.js";
import { drawStreets } from "./streets.js";

const PANES = { "compare-others": "405", "compare-pieces": "410", "compare-lines": "420", "compare-chosen": "430" };
const CLASSES = ["moved", "new", "nobody", "redrawn"];
const TITLES = {
  moved: () => text("compare_legend_moved"),
  new: () => text("compare_legend_new"),
  nobody: () => text("compare_legend_nobody"),
  redrawn: () => text("compare_legend_redrawn")
};
const CLOSE = 17;
const REST_MS = 250;

export class ChangesMap {
  /** `chosen(id)` is called for a click on land that changed hands. */
  constructor(chosen) {
    this.map = window.map_main;
    this.chosen = chosen;
    this.parts = L.layerGroup().addTo(this.map);
    this.mark = L.layerGroup().addTo(this.map);
    this.labels = L.layerGroup().addTo(this.map);
    this.outlines = [];
    this.names = new Map();
    this.sums = new Map();
    for (const [name, zIndex] of Object.entries(PANES)) {
      this.map.createPane(name).style.zIndex = zIndex;
      if (name !== "compare-pieces") this.map.getPane(name).style.pointerEvents = "none";
    }
    this.map.attributionControl.setPrefix(false);
    this.map.options.zoomSnap = 0.25;
    this.streets = null;
    this.day = null;
    let rest = 0;
    this.map.on("moveend", () => {
      clearTimeout(rest);
      rest = setTimeout(() => {
        this.label();
        this.drawStreets();
      }, REST_MS);
    });
    L.control.scale({ position: "bottomleft", imperial: false, maxWidth: 90 }).addTo(this.map);
    L.control.zoom({ position: "topright", zoomInTitle: text("zoom_in"), zoomOutTitle: text("zoom_out") }).addTo(this.map);
  }

  /** Draws an answer of the comparison, and below it all grids of the later day. */
  draw(answer, layer) {
    this.parts.clearLayers();
    this.mark.clearLayers();
    this.outlines = answer.outlines.features;
    this.day = answer.to;
    this.names = new Map();
    for (const kind of ["created", "retired", "moved", "renamed", "redrawn"]) for (const grid of answer[kind]) this.names.set(grid.id, grid);
    const created = new Set(answer.created.map((grid) => grid.id));
    this.sums = new Map(CLASSES.map((name) => [name, 0]));
    this.lines(layer.features, "compare-others", "compare-other");
    const pieces = L.geoJSON(answer.pieces, {
      pane: "compare-pieces",
      style: (feature) => ({ className: "compare-piece is-" + this.sort(feature.properties, created) }),
      onEachFeature: (feature, path) => this.piece(feature.properties, path)
    }).addTo(this.parts);
    for (const { properties } of answer.pieces.features) {
      const name = this.sort(properties, created);
      this.sums.set(name, this.sums.get(name) + properties.area_m2);
    }
    for (const day of ["before", "after"]) {
      this.lines(this.outlines.filter((one) => one.properties.day === day), "compare-lines", "compare-" + day);
    }
    this.bounds = pieces.getLayers().length ? pieces.getBounds() : L.geoJSON(this.outlines).getBounds();
  }

  /** Goes where something changed. */
  goToAll() {
    this.map.invalidateSize({ animate: false });
    if (this.bounds.isValid()) this.map.fitBounds(this.bounds.pad(0.15), { animate: false, maxZoom: CLOSE });
    else if (data.bounds) this.fit(data.bounds);
    this.label();
  }

  /* What the grids of the later day are called that changed, in their middles; the largest first, as far as there is room. */
  label() {
    this.labels.clearLayers();
    const shown = new Map(this.outlines.map((one) => [one.properties.id, one])); // the later day comes last
    const gone = new Set([...this.names.values()].filter((grid) => grid.area_after_m2 === null).map((grid) => grid.id));
    const apart = new NamesApart(this.map, this.map.getContainer().querySelectorAll(".leaflet-control"));
    const found = [...shown].filter(([id]) => !gone.has(id)).map(([, outline]) => ({ said: outline.properties.name, bounds: L.geoJSON(outline).getBounds() }));
    for (const { said, bounds } of found.sort((one, other) => size(other.bounds) - size(one.bounds))) {
      if (!apart.take(bounds.getCenter(), said)) continue;
      const name = L.tooltip({ permanent: true, direction: "center", pane: "compare-lines", className: "compare-name", interactive: false });
      this.labels.addLayer(name.setLatLng(bounds.getCenter()).setContent(document.createTextNode(said)));
    }
  }

  lines(features, pane, className) {
    L.geoJSON(features, { pane, interactive: false, style: () => ({ className }) }).addTo(this.parts);
  }

  sort(piece, created) {
    if (piece.redrawn) return "redrawn";
    if (piece.before === null || piece.after === null) return "nobody";
    return created.has(piece.after) ? "new" : "moved";
  }

  piece(properties, path) {
    const [before, after] = [this.names.get(properties.before), this.names.get(properties.after)];
    const said = text("compare_piece", { area: areaInWords(properties.area_m2), before: called(before), after: called(after) });
    path.bindTooltip(document.createTextNode(said), { sticky: true });
    path.on("click", () => this.chosen(properties.after === null ? properties.before : properties.after));
  }

  /* The streets of the later day, as the ground. */
  async drawStreets() {
    if (!this.day) return;
    const box = this.map.getBounds().pad(0.2);
    const edges = [Math.max(-180, box.getWest()), Math.max(-90, box.getSouth()), Math.min(180, box.getEast()), Math.min(90, box.getNorth())];
    try {
      const asked = { county: data.county.code, as_of: this.day, box: edges.map((edge) => edge.toFixed(5)).join(",") };
      const drawing = await get("/api/layers/streets", asked);
      if (this.streets) this.streets.remove();
      this.streets = drawStreets(this.map, drawing, { zIndex: 340 }).addTo(this.map);
    } catch (error) {
      // The lines say enough without the streets.
    }
  }

  /** Marks a grid; `move`: goes to what changed of it. */
  choose(grid, move) {
    this.mark.clearLayers();
    const of = this.outlines.filter((one) => one.properties.id === grid.id);
    const latest = of.filter((one) => one.properties.day === "after");
    L.geoJSON(latest.length ? latest : of, { pane: "compare-chosen", interactive: false, style: () => ({ className: "compare-chosen" }) }).addTo(this.mark);
    if (move) this.fit(grid.bounds);
  }

  fit([west, south, east, north]) {
    this.map.fitBounds(L.latLngBounds([south, west], [north, east]).pad(0.3), { animate: false, maxZoom: CLOSE });
  }

  /** The entries of the legend, with the land of each class. */
  legend() {
    const classes = CLASSES.filter((name) => this.sums.get(name)).map((name) =>
      element("li", "", swatch("compare-piece is-" + name, "rect"), TITLES[name](), element("b", "", areaInWords(this.sums.get(name)))));
    if (!this.outlines.length) return classes;
    return [...classes,
      element("li", "", swatch("compare-after", "line"), text("compare_legend_after")),
      element("li", "", swatch("compare-before", "line"), text("compare_legend_before"))];
  }
}

function swatch(className, kind) {
  const space = "http://www.w3.org/2000/svg";
  const box = document.createElementNS(space, "svg");
  box.setAttribute("width", "28");
  box.setAttribute("height", "16");
  box.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS(space, kind);
  const places = kind === "rect" ? { x: 2, y: 2, width: 24, height: 12 } : { x1: 1, y1: 8, x2: 27, y2: 8 };
  for (const [name, value] of Object.entries(places)) shape.setAttribute(name, String(value));
  shape.setAttribute("class", className);
  box.append(shape);
  return box;
}

/* Of a box in degrees: enough to say which is larger. */
function size(bounds) {
  return (bounds.getEast() - bounds.getWest()) * (bounds.getNorth() - bounds.getSouth());
}
