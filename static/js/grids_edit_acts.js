/* What the editor asks of the draft: operations, steps back and forward, the form, files, proposals; and what then is drawn
   and said. */

import { get, send } from "./api.js";
import { busy, data, number, text, toast } from "./page.js";
import { Superseded } from "./grids_edit_draft.js";
import { Topology } from "./grids_edit_topology.js";

const ASK_EVERY_MS = 700;
const WITHOUT_NUMBERS = ["describe", "regroup", "rehang", "rename"]; // no land moves
const OVER = ["done", "failed", "cancelled"];

export class Acts {
  /** `desk`: draft, panel, topology, grids, numbers, submitting, name, short(code), say(sentence, className), begin(tool), load(). */
  constructor(desk) {
    this.desk = desk;
    this.isActing = false;
    this.isProposing = false;
    this.steps = []; // by their number; a hole where the page did not see a step
    this.job = null;
    this.asked = null; // the operation that was asked for last
    this.later = []; // what was asked for while something was under way
  }

  /** Has an operation done, draws what it touched, and begins the tool anew; one that keeps what was chosen for it goes on
      after a refusal, and what is in hand by then stays in hand. */
  async perform(operation) {
    const asked = JSON.stringify(operation);
    if (this.isActing && asked === this.asked) return; // a button clicked twice
    this.asked = asked;
    if (this.isActing) return this.wait(() => this.perform(operation));
    this.isActing = true;
    this.desk.draft.forgetPreviews();
    this.desk.panel.saving();
    const done = busy();
    let said = null;
    let keep = null;
    let rows = [];
    try {
      const answer = await this.desk.draft.operate(operation);
      rows = this.told(answer);
      this.remember(answer);
      this.apply(answer.edit.retired, featuresOf(answer));
      said = () => this.done(operation, answer.edit, rows);
    } catch (error) {
      said = () => this.failed(error);
      keep = this.desk.tool.keep;
    } finally {
      this.isActing = false;
      done();
    }
    if (!keep && !this.desk.isInHand()) this.desk.begin(this.desk.name);
    said();
    if (keep) keep();
    this.goOn();
  }

  apply(retired, features) {
    for (const code of retired) {
      this.desk.topology.remove(code);
      this.desk.grids.draw(code);
    }
    for (const feature of features) {
      this.desk.topology.put(feature);
      this.desk.grids.draw(feature.properties.code);
    }
    this.desk.grids.later();
  }

  done({ op }, edit, rows) {
    const { operations, position } = this.desk.draft.change;
    const { into = "", of = [] } = operations[position - 1];
    const values = { into, of: of.join("、"), n: edit.created.length, made: edit.created.map(this.desk.short).join("、") };
    this.desk.say(text("done_" + op, values), "is-done");
    if (rows.length && !WITHOUT_NUMBERS.includes(op)) this.desk.numbers.show(rows, text("numbers_after"));
  }

  /** The numbers of an answer; areas alone, counted here, where the server says none. */
  told(answer) {
    if (answer.numbers.length) return answer.numbers;
    const scratch = new Topology();
    return featuresOf(answer).map((feature) => {
      const { code, name } = scratch.put(feature).properties;
      return { code, name, area_m2: scratch.area(code), before: this.desk.topology.grids.has(code) ? { area_m2: this.desk.topology.area(code) } : null };
    });
  }

  /** Keeps what a step took and made, so that undoing it needs no answer of all grids. */
  remember({ edit, features, change }) {
    const before = [...edit.retired, ...edit.changed].map((code) => this.desk.topology.feature(code));
    this.steps.length = change.position - 1;
    this.steps.push({ edit, before, after: features.features });
  }

  failed(error) {
    if (error instanceof Superseded) {
      this.later = []; // it was meant for what is no longer there
      return;
    }
    this.desk.grids.drawAll(); // a grid that was dragged goes back to where it was
    this.desk.panel.unsaved(text("not_saved"));
    if (error.code === "edit_refused" || error.status === 422) {
      this.desk.panel.saved();
      this.desk.say([error.message, error.remedy].filter(Boolean).join(" "), "is-wrong");
      const { geometry, codes } = error.given;
      this.desk.grids.drawRefusal(geometry || null);
      if (codes) this.desk.grids.mark(Object.fromEntries(codes.map((code) => [code, "other"])));
    } else complain(error);
  }

  /** What is asked for faster than the server answers waits for its turn; not while grids are proposed, which takes long. */
  wait(act) {
    if (!this.isProposing) this.later.push(act);
    else {
      this.desk.grids.drawAll(); // a boundary that was dragged goes back
      this.desk.refused("proposing");
    }
  }

  /** Takes the next of what waits. */
  goOn() {
    const next = this.later.shift();
    if (next) next();
  }

  /** One step back or forward ("undo", "redo"). One that finds nothing makes room for the next: left waiting, it would take
      back what is drawn later. */
  async step(name) {
    const { change } = this.desk.draft;
    this.asked = null;
    if (this.isActing) return this.wait(() => this.step(name));
    if (!change.may.edit || !(name === "undo" ? change.can_undo : change.can_redo)) return this.goOn();
    this.isActing = true;
    const done = busy();
    let said = () => this.desk.say(text("done_" + name), "is-done");
    try {
      const seen = this.steps[name === "undo" ? change.position - 1 : change.position];
      await this.desk.draft[name]();
      if (!seen) await this.desk.load();
      else if (name === "undo") this.apply(seen.edit.created, seen.before);
      else this.apply(seen.edit.retired, seen.after);
    } catch (error) {
      said = () => this.failed(error);
    } finally {
      this.isActing = false;
      done();
    }
    if (!this.desk.isInHand()) this.desk.begin(this.desk.name);
    said();
    this.goOn();
  }

  /** Saves what the form says. Throws what the server has against it. */
  async describe(values) {
    this.desk.panel.saving();
    try {
      await this.desk.draft.describe(values);
    } catch (error) {
      this.desk.panel.unsaved(text("not_saved"));
      throw error;
    }
  }

  async rebase() {
    try {
      await this.desk.draft.rebase();
      this.steps = [];
      await this.desk.load();
      toast(text("done_rebase"));
    } catch (error) {
      if (!(error instanceof Superseded)) complain(error);
    }
  }

  async submit() {
    await this.desk.draft.submit();
    location.assign(data.pages.list);
  }

  async discard() {
    try {
      await this.desk.draft.withdraw();
      location.assign(data.pages.list);
    } catch (error) {
      if (!(error instanceof Superseded)) complain(error);
    }
  }

  /** A drawing out of a file: one step, that can be undone as any other. */
  async takeFile(file) {
    const done = busy();
    this.desk.panel.saving();
    let said = () => {};
    try {
      const answer = await this.desk.draft.takeFile(file);
      this.remember(answer);
      this.apply(answer.edit.retired, featuresOf(answer));
      said = () => this.done({ op: "replace" }, answer.edit, []);
    } catch (error) {
      said = () => this.failed(error);
    } finally {
      done();
    }
    this.desk.begin("details");
    said();
  }

  async addScan(file) {
    const done = busy();
    try {
      await this.desk.draft.addScan(file);
    } catch (error) {
      if (!(error instanceof Superseded)) this.desk.submitting.problem([error.message, error.remedy]);
    } finally {
      done();
    }
  }

  /** Has balanced grids proposed in the place of some; a job draws them on the draft as one step. */
  async propose(codes, count, tolerance) {
    if (this.isActing) return;
    this.isActing = this.isProposing = true;
    const { draft } = this.desk;
    const done = busy();
    let said = () => {};
    try {
      let job = this.job = await send(draft.path + "/proposals", { codes, count, tolerance }, "POST", { headers: { "If-Match": draft.tag } });
      this.desk.hint("hint_proposing", { act: "cancel" });
      while (!OVER.includes(job.status)) {
        await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
        job = await get(`/api/jobs/${job.id}`);
      }
      this.steps = [];
      await this.desk.load();
      said = () => this.proposed(job);
    } catch (error) {
      said = () => this.failed(error);
    } finally {
      this.job = null;
      this.isActing = this.isProposing = false;
      done();
    }
    this.desk.begin("details");
    said();
  }

  proposed({ status, message, remedy, proposed }) {
    if (status === "cancelled") this.desk.say(text("proposal_cancelled"));
    else if (status !== "done") this.desk.say([message || text("proposal_failed"), remedy].filter(Boolean).join(" "), "is-wrong");
    else {
      const values = { n: number(proposed.count), share: number(100 * proposed.worst, 1), moved: number(proposed.moved) };
      this.desk.say(text(proposed.within ? "done_propose" : "done_propose_rough", values), proposed.within ? "is-done" : "is-wrong");
    }
  }

  async cancelProposal() {
    if (this.job) await send(`/api/jobs/${this.job.id}`, {}, "DELETE").catch(complain);
  }
}

export function featuresOf({ features }) {
  return features.features;
}

function complain(error) {
  toast([error.message, error.remedy].filter(Boolean).join(" "), { error: true });
}
