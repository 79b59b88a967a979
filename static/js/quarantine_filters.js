/* By which import and for which reason rows wait: two lists with counts, of which one entry each may be chosen. */

import { data, element, number, text } from "./page.js";

const when = new Intl.DateTimeFormat(document.documentElement.lang, { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });

/** The imports with rows that wait, by id: file, kind, when, how many. */
export function imports(counts) {
  const found = new Map();
  for (const one of counts) {
    const known = found.get(one.batch) || { ...one, count: 0 };
    known.count += one.count;
    found.set(one.batch, known);
  }
  return found;
}

/** Draws both lists; `choose({batch})` or `choose({code})` is called with what is clicked, null for all. */
export function drawFilters(counts, filter, choose) {
  const sum = (rows) => rows.reduce((before, one) => before + one.count, 0);
  const batches = [...imports(counts)].map(([id, one]) => ({
    value: id, count: one.count, words: [element("bdi", "", one.file), element("small", "", `${data.kinds[one.kind] || one.kind} · ${when.format(new Date(one.started_at))}`)]
  }));
  const here = counts.filter((one) => filter.batch === null || one.batch === filter.batch);
  const codes = new Map();
  for (const one of here) {
    const known = codes.get(one.code) || { value: one.code, count: 0, words: [one.reason] };
    known.count += one.count;
    codes.set(one.code, known);
  }
  const reasons = [...codes.values()].sort((one, other) => other.count - one.count);
  draw("by-batch", [{ value: null, count: sum(counts), words: [text("wait_all_imports")] }, ...batches], filter.batch, (batch) => choose({ batch, code: null }));
  draw("by-code", [{ value: null, count: sum(here), words: [text("wait_all_reasons")] }, ...reasons], filter.code, (code) => choose({ code }));
}

function draw(id, entries, chosen, choose) {
  document.getElementById(id).replaceChildren(...entries.map((entry) => {
    const button = element("button", "", element("span", "", ...entry.words), element("b", "", number(entry.count)));
    button.type = "button";
    button.setAttribute("aria-pressed", String(entry.value === chosen));
    button.addEventListener("click", () => choose(entry.value));
    return element("li", "", button);
  }));
}
