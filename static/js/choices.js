/* What a filter chooses among and the server knows: areas of two trees, and patrol routes. */

import { get } from "./api.js";
import { data, element, text } from "./page.js";
import { edges } from "./panels.js";
import { change, state, subscribe } from "./state.js";
import { modeOf, names, routesInWords, routesOf, routesThat } from "./words.js";

const TREES = ["admin", "police"];
const find = (id) => document.getElementById(id);
let areas = [];

export async function loadChoices(map) {
  listenForArea(map);
  subscribe((changed) => { if (changed.has("as_of")) loadAreas().then(showChoices); });
  const [, routeAnswer] = await Promise.all([loadAreas(), get("/api/routes", { county: data.county.code }).catch(() => null)]);
  names.routes = routeAnswer ? routeAnswer.routes : [];
  for (const button of document.querySelectorAll("button[data-routes]")) {
    const mode = button.dataset.routes;
    button.addEventListener("click", () => change({ routes: mode === "all" ? null : mode === "none" ? "none" : routesOf(mode) }));
  }
  drawRoutes();
  // Somebody drew or removed a route on this page.
  document.addEventListener("datachange", async () => {
    const answer = await get("/api/routes", { county: data.county.code }).catch(() => null);
    if (!answer) return;
    names.routes = answer.routes;
    drawRoutes();
    showChoices();
  });
}

/* Areas as they are on the day that is shown: a community may begin or end, or be called otherwise. */
async function loadAreas() {
  const day = state.as_of;
  const answer = await get("/api/areas", { county: data.county.code, as_of: day }).catch(() => null);
  if (day !== state.as_of) return; // a newer question is under way
  areas = answer ? answer.areas : [];
  for (const area of areas) names.areas.set(area.id, area.name);
  drawAreas();
}

/** What is chosen, in the controls. */
export function showChoices() {
  find("area").value = state.area === null ? "" : String(state.area);
  find("routes-value").textContent = state.routes === null ? "" : routesInWords();
  const mode = state.routes === null ? "all" : state.routes === "none" ? "none" : modeOf(state.routes);
  for (const button of document.querySelectorAll("button[data-routes]")) {
    button.setAttribute("aria-pressed", String(button.dataset.routes === mode));
  }
  for (const tick of find("routes-list").querySelectorAll("input")) tick.checked = counts(Number(tick.value));
}

function drawAreas() {
  const parents = new Set(areas.map((area) => area.parent));
  const roots = areas.filter((area) => !areas.some((other) => other.id === area.parent));
  find("filter-area").hidden = areas.length === roots.length && roots.length <= TREES.length;
  const everything = element("option", "", text("area_all"));
  everything.value = "";
  const groups = TREES.map((tree) => {
    const group = element("optgroup", "");
    group.label = text("area_" + tree);
    const add = (area, depth) => {
      const option = element("option", "", "\u3000".repeat(depth) + area.name);
      option.value = String(area.id);
      group.append(option);
      if (parents.has(area.id)) for (const child of areas) if (child.parent === area.id) add(child, depth + 1);
    };
    for (const root of roots) if (root.tree === tree) add(root, 0);
    return group;
  });
  find("area").replaceChildren(everything, ...groups.filter((group) => group.children.length));
}

function listenForArea(map) {
  find("area").addEventListener("change", () => {
    const chosen = areas.find((area) => String(area.id) === find("area").value);
    change({ area: chosen ? chosen.id : null });
    const box = chosen ? chosen.bounds : data.bounds;
    if (box) map.fitBounds([[box[1], box[0]], [box[3], box[2]]], edges());
  });
}

function drawRoutes() {
  find("filter-routes").hidden = !names.routes.length;
  find("routes-list").replaceChildren(...names.routes.map((route) => {
    const tick = element("input", "check");
    tick.type = "checkbox";
    tick.value = String(route.id);
    tick.addEventListener("change", changeRoutes);
    return element("li", "", element("label", "line", tick, element("span", "", route.name)));
  }));
}

function changeRoutes() {
  const ticks = [...find("routes-list").querySelectorAll("input")];
  const ticked = new Set(ticks.filter((tick) => tick.checked).map((tick) => Number(tick.value)));
  change({ routes: routesThat(names.routes, (route) => ticked.has(route.id)) });
}

function counts(id) {
  return state.routes === null || (state.routes !== "none" && state.routes.split(",").includes(String(id)));
}
