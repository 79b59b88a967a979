/* The four views of the page: a tab changes the layers and the panel on the right, never the page.

   A panel is a class with start() (its first time), refresh() (filters changed), show() and hide(). A module opens
   another's panel with openPanel(name, options): options reach start(options) and show(options). */

import { data } from "./page.js";
import { fold, isPhone } from "./panels.js";
import { address, change, state, subscribe } from "./state.js";

const panels = new Map(); // name → {panel, started, stale}
const layersOf = new Map(); // view → ids of the layers shown when it was left
const page = document.getElementById("map-page");
let layers = null;
let open = null; // name of the panel that stands on the right
let tool = null; // name of a panel that was opened over those of the view

/** `made`: name → panel, of those that exist. */
export function startViews(layerPanel, made) {
  layers = layerPanel;
  for (const [name, panel] of Object.entries(made)) panels.set(name, { panel, started: null, stale: false });
  for (const tab of document.querySelectorAll("a[data-view]")) {
    tab.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      goTo(tab.dataset.view);
    });
  }
  for (const tab of document.querySelectorAll("button[data-panel]")) {
    tab.addEventListener("click", () => openPanel(tab.dataset.panel));
  }
  subscribe(link);
  mark();
}

export function viewNow() {
  return data.views.find((view) => view.id === state.view);
}

/** What the view begins with, or had when it was left. */
export function layersWanted() {
  return layersOf.get(state.view) || new Set(viewNow().layers);
}

/** Changes to another view; the layers of this one are remembered. */
export function goTo(view) {
  if (view === state.view) return;
  layersOf.set(state.view, new Set(layers.shown()));
  change({ view, panel: null });
}

/** After the view changed, here or by going back: its layers and its panel. */
export async function showView() {
  mark();
  tool = null;
  await Promise.all([layers.showOnly(layersWanted()), showPanel()]);
}

/** Shows the panel that the view or its address asks for. */
export async function showPanel(options) {
  const names = viewNow().panels;
  const wanted = tool || (names.includes(state.panel) ? state.panel : names[0]);
  if (open && open !== wanted) hide(open);
  open = wanted;
  for (const aside of document.querySelectorAll(".panel-right")) aside.hidden = aside.id !== wanted + "-panel";
  for (const tab of document.querySelectorAll("button[data-panel]")) tab.setAttribute("aria-pressed", String(tab.dataset.panel === wanted));
  page.dataset.panel = wanted;
  page.classList.toggle("with-panel-tabs", !tool && names.length > 1);
  const entry = panels.get(wanted);
  if (!entry) return;
  if (!entry.started) entry.started = Promise.resolve(entry.panel.start(options));
  else if (entry.stale) entry.panel.refresh();
  entry.stale = false;
  if (entry.panel.show) entry.panel.show(options);
  await entry.started;
}

function hide(name) {
  const entry = panels.get(name);
  if (entry && entry.started && entry.panel.hide) entry.panel.hide();
}

/** Opens a panel: one of the view's, or a tool over them until closePanel. */
export async function openPanel(name, options = undefined) {
  if (viewNow().panels.includes(name)) {
    tool = null;
    change({ panel: name === viewNow().panels[0] ? null : name });
  } else tool = name;
  await showPanel(options);
  if (isPhone()) fold(name + "-panel", false);
}

/** Closes a tool: what stood on the right before comes back. */
export async function closePanel(name) {
  if (tool !== name) return;
  tool = null;
  await showPanel();
}

/** After filters changed: the panel in sight at once, the others when they are shown again. */
export async function refreshPanels() {
  await Promise.all([...panels].map(([name, entry]) => {
    if (!entry.started) return null;
    if (name === open) return entry.panel.refresh();
    entry.stale = true;
    return null;
  }));
}

function mark() {
  const view = viewNow();
  page.dataset.view = view.id;
  for (const tab of document.querySelectorAll("a[data-view]")) {
    if (tab.dataset.view === view.id) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  link();
  document.getElementById("layers-title").textContent = view.heading;
  layers.lead(view.layers);
  for (const tab of document.querySelectorAll("button[data-panel]")) tab.hidden = !view.panels.includes(tab.dataset.panel);
}

/* Tabs are links to the same terms in another view, counties to the same view: they can be opened beside this one. */
function link() {
  for (const tab of document.querySelectorAll("a[data-view]")) tab.href = address({ view: tab.dataset.view, panel: null, layers: null });
  for (const other of document.querySelectorAll("#county-menu a")) {
    const target = new URL(other.href);
    target.searchParams.set("view", state.view);
    other.href = target.pathname + target.search;
  }
}
