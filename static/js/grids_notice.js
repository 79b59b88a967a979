/* The map of a notice: the grid's line over the streets around it, and a button that prints the sheet. */

import { get } from "./api.js";
import { data } from "./page.js";
import { drawStreets } from "./streets.js";

const map = window.map_main;
const [west, south, east, north] = data.grid.bounds;
const bounds = L.latLngBounds([[south, west], [north, east]]);
const MOST_NAMES = 12; // of streets
const AROUND = 0.08; // of the grid's width, left free on each side

map.attributionControl.setPrefix(false);
for (const tool of ["dragging", "scrollWheelZoom", "doubleClickZoom", "touchZoom", "boxZoom", "keyboard"]) if (map[tool]) map[tool].disable();
map.options.zoomSnap = 0;
L.control.scale({ position: "bottomleft", imperial: false, maxWidth: 110 }).addTo(map);
const pane = map.createPane("notice-line");
pane.style.zIndex = "420";
L.geoJSON(data.grid.geometry, { pane: "notice-line", interactive: false, style: () => ({ className: "notice-line" }) }).addTo(map);

function fit() {
  map.invalidateSize({ animate: false });
  map.fitBounds(bounds.pad(AROUND), { animate: false });
}

async function streets() {
  const box = map.getBounds();
  const edges = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((edge) => edge.toFixed(5)).join(",");
  try {
    const drawing = await get("/api/layers/streets", { county: data.county.code, box: edges });
    drawStreets(map, drawing, { zIndex: 340 }).addTo(map);
    nameStreets(drawing.features.features);
  } catch (error) {
    // The line says enough without the streets.
  }
}

/* The longest piece of each street carries its name, where the piece has room for it. */
function nameStreets(features) {
  const longest = new Map();
  for (const { geometry, properties } of features) {
    if (!properties.name || geometry.type !== "LineString") continue;
    const ends = [geometry.coordinates[0], geometry.coordinates[geometry.coordinates.length - 1]].map(([lng, lat]) => L.latLng(lat, lng));
    const middle = L.latLngBounds(ends).getCenter();
    const length = ends[0].distanceTo(ends[1]);
    if (!bounds.contains(middle) || length <= (longest.get(properties.name) || { length: 0 }).length) continue;
    longest.set(properties.name, { length, middle });
  }
  const named = [...longest].sort(([, one], [, other]) => other.length - one.length).slice(0, MOST_NAMES);
  for (const [name, { middle }] of named) {
    L.tooltip({ permanent: true, direction: "center", className: "notice-street", interactive: false }).setLatLng(middle)
      .setContent(document.createTextNode(name)).addTo(map);
  }
}

// Paper has another size than the screen: the map is fitted to it, and back.
window.addEventListener("beforeprint", fit);
window.addEventListener("afterprint", fit);
window.addEventListener("resize", fit);
document.getElementById("print").addEventListener("click", () => window.print());
fit();
streets().finally(() => { document.documentElement.dataset.ready = "true"; });
