/* A change side by side: two maps that move together, what each grid gains and loses, what was said, and the decision. */

import { get } from "./api.js";
import { busy, data, element, text, toast } from "./page.js";
import { areaItems } from "./grids_changed_areas.js";
import { Base } from "./grids_edit_base.js";
import { Draft, Superseded } from "./grids_edit_draft.js";
import { isWriting } from "./grids_edit_keys.js";
import { operationName, shortener, statusOf, stepSays } from "./grids_edit_panel.js";
import { scanLink } from "./grids_edit_submit.js";
import { Topology } from "./grids_edit_topology.js";
import { Impact, sizes } from "./grids_review_impact.js";
import { Pair, Side } from "./grids_review_maps.js";

const IS_OPEN = ["draft", "sent_back", "review"];
const ACTS = ["approve", "send-back", "remark", "withdraw"];
const at = (id) => document.getElementById(id);
const draft = new Draft(data.change, { changed: show, stale: async () => { await load(); toast(text("review_was_stale"), { error: true }); } });
const [before, after] = [new Side(window.map_main), new Side(L.map("map-after", { zoomControl: false, zoomSnap: 0.25, maxZoom: 20 }))];
const pair = new Pair(before, after);
window.reviewPair = pair; // for tests in the browser

const impact = new Impact(at("impact"), at("impact-by"), at("impact-band"), (code) => {
  if (!before.goTo(code)) after.goTo(code);
});
let short = String; // writes a code without what all have in common

async function load() {
  const done = busy();
  try {
    show(await draft.load());
    const [old, now] = await Promise.all([draft.grids(true), draft.grids()]);
    const touched = touchedBy(old, now);
    short = shortener([...old, ...now].map((feature) => feature.properties.code));
    show(draft.change);
    before.show(old, touched);
    after.show(now, touched);
    pair.show(touched.size ? touched : after.topology.grids.keys()); // a town that is renamed touches no grid
    await loadImpact(touched);
  } catch (error) {
    at("panel-body").replaceChildren(element("div", "state state-error", element("b", "", error.message), element("p", "", error.remedy || "")));
    at("impact").replaceChildren(); // nothing is waited for
  } finally {
    done();
    document.documentElement.dataset.ready = "true";
  }
}

/* Codes of the grids that are other before and after. */
function touchedBy(old, now) {
  const base = new Base();
  base.take(old);
  const topology = new Topology();
  topology.takeAll(now);
  const left = [...topology.grids.keys()].filter((code) => base.differs(topology, code));
  return new Set([...left, ...[...base.grids.keys()].filter((code) => !topology.grids.has(code))]);
}

function show(change) {
  at("change-title").textContent = change.title || text("untitled");
  at("change-status").textContent = statusOf(change);
  at("change-status").dataset.status = change.status;
  at("facts").replaceChildren(...[
    ["review_reason", data.texts["reason_" + change.reason_code]], ["review_author", change.author],
    ["review_surveyed", change.surveyed_on], ["review_effective", change.effective_on], ["review_approved_on", change.on_paper || !IS_OPEN.includes(change.status) ? change.approved_on : null],
    ["review_document", change.document_number]
  ].map(([title, value]) => element("div", "", element("dt", "", text(title)), element("dd", value ? "" : "is-none", element("bdi", "", value || text("review_missing"))))));
  if (change.reason) at("facts").append(element("p", "review-reason", change.reason));
  at("faults-none").hidden = change.faults.length > 0;
  at("faults-count").hidden = !change.faults.length;
  at("faults-count").classList.toggle("is-danger", change.faults.some((one) => one.blocks));
  at("faults-count").textContent = String(change.faults.length);
  at("faults").replaceChildren(...change.faults.map(fault));
  at("steps").replaceChildren(...change.operations.filter((one) => one.done !== false).map((one) => element("li", "", element("b", "", operationName(one.op)), element("span", "", stepSays(one, short)))));
  at("areas-box").hidden = !change.areas.length;
  at("areas").replaceChildren(...areaItems(change.areas));
  at("reviews-box").hidden = !change.reviews.length;
  at("reviews").replaceChildren(...change.reviews.map(said));
  at("decision").hidden = !change.may.review && !change.may.comment;
  at("remark").hidden = !change.may.comment;
  at("review-acts").hidden = !change.may.review;
  const isOpen = ["draft", "sent_back"].includes(change.status);
  at("go-on").hidden = !(change.may.edit && isOpen);
  at("withdraw").hidden = !change.may.withdraw;
  at("own").textContent = change.status === "review" && !change.may.review && change.may.withdraw ? text("review_own") : "";
  at("filing").hidden = !change.may.file;
  if (!at("filing-number").value) at("filing-number").value = change.document_number;
  at("author-acts").hidden = at("go-on").hidden && at("withdraw").hidden && at("filing").hidden;
  at("scans-box").hidden = !change.scans.length;
  at("scans").replaceChildren(...change.scans.map((one) => element("li", "", scanLink(change, one))));
  at("record").hidden = isOpen;
  at("record").href = draft.path + "/record.pdf";
}

function fault(one) {
  const button = element("button", one.blocks ? "" : "is-near", element("i", ""), element("span", "", one.text, element("small", "", one.codes.map(short).join(" · "))));
  button.type = "button";
  button.addEventListener("click", () => {
    after.grids.drawFaults([one], one);
    if (one.geometry) after.grids.goTo(one.geometry, {});
  });
  return element("li", "", button);
}

function said({ by: name, decision, comment, at: decided }) {
  const when = new Date(decided).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short", timeZone: data.zone });
  const by = text("review_by", { name: name || "—", when });
  return element("li", "is-" + decision, element("b", "", data.texts["review_decision_" + decision] || ""), element("small", "", by), comment ? element("p", "", comment) : null);
}

async function loadImpact(touched) {
  try {
    impact.show(await get(draft.path + "/impact"));
  } catch (error) {
    toast(error.message, { error: true });
    impact.show(areas(touched)); // better than nothing
  }
}

/* Areas alone, counted here. */
function areas(touched) {
  const sides = { before: before.topology, after: after.topology };
  const codes = [...touched].sort().map((code) => (sides.after.grids.get(code) || sides.before.grids.get(code)).properties);
  return sizes(codes, (side, code) => (sides[side].grids.has(code) ? sides[side].area(code) : null));
}

/* What was written; null, and said so, where nothing was. */
function written(missing) {
  const comment = at("comment").value.trim();
  at("problem").hidden = Boolean(comment);
  if (comment) return comment;
  at("problem").textContent = text(missing);
  at("comment").focus();
  return null;
}

async function remark() {
  const comment = written("review_nothing_said");
  if (comment !== null) await act(() => draft.comment(comment), "review_remarked");
}

async function decide(decision) {
  if (decision === "send_back" && written("review_no_comment") === null) return;
  const comment = at("comment").value.trim();
  at("problem").hidden = true;
  await act(() => draft.decide(decision, comment), decision === "approve" ? "review_approved" : "review_sent_back");
}

async function act(asked, sentence) {
  for (const id of ACTS) at(id).disabled = true;
  try {
    await asked();
    at("comment").value = "";
    toast(text(sentence));
  } catch (error) {
    if (!(error instanceof Superseded)) {
      at("problem").textContent = [error.message, error.remedy].filter(Boolean).join(" ");
      at("problem").hidden = false;
      toast(error.message, { error: true });
    }
  } finally {
    for (const id of ACTS) at(id).disabled = false;
  }
}

at("remark").addEventListener("click", remark);
at("approve").addEventListener("click", () => decide("approve"));
at("send-back").addEventListener("click", () => decide("send_back"));
at("withdraw").addEventListener("click", () => { if (confirm(text("review_withdraw_sure", { title: at("change-title").textContent }))) act(() => draft.withdraw(), "review_withdrawn"); });
at("filing").addEventListener("submit", (event) => {
  event.preventDefault();
  act(() => draft.file(at("filing-number").value.trim()), "review_filed");
});
at("decision").addEventListener("submit", (event) => event.preventDefault());
/* A and B take hold of the buttons: Enter then decides. A single key would approve by accident. */
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || at("review-acts").hidden || at("decision").hidden) return;
  const button = { a: "approve", b: "send-back" }[event.key.toLowerCase()];
  if (event.key === "Escape") at("approve").focus();
  else if (button && !isWriting(event.target)) {
    event.preventDefault();
    at(button === "send-back" ? "comment" : button).focus();
    if (button === "send-back" && at("comment").value.trim()) at(button).focus();
  }
});
load();
