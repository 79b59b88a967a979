/* Owns the Leaflet map that Folium made: view, controls, and the parts that live on it. */

import { startAsOf } from "./as_of.js";
import { startExport } from "./export.js";
import { showLeft, startFilters } from "./filters.js";
import { GapPanel } from "./gaps.js";
import * as grids from "./grids.js";
import * as incidents from "./incidents.js";
import { LayerPanel } from "./layers.js";
import { busy, data, text } from "./page.js";
import { edges, isPhone, startPanels } from "./panels.js";
import { startPrint } from "./print.js";
import * as route from "./route.js";
import * as routes from "./routes.js";
import { startSearch } from "./search.js";
import { change, FILTER_KEYS, filters, state, subscribe } from "./state.js";
import { loadSummary } from "./summary.js";
import { startTableExport } from "./table_export.js";
import { startTimeBar } from "./timebar.js";
import { layersWanted, openPanel, refreshPanels, showPanel, showView, startViews } from "./views.js";
import { startWho } from "./who.js";

const map = window.map_main;
const STREETS_THIN_BELOW = 14.5;

map.attributionControl.setPrefix(false);
map.options.zoomSnap = 0.25;
map.options.zoomDelta = 1;

const FitControl = L.Control.extend({
  onAdd() {
    const box = L.DomUtil.create("div", "leaflet-bar leaflet-control");
    const link = L.DomUtil.create("a", "", box);
    link.href = "#";
    link.setAttribute("role", "button");
    link.title = text("fit");
    link.setAttribute("aria-label", text("fit"));
    link.append(frame());
    L.DomEvent.on(link, "click", (event) => {
      L.DomEvent.stop(event);
      showAll(true);
    });
    L.DomEvent.disableClickPropagation(box);
    return box;
  }
});

function frame() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [name, value] of Object.entries({ width: 18, height: 18, viewBox: "0 0 18 18", "aria-hidden": "true" })) {
    svg.setAttribute(name, value);
  }
  for (const [name, value] of Object.entries({
    d: "M2 6V2h4M12 2h4v4M16 12v4h-4M6 16H2v-4", fill: "none", stroke: "currentColor", "stroke-width": 1.8
  })) path.setAttribute(name, value);
  svg.append(path);
  return svg;
}

const MOST_LOST = 0.5; // of a zoom level that may be given up so that the legends hide nothing

/** The whole county between the panels. */
function showAll(animate) {
  if (!data.bounds) return;
  const [west, south, east, north] = data.bounds;
  const bounds = L.latLngBounds([[south, west], [north, east]]);
  map.fitBounds(bounds, { ...room(bounds), animate });
}

/* Beside the legends, if the bounds are nearly as large there. */
function room(bounds) {
  const wide = edges();
  const legends = document.getElementById("legends");
  if (isPhone() || !legends.offsetWidth) return wide;
  const [right, bottom] = wide.paddingBottomRight;
  const beside = { ...wide, paddingBottomRight: [right + legends.offsetWidth, bottom] };
  const zoom = (edge) => map.getBoundsZoom(bounds, false, L.point(edge.paddingTopLeft).add(edge.paddingBottomRight));
  return zoom(wide) - zoom(beside) <= MOST_LOST ? beside : wide;
}

function rememberView() {
  const centre = map.getCenter();
  change({ at: { zoom: Math.round(map.getZoom() * 100) / 100, lat: centre.lat, lng: centre.lng } });
}

function scaleStreets() {
  map.getContainer().classList.toggle("far", map.getZoom() < STREETS_THIN_BELOW);
}

// The first stands lowest.
L.control.scale({ position: "bottomleft", imperial: false, maxWidth: 110 }).addTo(map);
L.control.zoom({ position: "bottomleft", zoomInTitle: text("zoom_in"), zoomOutTitle: text("zoom_out") }).addTo(map);
new FitControl({ position: "bottomleft" }).addTo(map);

change({ county: data.county.code });
startPanels(map);
if (state.at) map.setView([state.at.lat, state.at.lng], state.at.zoom, { animate: false });
else showAll(false);
scaleStreets();
map.on("zoomend", scaleStreets);
map.on("moveend", rememberView);

const layers = new LayerPanel(map);
startViews(layers, panelsOf({
  gaps: GapPanel, routes: routes.RoutePanel, route: route.RouteEditor, grids: grids.GridPanel, incidents: incidents.IncidentPanel
}));
startExport(() => layers.shown());
startTableExport(filters);
startAsOf();
startSearch(map, startWho(map));
startTimeBar();
startPrint(map);
const choices = startFilters(map);
if (state.view === "incidents") showLeft("filters");
const draw = document.getElementById("draw-route");
if (draw) draw.addEventListener("click", () => openPanel("route", {}));

function panelsOf(classes) {
  return Object.fromEntries(Object.entries(classes).filter((pair) => pair[1])
    .map(([name, Panel]) => [name, new Panel(map, layers)]));
}

/* A changed view brings its layers and its panel; a changed filter is asked for everywhere that it counts. */
subscribe(async (changed) => {
  const isFiltered = FILTER_KEYS.some((name) => changed.has(name));
  if (!isFiltered && !changed.has("view") && !changed.has("panel")) return;
  const done = busy();
  try {
    if (changed.has("view")) await showView();
    else if (changed.has("panel")) await showPanel();
    if (isFiltered) await Promise.all([loadSummary(), layers.refresh(), refreshPanels()]);
  } finally {
    done();
  }
  layers.describeTheRest();
});

const done = busy();
Promise.all([loadSummary(), choices, layers.showOnly(state.layers || layersWanted()), showPanel()]).finally(done).then(() => {
  // Now that every panel stands where it stands; unless something chosen was gone to.
  if (!state.at && [state.gap, state.grid, state.route].every((id) => id === null)) showAll(false);
  document.documentElement.dataset.ready = "true";
  layers.describeTheRest();
});
