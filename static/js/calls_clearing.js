/* The morning's clearing: the calls of a day one after the other, by keyboard; the same form enters a call by hand.
   The address of the page holds day and station. */

import { get, query, send } from "./api.js";
import { busy, data, element, endAct, number, text, toast } from "./page.js";
import { fillAreas, listenForKeys, PlacePicker } from "./calls_place.js";
import { Judgement } from "./calls_judgement.js";

const at = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.search);
const chosen = {
  day: /^\d{4}-\d\d-\d\d$/.test(asked.get("day") || "") ? asked.get("day") : null,
  area: /^\d{1,18}$/.test(asked.get("area") || "") ? asked.get("area") : null
};
const picker = new PlacePicker();
const judgement = new Judgement();
const undone = []; // what can be taken back, the latest last
let answer = null;
let call = null; // the one in the form; null while one is entered
let key = null; // of the call that is entered
let isSaving = false;

async function load(wanted = null) {
  const done = busy();
  try {
    answer = await get("/api/clearing", { county: data.county.code, day: chosen.day, area: chosen.area });
    at("day").value = answer.day;
    judgement.offer(answer.categories);
    draw();
    open(answer.calls.find((one) => one.id === wanted) || answer.calls[0] || null);
  } catch (error) {
    fail(error);
  } finally {
    done();
  }
}

function draw() {
  const { counts, calls } = answer;
  at("progress").textContent = text("clear_progress", { done: number(counts.cleared), all: number(counts.total) });
  at("progress-bar").style.width = counts.total ? `${(100 * counts.cleared) / counts.total}%` : "0";
  const isLatest = !chosen.day && counts.total && answer.day !== yesterday();
  at("counts").replaceChildren(element("span", "", text("clear_counts", { waiting: number(counts.waiting), unplaced: number(counts.unplaced) })),
    isLatest ? element("span", "", text("clear_latest")) : "");
  at("list").replaceChildren(...calls.map((one) => {
    const button = element("button", "", element("span", "", element("bdi", "", one.address || text("clear_no_address")), element("small", "", [timeOf(one), one.category].filter(Boolean).join(" · "))),
      element("i", one.lon === null ? "is-unplaced" : "", one.lon === null ? text("level_none") : ""));
    button.type = "button";
    if (call && call.id === one.id) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => open(one));
    return element("li", "", button);
  }));
}

function yesterday() {
  const day = new Date(`${data.today}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() - 1);
  return day.toISOString().slice(0, 10);
}

function timeOf(one) {
  const moment = one.reported_at || one.occurred_from;
  return moment ? moment.slice(11, 16) : text("clear_untimed");
}

function open(one) {
  call = one;
  key = null;
  at("problem").hidden = true;
  at("form").hidden = !one;
  at("form").classList.remove("is-new");
  at("state").hidden = Boolean(one);
  draw();
  if (!one) return drawEmpty();
  at("call-title").replaceChildren(element("bdi", "", one.number || text("clear_no_number")));
  at("call-says").textContent = [timeOf(one), one.station, one.source].filter(Boolean).join(" · ");
  at("call-text").textContent = one.description;
  at("save-label").textContent = text("clear_save_next");
  judgement.show(one);
  const current = at("list").querySelector("[aria-current]");
  if (current) current.scrollIntoView({ block: "nearest" });
  at("save").focus({ preventScroll: true });
  return picker.open(one.address, one.lon === null ? null : one);
}

function drawEmpty() {
  const others = answer.days.filter((one) => one.waiting && one.day !== answer.day).slice(0, 4);
  const isDone = answer.counts.total > 0;
  at("state").className = "state";
  at("state").replaceChildren(element("b", isDone ? "is-done" : "", text(isDone ? "clear_done" : "clear_none")),
    element("p", "", isDone ? text("clear_done_more", { n: number(answer.counts.total) }) : text("clear_none_more")),
    ...others.map((one) => act(text("clear_day_waits", { day: one.day, n: number(one.waiting) }), () => choose({ day: one.day }))));
  picker.open("", null, []);
}

function act(label, run) {
  const button = element("button", "button button-quiet", label);
  button.type = "button";
  button.addEventListener("click", run);
  return button;
}

function fail(error) {
  at("form").hidden = true;
  at("state").hidden = false;
  at("state").className = "state state-error";
  at("state").replaceChildren(element("b", "", error.message), element("p", "", error.remedy || ""), act(text("try_again"), () => load()));
}

function choose(changes) {
  Object.assign(chosen, changes);
  history.replaceState(null, "", "/calls" + query({ county: data.county.code, ...chosen }));
  return load();
}

/* What the form says that the call does not say yet. */
function changes() {
  const said = judgement.changes(call);
  const address = at("address").value.trim();
  if (address !== call.address) said.address = address;
  if (picker.choice) Object.assign(said, { lon: picker.choice.lon, lat: picker.choice.lat });
  return said;
}

/* What takes these changes back. */
function back(before, said) {
  const found = { cleared: false };
  for (const name of Object.keys(said)) found[name] = before[name];
  const wasByHand = (before.how || "").endsWith("by hand");
  if ("lon" in said && !wasByHand) Object.assign(found, { lon: null, lat: null }); // to where it was found before
  return found;
}

function write(id, said, tag) {
  return send(`/api/incidents/${id}` + query({ county: data.county.code }), said, "PATCH", { headers: { "If-Match": `"${tag}"` } });
}

function takeBack(one) {
  return send(`/api/incidents/${one.id}` + query({ county: data.county.code }), {}, "DELETE", { headers: { "If-Match": `"${one.tag}"` } });
}

async function clear() {
  const before = call;
  const said = changes();
  const place = answer.calls.indexOf(before);
  const now = await write(before.id, { ...said, cleared: true }, before.tag);
  const what = before.address || before.number || timeOf(before);
  undone.push({ id: now.id, tag: now.tag, said: back(before, said), what });
  answer.calls.splice(place, 1);
  answer.counts.cleared += 1;
  answer.counts.waiting -= 1;
  if (before.lon === null && now.lon !== null) answer.counts.unplaced -= 1;
  toast(text("clear_saved", { what }), { action: { label: text("clear_undo"), run: undo } });
  at("undo").disabled = false;
  if (!answer.calls.length && answer.counts.waiting) await load();
  else open(answer.calls[place] || answer.calls[0] || null);
}

async function enter() {
  const address = at("address").value.trim();
  const description = at("description").value.trim();
  if (!address && !description && !picker.choice) return problem(text("clear_needs"));
  const place = picker.choice ? { lon: picker.choice.lon, lat: picker.choice.lat } : {};
  const reported = at("reported").value ? { reported_at: at("reported").value } : {};
  const area = chosen.area ? { area: Number(chosen.area) } : {};
  const now = await send("/api/incidents" + query({ county: data.county.code }), { key, address, description, ...judgement.said(), ...place, ...reported, ...area });
  const what = now.address || now.description;
  undone.push({ id: now.id, tag: now.tag, what, isNew: true });
  toast(text("clear_entered", { what }), { action: { label: text("clear_undo"), run: undo } });
  at("undo").disabled = false;
  return load();
}

async function save() {
  if (isSaving) return;
  isSaving = true;
  at("save").disabled = true;
  at("problem").hidden = true;
  try {
    await (call ? clear() : enter());
  } catch (error) {
    if (error.status === 412) {
      toast(text("clear_stale"), { error: true });
      await load(call.id);
    } else problem([error.message, error.remedy].filter(Boolean).join(" "));
  } finally {
    isSaving = false;
    at("save").disabled = false;
    if (call) at("save").focus({ preventScroll: true });
  }
}

function problem(words) {
  at("problem").textContent = words;
  at("problem").hidden = false;
}

async function undo() {
  endAct();
  const last = undone.pop();
  at("undo").disabled = !undone.length;
  if (!last) return;
  try {
    await (last.isNew ? takeBack(last) : write(last.id, last.said, last.tag));
    toast(text("clear_undone", { what: last.what }));
  } catch (error) {
    toast(error.status === 412 ? text("clear_stale") : error.message, { error: true });
  }
  await load(last.id);
}

function begin() {
  call = null;
  key = uuid();
  at("state").hidden = true;
  at("form").hidden = false;
  at("form").classList.add("is-new");
  draw();
  at("call-title").textContent = text("clear_new");
  for (const id of ["call-says", "call-text"]) at(id).textContent = "";
  for (const id of ["reported", "description"]) at(id).value = "";
  at("save-label").textContent = text("clear_save_new");
  at("problem").hidden = true;
  judgement.show({ category: "", valid: true, preventable: null });
  picker.open("", null, []);
  at("address").focus();
}

/* randomUUID is there on HTTPS only. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function step(by) {
  if (!call) return;
  const next = answer.calls[answer.calls.indexOf(call) + by];
  if (next) open(next);
}

at("form").addEventListener("submit", (event) => {
  event.preventDefault();
  save();
});
at("undo").addEventListener("click", undo);
at("new-call").addEventListener("click", begin);
at("leave-new").addEventListener("click", () => open(answer.calls[0] || null));
at("day").addEventListener("change", () => at("day").value && choose({ day: at("day").value }));
at("area").addEventListener("change", () => choose({ area: at("area").value || null }));
listenForKeys({
  ...Object.fromEntries([1, 2, 3, 4, 5].map((one) => [String(one), () => picker.choose(one - 1)])),
  a: () => at("address").select(), c: () => at("category").select(), p: () => picker.pin(),
  v: () => judgement.turn("valid"), f: () => judgement.turn("preventable"), n: begin,
  arrowdown: () => step(1), arrowup: () => step(-1), enter: save,
  escape: () => (at("form").classList.contains("is-new") ? open(answer.calls[0] || null) : at("save").focus())
});
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || /^(?:INPUT|TEXTAREA)$/.test(event.target.tagName)) return;
  event.preventDefault();
  undo();
});
Promise.all([fillAreas(at("area"), text("clear_all_areas"), chosen.area).catch(() => {}), load()])
  .finally(() => { document.documentElement.dataset.ready = "true"; });
