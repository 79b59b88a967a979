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
    const { points, isChanged } = { points: editor.draft.points, isChanged: editor.draft.isChanged };
    const route = before
      ? await send(`/api/routes/${before.id}`, { ...said, ...(isChanged ? { points } : {}) }, "PUT", ifMatch(before.tag))
      : await send("/api/routes", { ...said, points, county: data.county.code, key: editor.key });
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
