/* Long work that is watched: how far it is, by rows; it can be cancelled, and left. */

import { get, send } from "./api.js";
import { element, number, text } from "./page.js";

const ASK_EVERY_MS = 500;
const OVER = ["done", "failed", "cancelled"];

/** Shows a job in `box` until it is over; resolves to the job as it ended. `rows`: how many there will be, when known.
    `signal` ends the watching, not the work. */
export async function follow(job, box, { title, note = "", rows = null, signal = undefined }) {
  const bar = element("i", "");
  const says = element("span", "");
  const stop = element("button", "button button-quiet", text("cancel"));
  stop.type = "button";
  stop.addEventListener("click", async () => {
    stop.disabled = true;
    try {
      await send(`/api/jobs/${job.id}`, {}, "DELETE");
    } catch (error) {
      stop.disabled = false;
    }
  });
  const line = element("div", "progress", bar);
  box.replaceChildren(element("section", "card data-card data-working", element("h2", "", title), line,
    element("div", "export-line", says, stop), note ? element("p", "remark", note) : ""));
  let now = job;
  for (;;) {
    const total = now.total || rows;
    line.classList.toggle("is-open", !total || now.status === "waiting");
    bar.style.width = total ? Math.min(100, Math.round((100 * now.done) / total)) + "%" : "";
    says.textContent = said(now, total);
    if (OVER.includes(now.status)) return now;
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    if (signal && signal.aborted) throw new DOMException("", "AbortError");
    now = await get(`/api/jobs/${job.id}`);
  }
}

function said(job, total) {
  if (job.status === "waiting") return text("data_job_waits");
  if (!total) return text("data_job_rows", { done: number(job.done) });
  return text("data_job_rows_of", { done: number(job.done), total: number(total) });
}
