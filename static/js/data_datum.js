/* In which system the coordinates are: the evidence in words and as a table in which one chooses. */

import { data, element, listed, number, text } from "./page.js";

const at = (id) => document.getElementById(id);
const OTHER = "other"; // the choice that is not in the list: a number is typed
const WGS84 = "EPSG:4326";

export class Datum {
  /** `change({crs, swapped})` is called with what somebody decides. */
  constructor(change) {
    this.change = change;
    at("system").addEventListener("change", () => {
      const chosen = at("system").value;
      at("epsg-field").hidden = chosen !== OTHER;
      if (chosen === OTHER) at("epsg").focus();
      else if (chosen) change({ crs: chosen });
    });
    at("epsg").addEventListener("change", () => {
      const typed = at("epsg").value.trim().replace(/^(\d+)$/, "EPSG:$1");
      if (typed) change({ crs: typed });
    });
    at("swapped").addEventListener("change", () => change({ swapped: at("swapped").checked }));
  }

  draw(proposal) {
    const { finding, crs } = proposal;
    const rows = choices(proposal);
    const hasPlaces = Boolean(finding) || Boolean(proposal.named);
    at("datum-says").replaceChildren(...said(proposal));
    at("datum-says").classList.toggle("is-open", hasPlaces && !crs);
    at("evidence").hidden = !rows.length;
    at("evidence-rows").replaceChildren(...rows.map((row) => this.row(row, proposal)));
    at("system-fields").hidden = !hasPlaces;
    this.drawSystems(rows, crs);
    at("swapped").checked = proposal.swapped;
    at("swapped-says").textContent = finding && finding.swapped ? text("data_swapped_found") : "";
  }

  row(one, proposal) {
    const radio = element("input", "check");
    radio.type = "radio";
    radio.name = "crs";
    radio.value = one.system;
    radio.checked = proposal.crs === one.system;
    radio.dataset.key = "crs " + one.system;
    radio.addEventListener("change", () => this.change({ crs: one.system }));
    const label = element("label", "radio", radio, element("span", "", systemName(one.system)));
    if (one.system === proposal.named) label.append(element("small", "", text("data_file_says")));
    const made = element("tr", radio.checked ? "is-chosen" : "", element("td", "", label), ...evidence(one));
    return made;
  }

  drawSystems(rows, crs) {
    const inTable = rows.map((row) => row.system);
    const others = Object.keys(data.systems).filter((name) => !inTable.includes(name));
    const isFree = Boolean(crs) && !inTable.includes(crs) && !others.includes(crs);
    const typing = document.activeElement === at("epsg");
    at("system").replaceChildren(option("", inTable.length ? text("data_as_in_table") : text("data_choose_system")),
      ...others.map((name) => option(name, data.systems[name])), option(OTHER, text("data_other_system")));
    at("system").value = isFree || typing ? OTHER : others.includes(crs) ? crs : "";
    at("epsg-field").hidden = at("system").value !== OTHER;
    if (!typing) at("epsg").value = isFree ? crs : "";
  }
}

/* What can be chosen in the table: every reading that was tried, and what the file says of itself. */
function choices(proposal) {
  const tried = (proposal.finding ? proposal.finding.evidence : []).map((one) => ({
    ...one, system: one.system === "WGS84" ? WGS84 : one.system
  }));
  tried.sort((one, other) => (one.distance_m ?? Infinity) - (other.distance_m ?? Infinity) || other.inside - one.inside);
  if (proposal.named && !tried.some((one) => one.system === proposal.named)) tried.unshift({ system: proposal.named });
  return tried;
}

function evidence(one) {
  if (one.points === undefined) return [element("td", "is-number", "–"), element("td", "is-number", "–"), element("td", "is-number", "–")];
  return [
    element("td", "is-number", text("data_of", { n: number(one.inside), all: number(one.points) })),
    element("td", "is-number", one.distance_m === null ? "–" : metres(one.distance_m)),
    element("td", "is-number", number(one.named))
  ];
}

/* The sentence above the table. */
function said(proposal) {
  const { finding, named, crs } = proposal;
  if (!finding) return [named ? text("data_datum_named", { system: shortName(named) }) : text("data_datum_none")];
  const rows = choices({ finding });
  const best = rows.find((row) => row.system === finding.system);
  const open = finding.why === "cannot_tell";
  const parts = [element("b", "", open ? cannotTell(rows) : sentence(finding, rows, best))];
  if (open && !crs) parts.push(element("span", "", text("data_datum_look")));
  if (proposal.remembered && crs) parts.push(element("span", "", text("data_datum_remembered", { system: shortName(crs) })));
  // What is remembered may be wrong for this file: the evidence has the last word in warning, never in choosing.
  const against = proposal.remembered ? "data_datum_remembered_against" : "data_datum_against";
  if (best && crs && !isSame(crs, finding.system)) parts.push(element("span", "is-warning", text(against, { system: shortName(crs) })));
  else if (best && !finding.certain && !(proposal.remembered && crs)) parts.push(element("span", "", text("data_datum_unsure")));
  if (finding.zero) parts.push(element("span", "", text("data_datum_zero", { n: number(finding.zero) })));
  return parts;
}

function sentence(finding, rows, best) {
  if (finding.why === "named") {
    const others = rows.filter((row) => row !== best && row.distance_m !== undefined && row.distance_m !== null)
      .map((row) => text("data_datum_other", { system: shortName(row.system), metres: metres(row.distance_m) }));
    return text("data_datum_by_names", { system: shortName(best.system), metres: metres(best.distance_m), others: others.join(text("words_comma")) });
  }
  if (finding.why === "nothing_fits") return text("data_datum_nothing");
  const values = { system: shortName(finding.system), n: number(best ? best.inside : 0), all: number(best ? best.points : 0) };
  if (finding.why === "prefix") return text("data_datum_prefix", values);
  return text(finding.why === "only_one" ? "data_datum_only_one" : "data_datum_inside", values);
}

/* Of the readings that remain: those with half as many points in the county as the best one. */
function cannotTell(rows) {
  const most = Math.max(...rows.map((row) => row.inside || 0));
  const left = rows.filter((row) => row.inside >= most / 2).map((row) => shortName(row.system));
  return text("data_datum_cannot_tell", { systems: listed(left) });
}

/** What a system is called, at length. */
export function systemName(system) {
  return data.systems[system] || system;
}

/* CGCS2000 is taken as equal to WGS84. */
function isSame(one, other) {
  const plain = (system) => (system === "EPSG:4490" ? WGS84 : system);
  return plain(one) === plain(other);
}

export function shortName(system) {
  return system === WGS84 ? "WGS84" : system;
}

function metres(value) {
  return `${number(value)} m`;
}

function option(value, label) {
  const made = element("option", "", label);
  made.value = value;
  return made;
}
