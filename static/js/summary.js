/* How many incidents the filters choose, asked once for everything on the page that shows it. */

import { get, query } from "./api.js";
import { filters } from "./state.js";

const ASKS = ["county", "area", "since", "until", "category", "hours", "valid"];
const listeners = new Set();
let asked = null;
let abort = null;

/** Calls `fn(answer)` with each new answer; with null when there is none. */
export function onSummary(fn) {
  listeners.add(fn);
}

/** Asks when the question differs from the one before. */
export async function loadSummary() {
  const all = filters();
  const question = Object.fromEntries(ASKS.filter((name) => name in all).map((name) => [name, all[name]]));
  if (query(question) === asked) return;
  if (abort) abort.abort();
  const { signal } = (abort = new AbortController());
  asked = query(question);
  let answer = null;
  try {
    answer = await get("/api/incidents/summary", question, signal);
  } catch (error) {
    if (signal.aborted) return;
    asked = null;
  }
  if (!signal.aborted) for (const fn of listeners) fn(answer);
}
