/* Name and kind of a grid, changed in place on the right. */

import { data, element, text, toast } from "./page.js";

export class DetailsForm {
  constructor(panel) {
    this.panel = panel;
    this.form = document.getElementById("details-form");
    this.name = document.getElementById("details-name");
    this.kind = document.getElementById("details-kind");
    this.facts = document.getElementById("details-facts");
    this.button = document.getElementById("details-save");
    this.done = null;
    this.before = {};
    this.kind.replaceChildren(...Object.entries(data.kinds).map(([value, said]) => {
      const option = element("option", "", said);
      option.value = value;
      return option;
    }));
    this.kind.parentElement.hidden = this.kind.options.length < 2; // as for areas of the police
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const name = this.name.value.trim();
      const isSame = name === this.before.name && this.kind.value === this.before.kind;
      if (this.done && !isSame) this.done({ ...(name ? { name } : {}), kind: this.kind.value });
      else if (isSame) toast(text("details_same"));
    });
  }

  /** Asks for name and kind; `label` is what the button says, `done({name, kind})` what it does. `facts`: [title, value] each. */
  ask({ name, kind }, label, done, facts = []) {
    this.done = done;
    this.name.value = name;
    this.name.required = Boolean(name); // a new grid may be named by the server
    this.name.pattern = this.name.required ? ".*\\S.*" : ".*";
    this.kind.value = kind in data.kinds ? kind : "basic";
    this.before = { name, kind: this.kind.value };
    this.button.textContent = text(label);
    this.facts.replaceChildren(...facts.map(([title, value, isOpen]) => element("div", "", element("dt", "", title), element("dd", isOpen ? "is-open" : "", value))));
    this.form.hidden = false;
    this.panel.hidden = false;
    document.getElementById("map-page").classList.add("right-open");
  }

  get isOpen() {
    return !this.form.hidden;
  }

  hide() {
    this.done = null;
    this.form.hidden = true;
  }
}

/** How many balanced grids shall stand in the place of those that were chosen. */
export class BalanceForm {
  constructor(panel) {
    this.panel = panel;
    this.form = document.getElementById("balance-form");
    this.count = document.getElementById("balance-count");
    this.tolerance = document.getElementById("balance-tolerance");
    this.done = null;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.done && this.form.reportValidity()) this.done(Number(this.count.value), Number(this.tolerance.value));
    });
  }

  /** `done(count, tolerance)`; the tolerance is a share. */
  ask(count, title, done) {
    this.done = done;
    this.count.value = String(count);
    document.getElementById("numbers-title").textContent = title;
    this.form.hidden = false;
    this.panel.hidden = false;
    document.getElementById("map-page").classList.add("right-open");
  }

  hide() {
    this.done = null;
    this.form.hidden = true;
  }
}
