/* The state of the page is in its address: it can be sent, printed and reloaded. */

const query = new URLSearchParams(location.search);

export const state = {
  county: query.get("county"),
  layers: query.has("layers") ? new Set(query.get("layers").split(",").filter(Boolean)) : null,
  at: position(query.get("at")),
  gap: /^\d{1,18}$/.test(query.get("gap") || "") ? Number(query.get("gap")) : null
};

/** Changes the state and the address with it; nothing is loaded again. */
export function change(changes) {
  Object.assign(state, changes);
  const parts = [];
  if (state.county) parts.push("county=" + encodeURIComponent(state.county));
  if (state.layers) parts.push("layers=" + [...state.layers].map(encodeURIComponent).join(","));
  if (state.at) parts.push("at=" + [state.at.zoom, state.at.lat.toFixed(5), state.at.lng.toFixed(5)].join("/"));
  if (state.gap !== null) parts.push("gap=" + state.gap);
  history.replaceState(null, "", location.pathname + (parts.length ? "?" + parts.join("&") : ""));
}

function position(given) {
  const found = /^(\d{1,2}(?:\.\d+)?)\/(-?\d{1,2}(?:\.\d+)?)\/(-?\d{1,3}(?:\.\d+)?)$/.exec(given || "");
  return found ? { zoom: Number(found[1]), lat: Number(found[2]), lng: Number(found[3]) } : null;
}
