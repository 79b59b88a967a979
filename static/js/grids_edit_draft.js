/* The draft at the server: its tag, what is asked of it one after the other, and who else edits it. Knows no map and no page.

   Every answer with another revision is told to the owner. When somebody else changed the draft in between (412), it is
   read again and the owner is told so; what was asked for is not done. */

import { get, Problem, query, send } from "./api.js";
import { sendFile } from "./data_send.js";

const LEASE_EVERY_MS = 30000;

export class Draft {
  /** `owner`: changed(change, answer), stale(error). */
  constructor(id, owner) {
    this.id = id;
    this.owner = owner;
    this.change = null;
    this.turn = Promise.resolve();
    this.waiting = null; // the newest preview that has to wait for the one under way
    this.asking = false;
    this.previews = 0;
    this.forgotten = 0; // how often previews were forgotten: one that was under way then is no longer wanted
  }

  get path() {
    return `/api/grid-changes/${this.id}`;
  }

  get tag() {
    return `"${this.change.tag}"`;
  }

  async load() {
    this.change = await get(this.path);
    return this.change;
  }

  /** The grids as the draft has them now, or as they were when it began: GeoJSON features. */
  async grids(before = false) {
    return (await get(this.path + "/grids", before ? { before: true } : {})).features;
  }

  /** The communities and towns as the draft leaves them: {areas, taken}. */
  areas() {
    return get(this.path + "/areas");
  }

  operate(operation) {
    return this.ask("/operations", operation);
  }

  undo() {
    return this.ask("/undo", {});
  }

  redo() {
    return this.ask("/redo", {});
  }

  rebase() {
    return this.ask("/rebase", {});
  }

  submit() {
    return this.ask("/submit", {});
  }

  withdraw() {
    return this.ask("/withdraw", {});
  }

  file(number) {
    return this.ask("/filing", { document_number: number });
  }

  decide(decision, comment) {
    return this.ask("/decision", { decision, comment });
  }

  comment(said) {
    return this.ask("/comments", { comment: said });
  }

  describe(values) {
    return this.ask("", values, "PATCH");
  }

  /** Takes the grids of a file into the draft, as one step. */
  async takeFile(file) {
    const { upload } = await sendFile("/api/imports/files" + query({ name: file.name }), file);
    return this.ask("/file", { upload });
  }

  /** Adds a scanned paper. */
  addScan(file) {
    return this.turned((headers) => sendFile(this.path + "/scans" + query({ name: file.name }), file, () => {}, undefined, headers));
  }

  ask(path, value, method = "POST") {
    return this.turned((headers) => send(this.path + path, value, method, { headers }));
  }

  /* One after the other: each is asked with the tag that the one before left. */
  turned(asked) {
    const act = async () => {
      try {
        const answer = await asked({ "If-Match": this.tag });
        this.change = answer.change || answer;
        this.owner.changed(this.change, answer);
        return answer;
      } catch (error) {
        if (error.status !== 412) throw error;
        await this.load();
        await this.owner.stale(error);
        throw new Superseded(error);
      }
    };
    const done = this.turn.then(act, act);
    this.turn = done.catch(() => {});
    return done;
  }

  /** What an operation would do; one question is under way, and only the newest waits. Resolves to null when a newer one
      took its place, or nobody wants it any more. */
  preview(operation) {
    if (this.waiting) this.waiting.resolve(null);
    return new Promise((resolve, reject) => {
      this.waiting = { operation, resolve, reject };
      this.nextPreview();
    });
  }

  async nextPreview() {
    if (this.asking || !this.waiting) return;
    const { operation, resolve, reject } = this.waiting;
    this.waiting = null;
    this.asking = true;
    const { forgotten } = this;
    const wanted = () => forgotten === this.forgotten;
    try {
      const answer = await send(this.path + "/preview", operation);
      resolve(wanted() ? answer : null);
    } catch (error) {
      if (wanted()) reject(error);
      else resolve(null);
    } finally {
      this.asking = false;
      this.previews += 1;
      this.nextPreview();
    }
  }

  forgetPreviews() {
    this.forgotten += 1;
    if (this.waiting) this.waiting.resolve(null);
    this.waiting = null;
  }

  /** Says from time to time who edits here; `told(change)` is called with the change as it is by then. */
  keepLease(told) {
    const renew = async () => {
      try {
        told(await send(this.path + "/lease", {}, "PUT"));
      } catch (error) {
        if (!(error instanceof Problem)) throw error; // who else is here is worth knowing, not worth stopping for
      }
    };
    renew();
    return setInterval(renew, LEASE_EVERY_MS);
  }
}

/** What was asked for was not done, since somebody else changed the draft; the owner has been told. */
export class Superseded extends Error {
  constructor(cause) {
    super(cause.message);
    this.cause = cause;
  }
}
