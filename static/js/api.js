/* Asks the server. What was answered before is asked for by its tag, and not sent again while it holds. */

import { data, text } from "./page.js";

const kept = new Map();
const MOST_KEPT = 80; // answers; the oldest go first

/** An error that the server described: `message`, `remedy`, stable `code`; `given` is all that it said. */
export class Problem extends Error {
  constructor(given) {
    super(given.detail || given.title || text("load_failed"));
    this.code = given.code || "unknown";
    this.status = given.status || 0;
    // The number under which an administrator finds a fault of the server in the log.
    this.remedy = [given.remedy, given.status >= 500 ? given.instance : ""].filter(Boolean).join(" ");
    this.given = given;
  }
}

/** GET as JSON; an array is a parameter that is repeated, null is left out; `signal` cancels. */
export async function get(path, parameters = {}, signal = undefined) {
  const address = path + query(parameters);
  const known = kept.get(address);
  const headers = { Accept: "application/json" };
  if (known) headers["If-None-Match"] = known.tag;
  const response = await ask(address, { headers, signal });
  if (response.status === 304 && known) return known.value;
  const value = await read(response);
  const tag = response.headers.get("ETag");
  if (tag) keep(address, { tag, value });
  return value;
}

/** POST or another writing method, with JSON; `more.headers` such as If-Match, `more.signal` cancels. */
export async function send(path, value, method = "POST", more = {}) {
  const token = document.querySelector('meta[name="csrf-token"]');
  const headers = { Accept: "application/json", "Content-Type": "application/json", ...more.headers };
  if (token) headers["X-CSRFToken"] = token.content;
  return read(await ask(path, { method, headers, body: JSON.stringify(value), signal: more.signal }));
}

function keep(address, answer) {
  kept.delete(address);
  kept.set(address, answer);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
}

/** The parameters as they follow an address, with the question mark. */
export function query(parameters) {
  const pairs = [];
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined) pairs.push(name + "=" + encodeURIComponent(one));
    }
  }
  return pairs.length ? "?" + pairs.join("&") : "";
}

async function ask(address, options) {
  try {
    return await fetch(address, { credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem({ detail: text("offline"), code: "offline" });
  }
}

async function read(response) {
  if (response.status === 401) {
    location.assign(data.sign_in + "?next=" + encodeURIComponent(location.pathname + location.search));
    return new Promise(() => {}); // the page is leaving
  }
  let value = {};
  try {
    value = await response.json();
  } catch (error) {
    if (response.ok) throw new Problem({ status: response.status });
  }
  if (!response.ok) throw new Problem({ status: response.status, ...value });
  return value;
}
