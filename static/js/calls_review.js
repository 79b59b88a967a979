/* Addresses for which nothing, or nothing sure, was found: the most frequent first; what is chosen is done for all equal
   texts at once. */

import { get, query, send } from "./api.js";
import { busy, data, element, endAct, number, text, toast } from "./page.js";
import { listenForKeys, PlacePicker } from "./calls_place.js";

const PAGE = 50;
const ENOUGH = 0.85;
const ASK_EVERY_MS = 500;
const OVER = ["done", "failed", "cancelled"];
const at = (id) => document.getElementById(id);
const picker = new PlacePicker();
const undone = [];
let texts = [];
let next = null;
let current = null;
let isSaving = false;
let undoing = Promise.resolve();

async function load(wanted = null) {
  const done = busy();
  try {
    const answer = await get("/api/addresses/review", { county: data.county.code, limit: PAGE });
    texts = answer.texts;
    next = answer.next;
    drawShares(answer.shares);
    open(texts.find((one) => one.text === wanted) || texts[0] || null);
  } catch (error) {
    at("list").replaceChildren();
    at("form").hidden = true;
    state("state state-error", element("b", "", error.message), element("p", "", error.remedy || ""));
  } finally {
    done();
  }
}

async function more() {
  try {
    const answer = await get("/api/addresses/review", { county: data.county.code, limit: PAGE, after: next });
    texts.push(...answer.texts);
    next = answer.next;
    draw();
  } catch (error) {
    toast(error.message, { error: true });
  }
}

/* shares: [{level, count}], all levels, "none" among them. */
function drawShares(shares) {
  const all = shares.reduce((sum, one) => sum + one.count, 0);
  const placed = all - shares.filter((one) => one.level === "none").reduce((sum, one) => sum + one.count, 0);
  at("share").hidden = !all;
  if (!all) return;
  const isLow = placed / all < ENOUGH;
  at("share").classList.toggle("is-low", isLow);
  at("share-says").replaceChildren(element("b", "", text("review_share", { n: number((100 * placed) / all, 1), all: number(all) })),
    isLow ? element("span", "", text("review_low")) : "");
  const some = shares.filter((one) => one.count);
  at("share-bar").replaceChildren(...some.map((one) => {
    const part = element("i", "is-" + one.level);
    part.style.flexGrow = String(one.count);
    return part;
  }));
  at("share-levels").replaceChildren(...some.map((one) => element("li", "", element("i", "is-" + one.level), data.texts["level_" + one.level] || one.level,
    element("b", "", `${number((100 * one.count) / all, 1)} %`))));
}

function draw() {
  at("list").replaceChildren(...texts.map((one) => {
    const button = element("button", "", element("span", "", element("bdi", "", one.text), element("small", "", said(one))), element("b", "", number(one.count)));
    button.type = "button";
    if (one === current) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => open(one));
    return element("li", "", button);
  }));
  at("more").hidden = next === null || next === undefined;
}

function said(one) {
  return [data.texts["level_" + one.level] || one.level, one.last ? text("review_last", { day: one.last.slice(0, 10) }) : ""].filter(Boolean).join(" · ");
}

function open(one) {
  current = one;
  at("problem").hidden = true;
  at("form").hidden = !one;
  at("state").hidden = Boolean(one);
  draw();
  if (!one) {
    state("state", element("b", "is-done", text("review_none")), element("p", "", text("review_none_more")));
    picker.open("", null, []);
    return;
  }
  at("call-title").replaceChildren(element("bdi", "", one.text));
  at("call-says").textContent = [text("review_count", { n: number(one.count) }), said(one)].join(" · ");
  const row = at("list").querySelector("[aria-current]");
  if (row) row.scrollIntoView({ block: "nearest" });
  at("save").focus({ preventScroll: true });
  picker.open(one.text, null, one.candidates);
}

function state(className, ...children) {
  at("state").hidden = false;
  at("state").className = className;
  at("state").replaceChildren(...children);
}

async function save() {
  const { choice } = picker;
  if (isSaving || !current) return;
  if (!choice) {
    at("problem").textContent = text("review_choose_first");
    at("problem").hidden = false;
    return;
  }
  isSaving = true;
  const one = current;
  try {
    const how = choice.number === null ? { pinned: true } : { candidate: choice.number };
    const { placed, alias } = await send("/api/addresses/review" + query({ county: data.county.code }), { text: one.text, lon: choice.lon, lat: choice.lat, ...how });
    undone.push({ alias, text: one.text });
    at("undo").disabled = false;
    const place = texts.indexOf(one);
    texts.splice(place, 1);
    toast(text("review_placed", { n: number(placed), text: one.text }), { action: { label: text("review_undo"), run: undo } });
    if (!texts.length && next) await load();
    else open(texts[place] || texts[0] || null);
  } catch (error) {
    at("problem").textContent = [error.message, error.remedy].filter(Boolean).join(" ");
    at("problem").hidden = false;
  } finally {
    isSaving = false;
  }
}

/* One after the other: each shows the list as it is after it. */
function undo() {
  undoing = undoing.then(undoLast);
  return undoing;
}

async function undoLast() {
  endAct();
  const last = undone.pop();
  at("undo").disabled = !undone.length;
  if (!last) return;
  try {
    await send(`/api/addresses/review/${last.alias}` + query({ county: data.county.code }), {}, "DELETE");
    toast(text("review_undone"));
  } catch (error) {
    toast(error.message, { error: true });
  }
  await load(last.text);
}

/* After addresses, places or streets have changed: all calls without coordinates are placed anew, as a job. */
async function placeAgain() {
  const done = busy();
  at("again").disabled = true;
  try {
    let job = await send("/api/addresses/place" + query({ county: data.county.code }), {});
    while (!OVER.includes(job.status)) {
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
      job = await get(`/api/jobs/${job.id}`);
    }
    if (job.status === "done") toast(text("review_again", { n: number(job.placed.changed) }));
    else toast(job.message || text("review_again_failed"), { error: true });
    await load(current && current.text);
  } catch (error) {
    toast(error.message, { error: true });
  } finally {
    at("again").disabled = false;
    done();
  }
}

function step(by) {
  const found = texts[texts.indexOf(current) + by];
  if (found) open(found);
}

at("form").addEventListener("submit", (event) => {
  event.preventDefault();
  save();
});
at("undo").addEventListener("click", undo);
at("more").addEventListener("click", more);
at("again").addEventListener("click", placeAgain);
listenForKeys({
  ...Object.fromEntries([1, 2, 3, 4, 5].map((one) => [String(one), () => picker.choose(one - 1)])),
  a: () => at("address").select(), p: () => picker.pin(), arrowdown: () => step(1), arrowup: () => step(-1), enter: save,
  escape: () => at("save").focus()
});
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.target.tagName === "INPUT") return;
  event.preventDefault();
  undo();
});
load().finally(() => { document.documentElement.dataset.ready = "true"; });
