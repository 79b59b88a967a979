/* The page of rows that wait: filtered by import and reason, mended in place or by a file, taken again, or left for good.
   The address holds the filter. */

import { query, send } from "./api.js";
import { data, element, number, text, toast } from "./page.js";
import { explained, rejection } from "./data_problem.js";
import { follow } from "./data_follow.js";
import { reportCard } from "./data_report.js";
import { sendFile } from "./data_send.js";
import { showWaiting } from "./data_waiting.js";
import { drawFilters, imports } from "./quarantine_filters.js";
import { RowList } from "./quarantine_list.js";
import { startTableExport } from "./table_export.js";

const at = (id) => document.getElementById(id);
const outcome = at("outcome");
const asked = new URLSearchParams(location.search);
const filter = {
  batch: /^\d{1,18}$/.test(asked.get("batch") || "") ? Number(asked.get("batch")) : null,
  code: /^\w{1,40}$/.test(asked.get("code") || "") ? asked.get("code") : null
};
let counts = [];
const list = new RowList({ chosen: drawChosen, retake: (row) => retake([row]) });

async function load() {
  try {
    const answer = await list.load(filter);
    counts = answer.counts;
    drawAll();
  } catch (error) {
    const again = element("button", "link", text("try_again"));
    again.type = "button";
    again.addEventListener("click", load);
    list.clear(element("li", "card data-card state state-error", ...explained(error), again));
  }
}

function drawAll() {
  showWaiting(counts.reduce((sum, one) => sum + one.count, 0));
  drawFilters(counts, filter, choose);
  at("filters").hidden = !counts.length;
  drawActs();
  if (!list.rows.size) list.clear(nothing());
}

function nothing() {
  const isFiltered = filter.batch !== null || filter.code !== null;
  const box = element("li", "card data-card state", element("b", "", text("wait_none")),
    element("p", "", text(isFiltered && counts.length ? "wait_none_here" : "wait_none_more")));
  if (!counts.length) {
    const next = element("a", "button", text("wait_to_import"));
    next.href = "/data" + query({ county: data.county.code });
    box.append(next);
  } else if (isFiltered) {
    const all = element("button", "button button-quiet", text("wait_show_all"));
    all.type = "button";
    all.addEventListener("click", () => choose({ batch: null, code: null }));
    box.append(all);
  }
  return box;
}

function choose(changes) {
  Object.assign(filter, changes);
  history.replaceState(null, "", "/data/quarantine" + query({ county: data.county.code, ...filter }));
  outcome.replaceChildren();
  return load();
}

/* The import whose rows can be treated as a whole: they are read in one way. */
function wholeBatch() {
  const batches = [...imports(counts).keys()];
  return filter.batch === null && batches.length === 1 ? batches[0] : filter.batch;
}

function drawActs() {
  const batch = wholeBatch();
  const found = imports(counts).get(batch);
  at("acts").hidden = !counts.length;
  at("acts-buttons").hidden = !found;
  at("acts-say").textContent = found ? text("wait_of_import", { n: number(found.count), file: found.file }) : text("wait_choose_import");
  if (found) at("download").href = "/api/quarantine/file" + query({ county: data.county.code, batch });
}

function drawChosen(rows) {
  at("chosen").hidden = !rows.length;
  document.body.classList.toggle("has-chosen", rows.length > 0);
  at("chosen-say").textContent = text("wait_chosen", { n: number(rows.length) });
}

/* Rows of several imports are taken again one import after the other. */
async function retake(rows) {
  if (!(await list.saveAll(rows))) return;
  const byBatch = new Map();
  for (const row of rows) byBatch.set(row.batch, [...(byBatch.get(row.batch) || []), row.id]);
  for (const [batch, ids] of byBatch) await takeAgain(batch, ids);
}

function takeAgain(batch, rows = []) {
  const begin = () => send("/api/quarantine/retake", { county: data.county.code, batch, rows });
  return work(batch, begin, rows.length || imports(counts).get(batch).count);
}

/** Begins a job and watches it; what still cannot be used stays in the list, with its new reason. */
async function work(batch, begin, rows = null) {
  list.hold(true);
  try {
    const job = await follow(await begin(), outcome, { title: text("wait_taking"), rows });
    if (job.report) outcome.replaceChildren(card(batch, job.report));
    else outcome.replaceChildren(failure(job));
    await load();
  } catch (error) {
    outcome.replaceChildren(element("section", "card data-card data-problem", ...explained(error)));
  } finally {
    list.hold(false);
  }
  outcome.focus({ preventScroll: true });
}

function card(batch, report) {
  const title = text(report.quarantined ? "wait_some_left" : "wait_all_taken");
  const map = element("a", "button button-quiet", text("data_to_map"));
  map.href = "/" + query({ county: data.county.code });
  return reportCard(report, { title, acts: report.quarantined === report.read ? [] : [map], batch });
}

function failure(job) {
  const lines = job.rejected ? rejection(job.rejected) : explained({ message: job.message || text("cancelled") });
  return element("section", "card data-card data-problem", element("h2", "", text("wait_failed")), ...lines);
}

/* Asked once: it cannot be undone from here. */
async function leave(batch, rows, count) {
  const dialog = at("sure");
  at("sure-title").textContent = text("wait_sure", { n: number(count) });
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  if (dialog.returnValue !== "leave") return;
  try {
    const { left } = await send("/api/quarantine/leave", { county: data.county.code, batch, rows });
    toast(text("wait_left", { n: number(left) }));
    await load();
  } catch (error) {
    toast(error.message, { error: true });
  }
}

async function leaveChosen() {
  const rows = list.chosen();
  const batch = rows[0].batch;
  // The count that is asked for is the one that is done, also where rows of several imports were chosen.
  await leave(batch, rows.map((row) => row.id), rows.length);
}

function takeMended(files) {
  const batch = wholeBatch();
  const address = "/api/quarantine/file" + query({ county: data.county.code, batch });
  return work(batch, () => sendFile(address, files[0]));
}

at("retake").addEventListener("click", () => retake(list.chosen()));
at("leave").addEventListener("click", leaveChosen);
at("choose-none").addEventListener("click", () => list.chooseNone());
at("retake-all").addEventListener("click", () => takeAgain(wholeBatch()));
at("leave-all").addEventListener("click", () => leave(wholeBatch(), [], imports(counts).get(wholeBatch()).count));
at("more").addEventListener("click", () => list.more());
at("mended").addEventListener("change", () => {
  const files = [...at("mended").files];
  at("mended").value = "";
  if (files.length) takeMended(files);
});
startTableExport(() => ({ county: data.county.code, batch: filter.batch }));
load().finally(() => { document.documentElement.dataset.ready = "true"; });
