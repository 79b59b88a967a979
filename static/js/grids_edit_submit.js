/* The form of the draft: title, reason, dates, number of the paper; each is saved as it is left. Submitting is refused by
   the server with the list of faults, which then stands here. */

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
  /** `owner`: describe(values), submit(), addScan(file). */
  constructor(owner) {
    this.owner = owner;
    this.dialog = at("submit-dialog");
    this.change = null;
    this.written = new Set(); // fields whose words are not at the server yet: no answer writes over them
    for (const name of FIELDS) {
      field(name).addEventListener("input", () => this.written.add(name));
      field(name).addEventListener("change", () => this.save(name));
    }
    at("submit-on_paper").addEventListener("change", (event) => owner.describe({ on_paper: event.target.checked }));
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

  async save(name) {
    const said = field(name).value;
    const value = said.trim();
    await this.owner.describe({ [name]: value || (field(name).type === "date" ? null : "") });
    if (field(name).value === said) this.written.delete(name);
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
      await this.owner.submit();
    } catch (error) {
      this.problem([error.message, error.remedy].filter(Boolean));
    } finally {
      at("submit-send").disabled = false;
    }
  }
}
