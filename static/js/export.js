/* Saves the layers shown as one file: a job that can be watched, left and cancelled. */

import { get, send } from "./api.js";
import { data, element, text } from "./page.js";
import { filters } from "./state.js";

const ASK_EVERY_MS = 500;

/** `shown` gives the ids of the layers to save. */
export function startExport(shown) {
  const button = document.getElementById("export");
  if (!button) return;
  const box = document.getElementById("export-state");
  button.addEventListener("click", async () => {
    const layers = shown();
    box.hidden = false;
    if (!layers.length) {
      say(box, text("export_nothing"));
      return;
    }
    button.disabled = true;
    try {
      await follow(box, await send("/api/maps", { county: data.county.code, layers, filters: chosen() }));
    } catch (error) {
      say(box, text("export_failed") + " " + error.message);
    } finally {
      button.disabled = false;
    }
  });
}

/* The filters of the map, without the county, which stands beside them. */
function chosen() {
  const { county, ...found } = filters();
  return found;
}

async function follow(box, first) {
  let job = first;
  const bar = element("i", "");
  const stop = element("button", "link", text("cancel"));
  stop.type = "button";
  stop.addEventListener("click", () => send(`/api/jobs/${job.id}`, {}, "DELETE").catch(() => {}));
  box.replaceChildren(element("div", "export-line", text("export_waiting"), stop), element("div", "progress", bar));
  while (job.status === "waiting" || job.status === "running") {
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    job = await get(`/api/jobs/${job.id}`);
    bar.style.width = (job.total ? Math.round((100 * job.done) / job.total) : 5) + "%";
  }
  if (job.status === "done") {
    const link = element("a", "button button-quiet", text("export_get"));
    link.href = job.result;
    link.setAttribute("download", "");
    box.replaceChildren(element("div", "export-line", text("export_done"), link));
    return;
  }
  say(box, job.status === "cancelled" ? text("cancelled") : text("export_failed") + " " + job.message);
}

function say(box, message) {
  box.replaceChildren(element("div", "export-line", message));
}
