/* The desk of the editor: the draft, the grids, the tool in use; what a tool asks for, and what is shown while something is
   drawn or dragged. */

import { busy, data, number, text, toast } from "./page.js";
import { Acts, featuresOf } from "./grids_edit_acts.js";
import { Areas } from "./grids_edit_areas.js";
import { Base } from "./grids_edit_base.js";
import { CommunityForms } from "./grids_edit_community_forms.js";
import { Draft } from "./grids_edit_draft.js";
import { Drawing } from "./grids_edit_drawing.js";
import { BalanceForm, DetailsForm } from "./grids_edit_form.js";
import { GridMap } from "./grids_edit_map.js";
import { Numbers } from "./grids_edit_numbers.js";
import { DraftPanel, shortener } from "./grids_edit_panel.js";
import { Snapping } from "./grids_edit_snapping.js";
import { SubmitForm } from "./grids_edit_submit.js";
import { TOOLS } from "./grids_edit_tools.js";
import { Topology } from "./grids_edit_topology.js";

const at = (id) => document.getElementById(id);

export class Desk {
  constructor(map) {
    this.map = map;
    this.topology = new Topology();
    this.base = new Base();
    this.grids = new GridMap(map, this.topology, ({ code }) => this.base.differs(this.topology, code));
    this.snapping = new Snapping(map, this.topology);
    this.drawing = new Drawing(map, this.snapping);
    this.numbers = new Numbers(at("numbers-panel"), at("numbers"), at("numbers-title"));
    this.form = new DetailsForm(at("numbers-panel"));
    this.balance = new BalanceForm(at("numbers-panel"));
    this.areas = new Areas(data.levels);
    this.communities = new CommunityForms(at("numbers-panel"), this.areas, (operation) => this.perform(operation));
    this.panel = new DraftPanel({ fault: (fault) => this.goToFault(fault), rebase: () => this.acts.rebase(), short: (code) => this.short(code) });
    this.submitting = new SubmitForm({
      describe: (values) => this.acts.describe(values), submit: () => this.acts.submit(), addScan: (file) => this.acts.addScan(file)
    }, data.change);
    this.draft = new Draft(data.change, { changed: (change) => this.changed(change), stale: () => this.stale() });
    this.short = String; // writes a code without what all have in common
    this.name = "details";
    this.tool = null;
    this.acts = new Acts(this);
    map.on("click", ({ latlng }) => this.clicked(latlng));
  }

  async load({ fit = false } = {}) {
    const done = busy();
    try {
      const [change, features] = [await this.draft.load(), await this.draft.grids()];
      this.base.take(change.position ? await this.draft.grids(true) : features);
      this.topology.takeAll(features);
      this.short = shortener(this.topology.grids.keys());
      this.grids.drawAll();
      this.changed(change);
      if (fit && !features.length) this.say(text("no_grids"), "is-wrong");
    } finally {
      done();
    }
  }

  changed(change) {
    this.panel.show(change);
    this.panel.saved();
    this.panel.lease(change.lease);
    this.submitting.show(change);
    this.grids.drawFaults(change.faults);
    at("map-page").classList.toggle("is-read-only", !change.may.edit);
    for (const button of document.querySelectorAll("[data-tool]")) {
      button.hidden = data.tools_without_use.includes(button.dataset.tool);
      button.disabled = button.hidden || (!change.may.edit && button.dataset.tool !== "details");
    }
  }

  /** The codes of the grids that the draft has made or changed. */
  touched() {
    return [...this.topology.grids.keys()].filter((code) => this.base.differs(this.topology, code));
  }

  /** What others do and did meanwhile. */
  beside(change) {
    this.panel.lease(change.lease);
    this.panel.beneath(change);
  }

  async stale() {
    this.acts.steps = [];
    await this.load();
    toast(text("was_stale"), { error: true });
    if (!this.form.isOpen) this.begin(this.name); // what is typed there was not saved, and can be sent again
  }

  // -- tools ----------------------------------------------------------------------------------------------

  /** Begins a tool, also the one that is in use: everything half done is forgotten. */
  begin(name) {
    if (this.tool && this.tool.stop) this.tool.stop();
    this.drawing.stop();
    this.draft.forgetPreviews();
    this.grids.mark({});
    this.grids.drawChanges([]);
    this.form.hide();
    this.balance.hide();
    this.communities.hide();
    this.numbers.hide();
    this.name = name;
    for (const button of document.querySelectorAll("[data-tool]")) button.setAttribute("aria-pressed", String(button.dataset.tool === name));
    this.tool = TOOLS[name](this);
  }

  /** Says what to do next; `finish`: a line can be ended by a button, `act`: what another button does. */
  hint(key, { finish = false, act = null, values = {} } = {}) {
    this.say(text(key, values));
    at("hint-finish").hidden = !finish;
    at("hint-act").hidden = !act;
    if (act) at("hint-act").textContent = text(act, values);
    at("hint-leave").hidden = this.name === "details";
  }

  say(sentence, className = "") {
    at("hint").className = className;
    at("hint").textContent = sentence;
  }

  /** Refused here, without asking: why, in the place of the hint. */
  refused(reason) {
    this.say(text("refused_" + reason), "is-wrong");
  }

  /** Whether a line is being drawn or a boundary held. */
  isInHand() {
    return this.drawing.count() > 0 || Boolean(this.tool && this.tool.dragging && this.tool.dragging.held);
  }

  /** Whether a click on a grid means something to the tool just now. */
  takesClicks() {
    return Boolean(!this.drawing.isDrawing && !this.acts.isActing && this.tool && this.tool.clicked);
  }

  clicked({ lng, lat }) {
    if (this.takesClicks()) this.tool.clicked([lng, lat], this.topology.gridAt([lng, lat]));
  }

  act() {
    if (this.acts.job) this.acts.cancelProposal();
    else if (this.tool.act) this.tool.act();
    else this.enter();
  }

  enter() {
    if (this.drawing.isDrawing) this.drawing.finish();
    else if (this.tool.enter) this.tool.enter();
  }

  /** One step out of what is under way: what is held, what is drawn, the tool. */
  escape() {
    if (this.tool.cancel && this.tool.cancel()) return;
    this.begin(this.drawing.count() || this.grids.marked.size ? this.name : "details");
  }

  /** Looks at a grid: its details on the right, to be changed in place. */
  choose(code) {
    this.grids.mark(code === null ? {} : { [code]: "chosen" });
    this.form.hide();
    this.numbers.hide();
    if (code === null) return;
    const { properties } = this.topology.grids.get(code);
    at("numbers-title").textContent = properties.name || code;
    const facts = [[text("details_code"), code, false], [text("details_area"), number(this.topology.area(code)) + "\u202fm²", false]];
    if (data.has_people) facts.push([text("numbers_leader"), properties.leader || text("numbers_no_leader"), !properties.leader]);
    if (properties.community) facts.splice(1, 0, [text("details_community"), properties.community_name || properties.community, false]);
    this.form.ask(properties, "details_save", (said) => this.perform({ op: "describe", code, ...said }), facts);
    this.tool.keep = () => {}; // a name that could not be saved stays to be sent again
    this.form.button.disabled = !this.draft.change.may.edit;
  }

  // -- while something is drawn or dragged --------------------------------------------------------------------

  /** A boundary was taken hold of, or let go ([]). */
  began(codes) {
    this.grids.mark(Object.fromEntries(codes.map((code) => [code, "moving"])));
    if (codes.length) this.hint("hint_dragging");
    else this.numbers.hide();
  }

  /** A frame of a drag: areas at once, the rest as soon as the server says it. */
  moving(operation, scratch) {
    const codes = [...scratch.grids.keys()];
    const names = Object.fromEntries(codes.map((code) => [code, scratch.grids.get(code).properties.name]));
    const areas = Object.fromEntries(codes.map((code) => [code, scratch.area(code)]));
    this.numbers.showAreas(areas, names, text("numbers_title"));
    this.preview(operation, { shows: false });
  }

  async preview(operation, { shows = true, tells = false } = {}) {
    const name = this.name;
    try {
      const answer = await this.draft.preview(operation);
      if (!answer || name !== this.name || this.acts.isActing) return;
      this.numbers.show(this.acts.told(answer), text("numbers_title"));
      if (shows) this.grids.drawChanges(featuresOf(answer));
    } catch (error) {
      if (name !== this.name || this.acts.isActing) return;
      if (shows) this.grids.drawChanges([]);
      // A line that is still being drawn is refused at every step: only where the tool is ready is it said.
      if (tells) this.say(error.message, "is-wrong");
    }
  }

  /** A drag has ended: the server does it. */
  drop(operation) {
    this.perform(operation);
  }

  perform(operation) {
    this.acts.perform(operation);
  }

  goToFault(fault) {
    this.grids.drawFaults(this.draft.change.faults, fault);
    if (fault.geometry) this.grids.goTo(fault.geometry, this.shell.padding());
  }
}
