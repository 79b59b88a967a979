/* Asks the server what a route would change: a moment after the last change, and only ever for the newest. */

import { send } from "./api.js";
import { filters } from "./state.js";

const REST_MS = 120;

export class Asking {
  /** `answered(said, points)` and `failed(error)` are called for the newest question only. */
  constructor(answered, failed) {
    this.answered = answered;
    this.failed = failed;
    this.rest = 0;
    this.abort = null;
  }

  /** `said`: mode and departures; `replaces`: the id of the route that is being changed. */
  soon(points, said, replaces) {
    this.stop();
    this.rest = setTimeout(() => this.ask(points, said, replaces), REST_MS);
  }

  stop() {
    clearTimeout(this.rest);
    if (this.abort) this.abort.abort();
  }

  async ask(points, { mode, departures }, replaces) {
    const { signal } = (this.abort = new AbortController());
    const { county, as_of: past, ...chosen } = filters(); // a route is drawn on the streets of today
    const asText = (value) => (Array.isArray(value) ? value.map(String) : String(value));
    const question = {
      county, points, mode, departures, replaces,
      filters: Object.fromEntries(Object.entries(chosen).map(([name, value]) => [name, asText(value)]))
    };
    try {
      const said = await send("/api/routes/preview", question, "POST", { signal });
      if (!signal.aborted) this.answered(said, points);
    } catch (error) {
      if (!signal.aborted) this.failed(error);
    }
  }
}
