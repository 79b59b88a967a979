/* What lies under and around the grids: streets as the ground, lines to snap to, zoom, panels that become sheets on the
   phone. */

import { get } from "./api.js";
import { withTokens } from "./legend.js";
import { data, text } from "./page.js";
import { drawStreets, paint } from "./streets.js";

const PHONE = window.matchMedia("(max-width: 760px)");
const REST_MS = 250;
const AROUND = 0.6; // of what is shown, on each side: its neighbours are in view
const NEAR = 16; // buildings are looked at from this zoom on
// What points snap to: where it is asked for, what such a place is called, from which zoom on.
const SNAPPED = {
  streets: { path: "/api/layers/streets", kind: "road", zoom: 0 },
  waters: { path: "/api/layers/waters", kind: "water", zoom: 0 },
  buildings: { path: "/api/buildings", kind: "building", zoom: NEAR }
};

const DRAWN = {
  streets: (map, drawing) => {
    const made = drawStreets(map, drawing, { zIndex: 340 });
    made.eachLayer(silence);
    return made;
  },
  waters: (map, drawing) => {
    const made = window.mapDrawings.layer(map, withTokens(drawing), { zIndex: 335 });
    paint(made, drawing);
    silence(made);
    return made;
  }
};

/** Zoom, scale, streets. Returns {padding(), linesFor(snapping), showGrids(topology, codes), showAround(topology)}: the
    grids of the codes with what lies around them, or all; the last makes room beside the panels where all grids are in
    view anyhow, and stays where somebody looks closer. */
export function startMap(map) {
  map.attributionControl.setPrefix(false);
  map.options.zoomSnap = 0.25;
  map.options.zoomDelta = 1;
  L.control.scale({ position: "bottomleft", imperial: false, maxWidth: 110 }).addTo(map);
  L.control.zoom({ position: "bottomleft", zoomInTitle: text("zoom_in"), zoomOutTitle: text("zoom_out") }).addTo(map);
  if (data.bounds) fit(map, data.bounds);
  const shell = {
    ground: {},
    padding: () => padding(),
    linesFor: (snapping) => follow(map, shell, snapping),
    showGrids: (topology, codes = []) => {
      const whole = boxOf(topology, [...topology.grids.keys()]);
      if (whole) fit(map, codes.length ? around(boxOf(topology, codes), whole) : whole);
    },
    showAround: (topology) => {
      const box = boxOf(topology, [...topology.grids.keys()]);
      if (box && map.getBounds().contains(bounds(box))) fit(map, box);
    }
  };
  return shell;
}

function boxOf(topology, codes) {
  const boxes = codes.map((code) => topology.grids.get(code).box);
  return boxes.length ? [0, 1, 2, 3].map((edge) => (edge < 2 ? Math.min : Math.max)(...boxes.map((box) => box[edge]))) : null;
}

function bounds([west, south, east, north]) {
  return [[south, west], [north, east]];
}

/* A box and what lies around it, as far as there are grids. */
function around([west, south, east, north], whole) {
  const [x, y] = [AROUND * (east - west), AROUND * (north - south)];
  return [Math.max(west - x, whole[0]), Math.max(south - y, whole[1]), Math.min(east + x, whole[2]), Math.min(north + y, whole[3])];
}

function fit(map, box) {
  map.fitBounds(bounds(box), { ...padding(), animate: false });
}

function padding() {
  const page = document.getElementById("map-page");
  const isSheet = page.classList.contains("right-open"); // over a third of the phone's map, with a hint of two lines above
  if (PHONE.matches) return { paddingTopLeft: [12, isSheet ? 132 : 64], paddingBottomRight: [12, 72 + (isSheet ? 0.36 * window.innerHeight : 0)] };
  return { paddingTopLeft: [page.classList.contains("left-open") ? 380 : 24, 72], paddingBottomRight: [page.classList.contains("right-open") ? 392 : 24, 40] };
}

/* Streets are drawn and snapped to as the map moves; what is not answered is not asked for again. */
function follow(map, shell, snapping) {
  const wanted = new Set(Object.keys(SNAPPED));
  let rest = 0;
  let turn = 0;
  const load = async () => {
    const mine = turn += 1;
    const box = map.getBounds().pad(0.2);
    const edges = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((edge) => edge.toFixed(5)).join(",");
    for (const id of wanted) {
      if (map.getZoom() < SNAPPED[id].zoom) continue;
      try {
        const drawing = await get(SNAPPED[id].path, { county: data.county.code, box: edges });
        if (mine !== turn) return;
        take(map, shell, snapping, id, drawing);
      } catch (error) {
        wanted.delete(id);
      }
    }
  };
  map.on("moveend", () => {
    clearTimeout(rest);
    rest = setTimeout(load, REST_MS);
  });
  load();
}

/* A click belongs to the tool. */
function silence(paths) {
  paths.eachLayer((path) => path.unbindPopup());
}

function take(map, shell, snapping, id, drawing) {
  snapping.take(id, drawing.features.features || drawing.features, SNAPPED[id].kind);
  if (!DRAWN[id]) return;
  if (shell.ground[id]) shell.ground[id].remove();
  shell.ground[id] = DRAWN[id](map, drawing).addTo(map);
}

/** Panels that fold; one sheet at a time on the phone. Returns {makeRoom()}: there the map is what comes next. */
export function startPanels(map) {
  const page = document.getElementById("map-page");
  const left = document.getElementById("edit-panel");
  const show = (folded) => {
    left.classList.toggle("folded", folded);
    page.classList.toggle("left-open", !folded);
    for (const tab of document.querySelectorAll('[aria-controls="edit-panel"]')) tab.setAttribute("aria-expanded", String(!folded));
  };
  const makeRoom = () => {
    if (PHONE.matches) show(true);
  };
  show(PHONE.matches);
  PHONE.addEventListener("change", () => {
    show(PHONE.matches);
    map.invalidateSize();
  });
  page.addEventListener("click", (event) => {
    if (event.target.closest("[data-fold]")) show(true);
    else if (event.target.closest("[data-unfold]")) show(false);
    else if (event.target.closest('.sheet-bar [aria-controls="edit-panel"]')) show(!left.classList.contains("folded"));
    else if (event.target.closest("[data-tool]")) makeRoom();
  });
  return { makeRoom };
}
