/* Grids on the map while their panel is in sight: a click anywhere in one chooses it, names stand in their middles, and
   the one chosen is outlined. In other views a click shows what every layer shows. */

import { NamesApart } from "./names_apart.js";
import { state } from "./state.js";

const LAYER = "grids";
const PANES = { "chosen-grid": "433", "grid-names": "610" }; // right above grids and streets; above all lines, below popups

/** `choose(id)` is called for a click. Returns {show(grids, chosen), hide()}. */
export function chosenOnMap(map, layers, choose) {
  const names = L.layerGroup();
  let outline = null;
  let grids = [];
  for (const [name, zIndex] of Object.entries(PANES)) {
    const pane = map.createPane(name);
    pane.style.zIndex = zIndex;
    pane.style.pointerEvents = "none";
  }

  map.on("layeradd", ({ layer }) => {
    const row = layers.row(LAYER);
    if (!row || layer !== row.made || layer.isAnswering) return;
    layer.isAnswering = true;
    layer.eachLayer((path) => {
      path.unbindPopup();
      path.on("click", (event) => {
        L.DomEvent.stopPropagation(event);
        if (state.view === "grids") choose(path.feature.id);
        else map.openPopup(window.mapDrawings.popup(row.drawing, path.feature.properties), event.latlng, { maxWidth: 340 });
      });
    });
    draw();
  });
  map.on("layerremove", ({ layer }) => {
    if (layer.isAnswering) draw();
  });
  map.on("moveend", fit);

  function paths() {
    const row = layers.row(LAYER);
    const found = new Map();
    if (row && row.made && map.hasLayer(row.made)) row.made.eachLayer((path) => found.set(path.feature.id, path));
    return found;
  }

  let chosen = null;
  let shown = false;

  function draw() {
    names.clearLayers();
    if (outline) outline.remove();
    outline = null;
    if (!shown) return;
    const found = paths();
    for (const grid of grids) {
      if (!found.has(grid.id)) continue;
      const name = L.tooltip({ permanent: true, direction: "center", pane: "grid-names", className: "grid-name", interactive: false });
      name.setLatLng(found.get(grid.id).getCenter()).setContent(document.createTextNode(grid.name));
      name.grid = grid;
      names.addLayer(name);
    }
    names.addTo(map);
    fit();
    const path = chosen && found.get(chosen.id);
    if (path) {
      outline = L.geoJSON(path.feature, { pane: "chosen-grid", interactive: false, style: () => ({ className: "chosen-grid" }) }).addTo(map);
    }
  }

  /* A name without room in its grid is left out. */
  function fit() {
    const apart = new NamesApart(map);
    names.eachLayer((name) => {
      const label = name.getElement();
      if (label) label.hidden = !apart.take(name.getLatLng(), name.grid.name, name.grid.bounds);
    });
  }

  return {
    show(all, one) {
      grids = all;
      chosen = one;
      shown = true;
      draw();
    },
    hide() {
      shown = false;
      draw();
    }
  };
}
