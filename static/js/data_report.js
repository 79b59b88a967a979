/* What became of a file: a sum that can be checked by eye, then what it means and what to do next. */

import { query } from "./api.js";
import { data, element, number, text } from "./page.js";

const PARTS = ["stored", "updated", "unchanged", "quarantined"];

/** The report of an import, of a dry run, or of rows that were taken again, as a card. `batch`: where its rows wait. */
export function reportCard(report, { title, acts = [], batch = report.batch_id }) {
  const card = element("section", "card data-card data-report",
    element("h2", "", title),
    report.file ? element("p", "report-file", element("bdi", "", report.file), element("small", "", about(report))) : "",
    sum(report), notes(report), reasons(report, batch));
  if (acts.length) card.append(element("div", "report-acts", ...acts));
  return card;
}

function about(report) {
  const parts = [data.kinds[report.kind] || report.kind, text("data_from_source", { source: report.source })];
  if (report.crs) parts.push(data.systems[report.crs] || report.crs);
  return parts.join(" · ");
}

/* read = stored + updated + unchanged + quarantined */
function sum(report) {
  const tile = (name) => element("div", `sum-part is-${name}${report[name] ? "" : " is-none"}`,
    element("b", "", number(report[name])), element("span", "", text("data_sum_" + name)));
  const sign = (word) => element("i", "", word);
  const parts = PARTS.flatMap((name, place) => [sign(place ? "+" : "="), tile(name)]);
  return element("div", "sum", tile("read"), ...parts);
}

function notes(report) {
  const said = [...(report.warnings || [])];
  if (report.ended) said.push(text("data_ended", { n: number(report.ended) }));
  if (!said.length) return "";
  return element("ul", "report-notes", ...said.map((note) => element("li", "", note)));
}

/* Why rows wait, most first; once they are stored each reason leads to its rows. */
function reasons(report, batch) {
  if (!report.reasons || !report.reasons.length) return "";
  const rows = report.reasons.map((one) => {
    const words = [element("span", "", one.reason), element("b", "", text("data_rows", { n: number(one.count) }))];
    if (report.dry_run) return element("li", "", ...words);
    const link = element("a", "", ...words);
    link.href = waitingAddress(batch, one.code);
    return element("li", "", link);
  });
  return element("div", "report-reasons", element("h3", "", text("data_why")), element("ul", "", ...rows));
}

/** Where the waiting rows of an import stand. */
export function waitingAddress(batch, code = null) {
  return "/data/quarantine" + query({ county: data.county.code, batch, code });
}
