/* The form of the draft: title, reason, dates, number of the paper; each is saved as it is left. What could not be saved
   stays as it was typed, also when the page is left, and nothing is submitted without it. Submitting is refused by the
   server with the list of faults, which then stands here. */

import { bytes } from "./data_send.js";
import { areaSays } from "./grids_edit_panel.js";
import { element, text } from "./page.js";

const FIELDS = ["title", "reason_code", "reason", "surveyed_on", "effective_on", "document_number", "approved_on"];
const at = (id) => document.getElementById(id);
const field = (name) => at("submit-" + name);

/** A link to a scanned paper of a change. */
export function scanLink(change, { id, name, size }) {
  const link = element("a", "link", element("bdi", "", name), " ", element("small", "", bytes(size)));
  link.href = `/api/grid-changes/${change.id}/scans/${id}`;
  return link;
}

export class SubmitForm {
  /** `owner`: describe(values), submit(), addScan(file). `id`: of the draft. */
  constructor(owner, id) {
    this.owner = owner;
    this.key = "geo-draft-" + id;
    this.dialog = at("submit-dialog");
    this.change = null;
    this.written = new Set(); // fields whose words are not at the server yet: no answer writes over them
    for (const name of FIELDS) {
      field(name).addEventListener("input", () => this.keep(name));
      field(name).addEventListener("change", () => this.save(name));
    }
    at("submit-on_paper").addEventListener("change", (event) => this.describe({ on_paper: event.target.checked }).then(() => this.show(this.change)));
    at("scan").addEventListener("change", (event) => {
      const [file] = event.target.files;
      event.target.value = "";
      if (file) owner.addScan(file);
    });
    at("submit-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog || event.target.closest("[data-close]")) this.dialog.close();
    });
    for (const [name, said] of Object.entries(JSON.parse(sessionStorage.getItem(this.key) || "{}"))) {
      field(name).value = said;
      this.keep(name);
      field(name).setAttribute("aria-invalid", "true");
    }
  }

  /** Keeps what a field says until the server has it. */
  keep(name) {
    this.written.add(name);
    this.store();
  }

  store() {
    const said = Object.fromEntries([...this.written].map((name) => [name, field(name).value]));
    if (this.written.size) sessionStorage.setItem(this.key, JSON.stringify(said));
    else sessionStorage.removeItem(this.key);
  }

  open() {
    this.dialog.showModal();
    this.show(this.change);
  }

  show(change) {
    this.change = change;
    for (const name of FIELDS) if (!this.written.has(name)) field(name).value = change[name] || "";
    at("submit-on_paper").checked = change.on_paper;
    at("paper").hidden = !change.on_paper;
    at("scans").replaceChildren(...change.scans.map((one) => element("li", "", scanLink(change, one))));
    const blocking = change.faults.filter((fault) => fault.blocks);
    const { stale, stale_areas: areas } = change;
    this.problem([
      ...(this.unsaved().length ? [text("submit_unsaved")] : []),
      ...(blocking.length ? [text("submit_faults", { n: blocking.length })] : []),
      ...(stale.length ? [text("submit_stale", { n: stale.length })] : []),
      ...(areas.length ? [text("submit_stale_areas", { areas: areas.map(areaSays).join("、") })] : []),
      ...(change.position === 0 ? [text("submit_nothing")] : [])
    ]);
  }

  problem(sentences) {
    at("submit-problem").hidden = !sentences.length;
    at("submit-problem").replaceChildren(...sentences.map((one) => element("p", "", one)));
  }

  /** The fields whose words the server did not take. */
  unsaved() {
    return FIELDS.filter((name) => field(name).getAttribute("aria-invalid") === "true");
  }

  async save(name) {
    const said = field(name).value;
    const value = said.trim();
    const { badInput, rangeOverflow, rangeUnderflow } = field(name).validity;
    const isWhole = !(badInput || rangeOverflow || rangeUnderflow); // no half day, nor one of a year with six digits
    const isSaved = isWhole && (await this.describe({ [name]: value || (field(name).type === "date" ? null : "") }));
    if (field(name).value === said) {
      if (isSaved) this.written.delete(name);
      field(name).setAttribute("aria-invalid", String(!isSaved));
    }
    this.store();
    if (!isWhole) this.show(this.change);
  }

  /** Whether the server took it; if not, why stands in the form. */
  async describe(values) {
    try {
      await this.owner.describe(values);
      return true;
    } catch (error) {
      this.problem([text("submit_unsaved"), error.message, error.remedy].filter(Boolean));
      return false;
    }
  }

  async send() {
    const missing = [...this.dialog.querySelectorAll("[required]")].find((one) => !one.value.trim());
    if (missing) {
      this.problem([text("submit_missing")]);
      missing.focus();
      return;
    }
    at("submit-send").disabled = true;
    try {
      for (const name of [...this.written]) await this.save(name);
      const [unsaved] = this.written;
      if (unsaved) return field(unsaved).focus();
      await this.owner.submit();
    } catch (error) {
      this.problem([error.message, error.remedy].filter(Boolean));
    } finally {
      at("submit-send").disabled = false;
    }
  }
}
