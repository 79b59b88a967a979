/* One row that waits: where it stood, why it waits, what helps; every cell can be changed in its place. */

import { send } from "./api.js";
import { data, element, text } from "./page.js";

const FEW = 8; // cells that are shown at once
const LONG = 60; // letters that a line holds

export class WaitingRow {
  constructor(given, list) {
    this.given = given;
    this.list = list;
    this.item = element("li", "card data-card wait-row");
    this.draw();
  }

  draw() {
    const { given } = this;
    const known = "wait_place_" + given.unit;
    const place = text(known in data.texts ? known : "wait_place", { unit: given.unit, line: given.line });
    this.tick = element("input", "check");
    this.tick.type = "checkbox";
    this.tick.setAttribute("aria-label", text("wait_choose_row", { place }));
    this.tick.addEventListener("change", () => this.list.changed());
    this.says = element("small", "wait-says");
    this.says.setAttribute("role", "status");
    const save = button("button button-quiet", text("wait_save"), () => this.save());
    const again = button("button button-quiet", text("wait_take_again"), () => this.list.retake(given));
    this.saving = save;
    save.disabled = true;
    const reason = element("p", "wait-reason", element("b", "", given.reason), given.remedy ? element("span", "", given.remedy) : "");
    reason.id = `reason-${given.id}`;
    const head = element("header", "", element("label", "wait-place", this.tick, element("b", "", place), element("bdi", "", given.file),
      element("small", "", data.kinds[given.kind] || given.kind)));
    this.fields = given.cells.map((cell) => this.field(cell));
    const cells = element("div", "wait-cells", ...this.fields.map((one) => one.label));
    this.item.replaceChildren(head, reason, cells, element("footer", "", this.toggle(cells), this.says, save, again));
    this.item.addEventListener("keydown", (event) => this.key(event));
  }

  field(cell) {
    const isLong = cell.value.length > LONG || cell.value.includes("\n");
    const input = element(isLong ? "textarea" : "input", "field");
    if (isLong) input.rows = 2;
    input.value = cell.value;
    input.maxLength = 100000;
    input.autocomplete = "off";
    input.spellcheck = false;
    if (cell.wrong) {
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", `reason-${this.given.id}`);
    }
    input.addEventListener("input", () => this.changed());
    const meaning = cell.name ? (data.columns[this.given.kind] || {})[cell.name] : null;
    const title = element("span", "", element("bdi", "", cell.heading));
    if (meaning && meaning !== cell.heading) title.append(element("small", "", meaning));
    const label = element("label", [isLong ? "is-long" : "", cell.wrong ? "is-wrong" : ""].join(" ").trim(), title, input);
    return { cell, input, label };
  }

  /* A row of many cells shows those that are to blame and a few more. */
  toggle(cells) {
    const rest = this.fields.slice(FEW).filter((one) => !one.cell.wrong);
    if (rest.length < 2) return "";
    const show = (all) => {
      for (const one of rest) one.label.hidden = !all;
      more.textContent = all ? text("wait_fewer_cells") : text("wait_more_cells", { n: rest.length });
      more.setAttribute("aria-expanded", String(all));
    };
    const more = button("link", "", () => show(more.getAttribute("aria-expanded") !== "true"));
    show(false);
    return more;
  }

  said() {
    return Object.fromEntries(this.fields.filter((one) => one.input.value !== one.cell.value).map((one) => [one.cell.heading, one.input.value]));
  }

  changed() {
    const isChanged = Object.keys(this.said()).length > 0;
    this.saving.disabled = !isChanged;
    this.item.classList.toggle("is-changed", isChanged);
    this.says.textContent = isChanged ? text("wait_unsaved") : "";
  }

  /** Saves what was typed; true when it is saved or there was nothing to save. A saved row is chosen to be taken again. */
  async save() {
    const content = this.said();
    if (!Object.keys(content).length) return true;
    this.saving.disabled = true;
    this.says.textContent = text("wait_saving");
    try {
      await send(`/api/quarantine/${this.given.id}`, { content }, "PATCH");
    } catch (error) {
      this.says.textContent = error.message + " " + (error.remedy || "");
      this.saving.disabled = false;
      return false;
    }
    for (const one of this.fields) if (one.cell.heading in content) one.cell.value = content[one.cell.heading];
    this.changed();
    this.says.textContent = text("wait_saved");
    this.item.classList.add("is-saved");
    this.tick.checked = true;
    this.list.changed();
    return true;
  }

  focus() {
    const wrong = this.fields.find((one) => one.cell.wrong) || this.fields[0];
    if (wrong) wrong.input.focus();
    this.item.scrollIntoView({ block: "nearest" });
  }

  async key(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    if (await this.save()) this.list.goOn(this);
  }
}

function button(className, label, run) {
  const made = element("button", className, label);
  made.type = "button";
  made.addEventListener("click", run);
  return made;
}
