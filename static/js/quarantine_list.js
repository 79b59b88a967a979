/* The rows that wait, a page at a time; which of them are chosen. */

import { get } from "./api.js";
import { data, text, toast } from "./page.js";
import { WaitingRow } from "./quarantine_row.js";

const PAGE = 50;

export class RowList {
  /** `chosen(rows)` is called when the choice changes, `retake(row)` for a single one. */
  constructor({ chosen, retake }) {
    this.tell = chosen;
    this.retake = retake;
    this.box = document.getElementById("rows");
    this.button = document.getElementById("more");
    this.rows = new Map();
    this.next = null;
    this.filter = {};
  }

  /** Loads the first rows of a filter; resolves to the answer, with the counts of all that wait. */
  async load(filter) {
    this.filter = { ...filter };
    const answer = await this.page(0);
    this.rows.clear();
    this.box.replaceChildren();
    this.append(answer);
    this.tell([]);
    return answer;
  }

  async more() {
    const last = this.box.lastElementChild;
    try {
      this.append(await this.page(this.next));
      const first = last && last.nextElementSibling;
      if (first) first.querySelector("input").focus();
    } catch (error) {
      toast(error.message, { error: true });
    }
  }

  page(after) {
    return get("/api/quarantine", { county: data.county.code, ...this.filter, after, limit: PAGE });
  }

  append(answer) {
    for (const given of answer.rows) {
      const row = new WaitingRow(given, this);
      this.rows.set(given.id, row);
      this.box.append(row.item);
    }
    this.next = answer.next;
    this.button.hidden = this.next === null;
  }

  /** Shows something in place of rows. */
  clear(instead) {
    this.rows.clear();
    this.button.hidden = true;
    this.box.replaceChildren(instead);
  }

  chosen() {
    return [...this.rows.values()].filter((row) => row.tick.checked).map((row) => row.given);
  }

  changed() {
    this.tell(this.chosen());
  }

  chooseNone() {
    for (const row of this.rows.values()) row.tick.checked = false;
    this.changed();
  }

  /** Saves what was typed into these rows and not saved yet; false when one could not be. */
  async saveAll(given) {
    for (const { id } of given) {
      const row = this.rows.get(id);
      if (row && !(await row.save())) return false;
    }
    return true;
  }

  /** On to the row below, at the cell that is to blame. */
  goOn(row) {
    const rows = [...this.rows.values()];
    const next = rows[rows.indexOf(row) + 1];
    if (next) next.focus();
    else if (!this.button.hidden) this.button.focus();
    else toast(text("wait_last_row"));
  }

  /** While rows are taken again nothing is changed. */
  hold(held) {
    this.box.setAttribute("aria-busy", String(held));
    for (const button of document.querySelectorAll(".wait-buttons button, #retake, #leave")) button.disabled = held;
  }
}
