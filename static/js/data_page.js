/* The page of data management: a file is chosen, looked at, taken in, reported on. The address holds where one is, so
   that it can be left and come back to. */

import { get, query, send } from "./api.js";
import { data, element, number, text, toast } from "./page.js";
import { Choosing } from "./data_choose.js";
import { follow } from "./data_follow.js";
import { showImports } from "./data_imports.js";
import { explained, rejection } from "./data_problem.js";
import { Proposal } from "./data_proposal.js";
import { reportCard, waitingAddress } from "./data_report.js";
import { bytes } from "./data_send.js";
import { startTakingOut } from "./data_take_out.js";
import { startTableExport } from "./table_export.js";

const at = (id) => document.getElementById(id);
const outcome = at("outcome");
let watching = null;
let rows = null; // in the file, when all of it was looked at
let sent = null;

const choosing = new Choosing(reset, opened);
const proposal = new Proposal({ drawn, failed });

/** Another file: what was shown of the last one goes. */
function reset() {
  at("choose").classList.remove("is-small");
  if (watching) watching.abort();
  watching = null;
  outcome.replaceChildren();
  proposal.hold(false);
  proposal.close();
}

function opened(file) {
  sent = file;
  remember({ upload: file.upload });
  choosing.showFile(file.name, file.bytes === undefined ? "" : bytes(file.bytes));
  outcome.replaceChildren(reading());
  return proposal.open(file.upload, file.wishes);
}

function reading() {
  const bone = element("span", "bone");
  return element("section", "card data-card", element("h2", "", text("data_reading")), bone);
}

function drawn(answer) {
  rows = answer.is_all ? answer.rows : null;
  if (outcome.querySelector(".bone, .is-proposal")) outcome.replaceChildren();
  const counted = text(answer.is_all ? "data_rows" : "data_rows_more", { n: number(answer.rows) });
  choosing.showFile(sent.name, [sent.bytes === undefined ? "" : bytes(sent.bytes), counted].filter(Boolean).join(" · "));
}

/* The file cannot even be looked at, or not in this way: what was proposed before stays, to be corrected. */
function failed(problem) {
  const card = problemCard(text("data_cannot_read"), problem, "is-proposal");
  if (problem.problems) card.append(otherWays(problem.layers));
  outcome.replaceChildren(card);
  if (problem.status === 404) {
    proposal.close();
    choosing.showFile(null);
  }
}

/* Another sheet of the file, or another kind of data: what may be meant where the file alone does not say it. */
function otherWays(layers) {
  const ways = layers.length
    ? ["layer", text("data_layer"), layers.map((name) => [name, name])]
    : ["kind", text("data_read_as"), Object.entries(data.kinds)];
  const select = element("select", "field");
  select.append(...[["", text("data_choose")], ...ways[2]].map(([value, label]) => Object.assign(element("option", "", label), { value })));
  select.addEventListener("change", () => select.value && proposal.wish({ [ways[0]]: select.value, columns: {}, values: {} }));
  return element("label", "other-way", ways[1], select);
}

function problemCard(title, problem, className = "") {
  const lines = problem.problems ? rejection(problem) : explained(problem);
  const card = element("section", `card data-card data-problem ${className}`, element("h2", "", title), ...lines);
  card.setAttribute("role", "alert");
  return card;
}

async function start(dryRun) {
  proposal.hold(true);
  try {
    await proposal.settled(); // what was typed a moment ago counts
    if (proposal.missing()) {
      proposal.hold(false);
      return;
    }
    const job = await send("/api/imports", { ...proposal.asked(), dry_run: dryRun });
    remember({ job: job.id });
    await watch(job);
  } catch (error) {
    if (error.name === "AbortError") return;
    proposal.hold(false);
    outcome.replaceChildren(problemCard(text("data_not_begun"), error));
  }
}

/** Shows a job until it is over, and what came of it. */
async function watch(job) {
  watching = new AbortController();
  const { signal } = watching;
  const dryRun = Boolean(job.asked && job.asked.dry_run);
  const name = (job.asked && job.asked.file) || "";
  window.scrollTo({ top: 0 });
  const over = await follow(job, outcome, {
    title: text(dryRun ? "data_trying" : "data_importing", { name }), note: text("data_may_leave"), rows, signal
  });
  ended(over, dryRun);
  showImports();
}

function ended(job, dryRun) {
  proposal.hold(false);
  const { report } = job;
  if (report) {
    const title = text(dryRun ? "data_tried" : "data_imported");
    outcome.replaceChildren(reportCard(report, { title, acts: dryRun ? [] : acts(report) }));
    if (!dryRun) {
      proposal.close();
      choosing.showFile(null);
      at("choose").classList.add("is-small");
    }
  } else if (job.rejected) {
    outcome.replaceChildren(problemCard(text("data_rejected"), job.rejected));
  } else if (job.status === "cancelled") {
    outcome.replaceChildren();
    toast(text("data_cancelled"));
  } else {
    outcome.replaceChildren(problemCard(text("data_failed"), { message: job.message, remedy: job.remedy }));
  }
  outcome.focus({ preventScroll: true });
}

function acts(report) {
  const map = link(text("data_to_map"), "/" + query({ county: data.county.code }), "button button-quiet");
  if (!report.quarantined) return [map];
  const address = waitingAddress(report.batch_id);
  return [link(text("data_to_waiting", { n: number(report.quarantined) }), address, "button"), map];
}

function link(label, address, className) {
  const made = element("a", className, label);
  made.href = address;
  return made;
}

/** The address holds the file that is looked at, the job that runs or the import that is read about. */
function remember(where) {
  history.replaceState(null, "", "/data" + query({ county: data.county.code, ...where }));
}

/* Comes back to what the address names. */
async function comeBack() {
  const asked = new URLSearchParams(location.search);
  const number = (name) => (/^\d{1,18}$/.test(asked.get(name) || "") ? asked.get(name) : null);
  try {
    if (number("job")) await comeBackToJob(await get(`/api/jobs/${number("job")}`));
    else if (number("batch")) await showBatch(number("batch"));
    else if (/^[\w-]{1,64}$/.test(asked.get("upload") || "")) await opened({ upload: asked.get("upload"), name: text("data_file_sent") });
  } catch (error) {
    outcome.replaceChildren(problemCard(text("load_failed"), error));
  }
}

async function comeBackToJob(job) {
  const { asked } = job;
  const isOver = ["done", "failed", "cancelled"].includes(job.status);
  const stillThere = asked && asked.upload && (!isOver || job.status !== "done" || asked.dry_run);
  if (stillThere) {
    sent = { upload: asked.upload, name: asked.file };
    choosing.showFile(asked.file);
    await proposal.open(asked.upload, { ...asked.wishes, kind: asked.kind });
    proposal.hold(!isOver);
  }
  if (isOver) ended(job, Boolean(asked && asked.dry_run));
  else await watch(job);
}

async function showBatch(id) {
  const batch = await get(`/api/imports/${id}`);
  const report = { ...batch, batch_id: batch.id };
  const left = { ...report, quarantined: batch.waiting };
  at("choose").classList.add("is-small");
  outcome.replaceChildren(reportCard(report, { title: text("data_import_of", { when: new Date(batch.started_at).toLocaleString(document.documentElement.lang) }), acts: acts(left) }));
}

at("try").addEventListener("click", () => start(true));
at("begin").addEventListener("click", () => start(false));
startTakingOut();
startTableExport(() => ({ county: data.county.code }));
Promise.all([showImports(), comeBack()]).finally(() => { document.documentElement.dataset.ready = "true"; });
