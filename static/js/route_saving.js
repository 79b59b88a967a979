/* Saving, removing and taking back: each act says what happened and offers the way back. */

import { send } from "./api.js";
import { data, text, toast } from "./page.js";
import { change, state } from "./state.js";
import { closePanel, openPanel, refreshPanels, viewNow } from "./views.js";

/** Saves what the editor holds, closes it, and shows the route. */
export async function saveRoute(editor) {
  if (!editor.form.isReady()) {
    editor.unfold(true);
    editor.say(text("route_missing"));
    return;
  }
  const button = document.getElementById("route-save");
  button.disabled = true;
  const before = editor.replaced;
  try {
    const said = editor.form.said();
    const { points, isChanged } = editor.draft;
    const isDrawn = isChanged || (before && !before.fits); // what was measured is the way through the points
    const route = before
      ? await send(`/api/routes/${before.id}`, { ...said, ...(isDrawn ? { points } : {}) }, "PUT", ifMatch(before.tag))
      : await send("/api/routes", keyed(editor, { ...said, points, county: data.county.code }));
    editor.stop();
    count(route.id);
    await shown(editor.layers, "route");
    const run = before
      ? () => restore(editor.layers, route.id, before.version, ifMatch(route.tag), text("route_undone"))
      : () => remove(editor.layers, route, { isUndo: true });
    toast(text("route_saved", { name: route.name }), { action: { label: text("route_undo"), run } });
  } catch (error) {
    button.disabled = false;
    toast([error.message, error.remedy].filter(Boolean).join(" "), { error: true });
  }
}

/* The same drawing again, after an answer was lost, has the same key and is saved once; another one has its own. */
function keyed(editor, value) {
  const drawn = JSON.stringify(value);
  if (!editor.attempt || editor.attempt.drawn !== drawn) {
    editor.attempt = { drawn, key: crypto.randomUUID ? crypto.randomUUID() : uuid() };
  }
  return { ...value, key: editor.attempt.key };
}

/** Ends a route from today on. */
export async function remove(layers, route, { isUndo = false } = {}) {
  try {
    await send(`/api/routes/${route.id}`, {}, "DELETE", ifMatch(route.tag));
    await shown(layers);
    if (isUndo) {
      toast(text("route_undone"));
      return;
    }
    const run = () => restore(layers, route.id, route.version, { headers: { "If-None-Match": "*" } }, text("route_back_again", { name: route.name }));
    toast(text("route_removed", { name: route.name }), { action: { label: text("route_undo"), run } });
  } catch (error) {
    toast([error.message, error.remedy].filter(Boolean).join(" "), { error: true });
    await shown(layers);
  }
}

async function restore(layers, id, version, more, message) {
  try {
    await send(`/api/routes/${id}/restore`, { version }, "POST", more);
    await shown(layers);
    toast(message);
  } catch (error) {
    toast([error.message, error.remedy].filter(Boolean).join(" "), { error: true });
  }
}

function ifMatch(tag) {
  return { headers: { "If-Match": `"${tag}"` } };
}

/** A route that was just drawn counts, also where only some do. */
function count(id) {
  if (state.routes === null) return;
  const counted = state.routes === "none" ? [] : state.routes.split(",");
  if (!counted.includes(String(id))) change({ routes: [...counted, id].join(",") });
}

/** Layers, numbers and lists as they are now. */
async function shown(layers, closing = null) {
  if (closing) {
    await closePanel(closing);
    if (viewNow().panels.includes("routes")) await openPanel("routes");
  }
  const row = layers.row("patrol_routes");
  await Promise.all([layers.reload(), refreshPanels(), row && !row.wanted ? row.set(true) : null]);
}

/* For a browser of the floor, and for plain HTTP, where crypto.randomUUID is not. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
