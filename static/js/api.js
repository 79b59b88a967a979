/* Asks the server. What was answered before is asked for by its tag, and not sent again while it holds. */

import { data, text } from "./page.js";

const kept = new Map();

/** An error that the server described: `message`, `remedy`, stable `code`. */
export class Problem extends Error {
  constructor(given) {
    super(given.detail || given.title || text("load_failed"));
    this.code = given.code || "unknown";
    this.status = given.status || 0;
    this.remedy = given.remedy || "";
  }
}

/** GET as JSON; `signal` cancels. */
export async function get(path, parameters = {}, signal = undefined) {
  const address = path + query(parameters);
  const known = kept.get(address);
  const headers = { Accept: "application/json" };
  if (known) headers["If-None-Match"] = known.tag;
  const response = await ask(address, { headers, signal });
  if (response.status === 304 && known) return known.value;
  const value = await read(response);
  const tag = response.headers.get("ETag");
  if (tag) kept.set(address, { tag, value });
  return value;
}

/** POST or another writing method, with JSON. */
export async function send(path, value, method = "POST") {
  const token = document.querySelector('meta[name="csrf-token"]');
  const headers = { Accept: "application/json", "Content-Type": "application/json" };
  if (token) headers["X-CSRFToken"] = token.content;
  return read(await ask(path, { method, headers, body: JSON.stringify(value) }));
}

function query(parameters) {
  const pairs = Object.entries(parameters).map(([name, value]) => name + "=" + encodeURIComponent(value));
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
