/* The list of the latest imports of the county; on top what is still under way or was refused. */

import { get, query } from "./api.js";
import { data, element, number, text } from "./page.js";
import { waitingAddress } from "./data_report.js";
import { showWaiting } from "./data_waiting.js";

const SHOWN = 20;
const COUNTS = ["read", "stored", "updated", "unchanged"];
const when = new Intl.DateTimeFormat(document.documentElement.lang, { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
const withYear = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium" });

/** Loads and draws the list; resolves to the imports. */
export async function showImports() {
  const box = document.getElementById("imports-box");
  try {
    const { imports, jobs, waiting } = await get("/api/imports", { county: data.county.code, limit: SHOWN });
    showWaiting(waiting);
    box.replaceChildren(imports.length || jobs.length ? table(imports, jobs) : nothing());
    const sources = [...new Set(imports.map((one) => one.source))];
    const list = document.getElementById("sources");
    if (list) list.replaceChildren(...sources.map((source) => Object.assign(document.createElement("option"), { value: source })));
    return imports;
  } catch (error) {
    const again = element("button", "link", text("try_again"));
    again.type = "button";
    again.addEventListener("click", showImports);
    box.replaceChildren(element("div", "state state-error", element("b", "", text("load_failed")), element("p", "", error.message), again));
    return [];
  }
}

function nothing() {
  return element("div", "state", element("b", "", text("data_no_imports")), element("p", "", text("data_no_imports_more")));
}

function table(imports, jobs) {
  const heads = ["file", "kind", "source", "when", ...COUNTS, "waiting"].map((name) => {
    const cell = element("th", COUNTS.includes(name) || name === "waiting" ? "is-number" : "", text("data_head_" + name));
    cell.scope = "col";
    return cell;
  });
  return element("table", "data-table imports-table", element("thead", "", element("tr", "", ...heads)),
    element("tbody", "", ...jobs.map(jobRow), ...imports.map(importRow)));
}

function importRow(one) {
  const cells = COUNTS.map((name) => element("td", one[name] ? "is-number" : "is-number is-none", number(one[name])));
  return element("tr", "", fileCell(one.file, "/data" + query({ county: data.county.code, batch: one.id }), one.again ? text("data_taken_again") : ""),
    element("td", "", data.kinds[one.kind] || one.kind), element("td", "", element("bdi", "", one.source)),
    element("td", "is-when", moment(one.started_at)), ...cells, waitingCell(one));
}

function waitingCell(one) {
  if (!one.waiting) return element("td", "is-number is-none", "0");
  const link = element("a", "", number(one.waiting));
  link.href = waitingAddress(one.id);
  link.setAttribute("aria-label", text("data_to_waiting", { n: number(one.waiting) }));
  return element("td", "is-number", link);
}

function jobRow(job) {
  const { asked } = job;
  const status = element("td", `job-status is-${job.status}`, text("data_job_" + job.status, { done: number(job.done) }));
  status.colSpan = COUNTS.length + 1;
  return element("tr", "is-job", fileCell(asked.file || "", "/data" + query({ county: data.county.code, job: job.id }), asked.dry_run ? text("data_only_tried") : ""),
    element("td", "", data.kinds[asked.kind] || ""), element("td", "", element("bdi", "", asked.source || "")),
    element("td", "is-when", moment(job.created_at)), status);
}

function fileCell(name, address, note) {
  const link = element("a", "", element("bdi", "", name));
  link.href = address;
  return element("th", "is-file", link, note ? element("small", "", note) : "");
}

function moment(iso) {
  const time = new Date(iso);
  const made = element("time", "", time.getFullYear() === new Date().getFullYear() ? when.format(time) : withYear.format(time));
  made.dateTime = iso;
  return made;
}
