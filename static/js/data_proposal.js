/* How a file that was sent would be read: asked of the server, shown, corrected, asked again. What somebody said stands. */

import { send } from "./api.js";
import { busy, data, element, number, text } from "./page.js";
import { Columns } from "./data_columns.js";
import { Datum, systemName } from "./data_datum.js";
import { PointMap } from "./data_map.js";

const at = (id) => document.getElementById(id);

export class Proposal {
  /** `drawn(proposal)` is called with every answer, `failed(error)` when there is none. */
  constructor({ drawn, failed }) {
    this.drawn = drawn;
    this.failed = failed;
    this.upload = null;
    this.wishes = {};
    this.answer = null;
    this.abort = null;
    this.asking = Promise.resolve();
    this.map = new PointMap();
    this.datum = new Datum((said) => this.wish(said));
    this.columns = new Columns({
      means: (heading, name, before) => this.wish({ columns: meant(this.wishes.columns, heading, name, before) }),
      word: (name, word, ours) => this.wish({ values: worded(this.answer.values, name, word, ours) })
    });
    // Another kind has other columns and words; what was said about those of this one means nothing there.
    at("kind").addEventListener("change", () => this.wish({ kind: at("kind").value, columns: {}, values: {} }));
    at("source").addEventListener("change", () => this.wish({ source: at("source").value.trim() || undefined }));
    at("layer").addEventListener("change", () => this.wish({ layer: at("layer").value, columns: {}, values: {} }));
  }

  /** Looks at another file; `wishes` as they were, when it was looked at before. */
  open(upload, wishes = {}) {
    this.upload = upload;
    this.wishes = { ...wishes };
    this.answer = null;
    this.layers = [];
    return (this.asking = this.ask());
  }

  close() {
    if (this.abort) this.abort.abort();
    this.upload = this.answer = null;
    this.show(false);
  }

  /** Resolves when what was said last is answered. */
  settled() {
    return this.asking;
  }

  wish(said) {
    // Columns and words are said of a kind: it stays, whatever else the file may look like.
    if (this.answer) this.wishes.kind = this.answer.kind;
    Object.assign(this.wishes, said);
    return (this.asking = this.ask());
  }

  async ask() {
    if (this.abort) this.abort.abort();
    const { signal } = (this.abort = new AbortController());
    const done = busy();
    at("proposal").setAttribute("aria-busy", "true");
    try {
      const body = { county: data.county.code, upload: this.upload, ...this.wishes };
      const answer = await send("/api/imports/proposal", body, "POST", { signal });
      if (signal.aborted) return;
      if (answer.rejected) this.reject(answer.rejected);
      else this.draw(answer);
    } catch (error) {
      if (!signal.aborted) this.failed(error);
    } finally {
      if (!signal.aborted) at("proposal").removeAttribute("aria-busy");
      done();
    }
  }

  /** What can be read in another way is offered to be: another sheet, another kind. */
  reject(rejected) {
    if (rejected.layers.length) this.layers = rejected.layers;
    this.failed(rejected);
  }

  draw(answer) {
    this.answer = answer;
    this.show(true);
    keepingFocus(() => {
      drawKinds(answer);
      at("source").value = answer.source;
      at("layer-field").hidden = !this.layers.length;
      at("layer").replaceChildren(...this.layers.map((name) => option(name, name)));
      at("layer").value = answer.layer;
      at("remembered").hidden = !answer.remembered;
      at("remembered").textContent = text("data_remembered", { source: answer.source });
      this.datum.draw(answer);
      this.columns.draw(answer);
      this.drawStart();
    });
    at("where").hidden = !answer.points.length && !answer.finding;
    if (!at("where").hidden) this.map.draw(answer, this.upload);
    this.drawn(answer);
  }

  drawStart() {
    const { answer } = this;
    const facts = [[text("data_start_kind"), data.kinds[answer.kind]], [text("data_start_source"), answer.source]];
    if (answer.finding || answer.named) facts.push([text("data_start_system"), answer.crs ? systemName(answer.crs) : "–"]);
    const kept = answer.headings.length - Object.keys(answer.columns).length;
    if (kept) facts.push([text("data_start_kept"), text("data_columns_n", { n: number(kept) })]);
    at("start-facts").replaceChildren(...facts.map(([name, value]) => element("li", "", element("span", "", name), element("b", "", value))));
    const missing = this.missing();
    at("start-missing").hidden = !missing;
    at("start-missing").textContent = missing || "";
    for (const id of ["try", "begin"]) at(id).disabled = Boolean(missing);
  }

  /** What has to be said before anything can begin; null when nothing has. */
  missing() {
    const { finding, crs } = this.answer;
    return finding && !crs ? text("data_choose_first") : null;
  }

  /** What an import of the file is asked with. */
  asked() {
    const { kind, crs, source, swapped, values } = this.answer;
    return { county: data.county.code, upload: this.upload, ...this.wishes, kind, crs, source, swapped, values };
  }

  show(shown) {
    for (const id of ["proposal", "start"]) at(id).hidden = !shown;
    if (!shown) at("where").hidden = true;
    at("take-out").hidden = shown;
    at("layout").classList.toggle("has-proposal", shown);
  }

  /** While the file is taken in, nothing about it can be changed. */
  hold(held) {
    at("proposal").disabled = held;
    for (const id of ["try", "begin"]) at(id).disabled = held || Boolean(this.answer && this.missing());
  }
}

/* A heading means at most one thing: what it meant before means no heading now, unless somebody gives it another. */
function meant(columns = {}, heading, name, before) {
  const said = { ...columns };
  if (before) said[before] = "";
  if (name) said[name] = heading;
  return said;
}

function worded(values = {}, name, word, ours) {
  const words = { ...values[name] };
  if (ours) words[word] = ours;
  else delete words[word];
  return { ...values, [name]: words };
}

function drawKinds(answer) {
  at("kind").replaceChildren(...answer.kinds.map((kind) => option(kind, data.kinds[kind] || kind)));
  at("kind").value = answer.kind;
}

/* What is drawn anew takes the focus along: it stays on the control that was changed. */
function keepingFocus(draw) {
  const { key } = document.activeElement.dataset;
  draw();
  if (!key || document.activeElement.dataset.key === key) return;
  const same = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
  if (same) same.focus({ preventScroll: true });
}

function option(value, label) {
  const made = element("option", "", label);
  made.value = value;
  return made;
}
