/* The left panel of the editor: what is saved, who else is here, what is wrong, what was done. */

import { areaItems } from "./grids_changed_areas.js";
import { data, element, number, text } from "./page.js";

const at = (id) => document.getElementById(id);
const MOST_FAULTS = 200;
const MOST_CODES = 5;

export class DraftPanel {
  /** `owner`: fault(fault), rebase(), short(code). */
  constructor(owner) {
    this.owner = owner;
    this.chosen = null;
    at("rebase").addEventListener("click", () => owner.rebase());
    at("faults").addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) this.choose(Number(button.dataset.at));
    });
  }

  show(change) {
    this.change = change;
    at("change-title").textContent = change.title || text("untitled");
    at("change-status").textContent = statusOf(change);
    at("change-status").dataset.status = change.status;
    at("undo").disabled = !change.can_undo || !change.may.edit;
    at("redo").disabled = !change.can_redo || !change.may.edit;
    this.faults(change.faults);
    this.steps(change.operations);
    at("areas-box").hidden = !change.areas.length;
    at("areas").replaceChildren(...areaItems(change.areas));
    this.beneath(change);
    at("left-out-box").hidden = !change.left_out.length;
    at("left-out").replaceChildren(...change.left_out.map((one) => element("li", "", text("left_out", { what: `${operationName(one.asked.op)} — ${one.text}` }))));
    at("submit").disabled = !change.may.submit;
    at("submit").hidden = !["draft", "sent_back"].includes(change.status);
    at("discard").hidden = !change.may.withdraw || at("submit").hidden;
    at("to-review").hidden = ["draft", "sent_back"].includes(change.status);
  }

  /** What others changed beneath the draft: grids that it was drawn on, communities and towns that its steps speak of. */
  beneath({ stale, stale_areas: areas }) {
    at("stale").hidden = !(stale.length || areas.length);
    at("stale-codes").textContent = [...stale.map(this.owner.short), ...areas.map(areaSays)].join("、");
  }

  saved(when = new Date()) {
    at("saved").className = "edit-saved";
    at("saved").textContent = text("saved", { time: when.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", timeZone: data.zone }) });
  }

  saving() {
    at("saved").className = "edit-saved is-busy";
    at("saved").textContent = text("saving");
  }

  unsaved(sentence) {
    at("saved").className = "edit-saved is-wrong";
    at("saved").textContent = sentence;
  }

  lease(leases) {
    const others = leases.filter((one) => !one.mine);
    at("lease").hidden = !others.length;
    at("lease").textContent = others.map((one) => text(one.codes.length ? "lease_beside" : "lease", {
      name: one.user, title: one.title || text("untitled"), codes: one.codes.slice(0, MOST_CODES).map(this.owner.short).join("、") + (one.codes.length > MOST_CODES ? " …" : "")
    })).join(" ");
  }

  faults(faults) {
    const blocking = faults.filter((fault) => fault.blocks).length;
    at("faults-count").textContent = number(faults.length);
    at("faults-count").className = "number" + (blocking ? " is-danger" : "");
    at("faults-count").hidden = !faults.length;
    at("faults-none").hidden = faults.length > 0;
    at("mend-box").hidden = !faults.length || !this.change.may.edit;
    at("faults").replaceChildren(...faults.slice(0, MOST_FAULTS).map((fault, place) => element("li", "", faultButton(fault, place, this.owner.short))));
    if (this.chosen !== null && !faults[this.chosen]) this.chosen = null;
  }

  choose(place) {
    this.chosen = place;
    for (const button of at("faults").querySelectorAll("button")) button.setAttribute("aria-current", String(Number(button.dataset.at) === place));
    this.owner.fault(this.change.faults[place]);
  }

  steps(operations) {
    at("steps-none").hidden = operations.length > 0;
    at("steps").replaceChildren(...[...operations].reverse().map((one) => {
      const item = element("li", one.done === false ? "is-undone" : "", element("b", "", operationName(one.op)), element("span", "", stepSays(one, this.owner.short)));
      item.title = stepCodes(one, String);
      return item;
    }));
  }
}

function faultButton(fault, place, short) {
  const size = fault.area_m2 ? number(fault.area_m2, fault.area_m2 < 10 ? 1 : 0) + "\u202fm²" : "";
  const button = element("button", fault.blocks ? "" : "is-near", element("i", ""),
    element("span", "", fault.text, element("small", "", [...fault.codes.map(short), size, fault.old ? text("fault_old") : ""].filter(Boolean).join(" · "))));
  button.type = "button";
  button.dataset.at = String(place);
  return button;
}

/** An area by name and code, by its code where nothing else is known. */
export function areaSays({ code, name }) {
  return name === code ? code : text("area_says", { name, code });
}

/** What a status is called. */
export function statusOf(change) {
  return data.texts["status_" + change.status] || change.status;
}

export function operationName(op) {
  return data.texts["op_" + op] || op;
}

/** What a step did: to what community or town something went, or which grids it took and made; `short` writes a code. */
export function stepSays(step, short) {
  if (!step.into) return stepCodes(step, short);
  return text("says_" + step.op, { into: step.into, of: step.of.join("、"), n: step.retired.length });
}

function stepCodes({ codes = [], retired = [], created = [], changed = [] }, short) {
  const written = (some) => some.map(short).join("、");
  if (retired.length && created.length) return written(retired) + " → " + written(created);
  if (created.length) return "+ " + written(created);
  return written(codes.length ? codes : retired.length ? retired : changed);
}

/** Writes codes without what all of them begin with, as long as that is worth it. */
export function shortener(codes) {
  const all = [...codes];
  let same = all.length > 1 ? all[0].length : 0;
  for (const code of all) while (same && !code.startsWith(all[0].slice(0, same))) same -= 1;
  return (code) => (same > 3 && code.startsWith(all[0].slice(0, same)) ? "…" + code.slice(same) : code);
}
