/* What a call was: its category, whether it counts, whether it could have been prevented. */

import { element } from "./page.js";

const at = (id) => document.getElementById(id);
const VALUES = { valid: [true, false], preventable: [true, false, null] };

export class Judgement {
  constructor() {
    this.values = { valid: true, preventable: null };
    for (const name of Object.keys(VALUES)) {
      at(name).addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (button) this.set(name, JSON.parse(button.dataset.value));
      });
    }
  }

  /** The categories that there are. */
  offer(names) {
    at("categories").replaceChildren(...names.map((name) => Object.assign(element("option", ""), { value: name })));
  }

  show({ category, valid, preventable }) {
    at("category").value = category;
    this.set("valid", valid);
    this.set("preventable", preventable);
  }

  set(name, value) {
    this.values[name] = value;
    for (const button of at(name).children) button.setAttribute("aria-pressed", String(JSON.parse(button.dataset.value) === value));
  }

  /** On to the next of the values that there are. */
  turn(name) {
    const values = VALUES[name];
    this.set(name, values[(values.indexOf(this.values[name]) + 1) % values.length]);
  }

  said() {
    return { category: at("category").value.trim(), ...this.values };
  }

  /** What is said otherwise than the call says it. */
  changes(call) {
    return Object.fromEntries(Object.entries(this.said()).filter(([name, value]) => value !== call[name]));
  }
}
