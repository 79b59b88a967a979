/* Sends a file as it is, with progress in bytes; and what a number of bytes is called. */

import { Problem } from "./api.js";
import { data, number, text } from "./page.js";

/** POSTs the bytes of a file; `progressed(bytes)` is called on the way, `signal` breaks off,
    `headers` go with it. Resolves to the JSON answer. */
export function sendFile(address, file, progressed = () => {}, signal = undefined, headers = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch tells nothing on the way
    const fail = (given) => reject(new Problem(given));
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    const token = document.querySelector('meta[name="csrf-token"]');
    if (token) request.setRequestHeader("X-CSRFToken", token.content);
    request.upload.addEventListener("progress", (event) => progressed(event.loaded));
    request.addEventListener("error", () => fail({ detail: text("offline"), code: "offline" }));
    request.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
    request.addEventListener("load", () => {
      if (request.status === 401) {
        location.assign(data.sign_in + "?next=" + encodeURIComponent(location.pathname + location.search));
        return;
      }
      const answer = parsed(request.responseText);
      if (request.status < 300 && answer) resolve(answer);
      else fail({ status: request.status, ...answer });
    });
    if (signal) signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

function parsed(answer) {
  try {
    return JSON.parse(answer);
  } catch (error) {
    return null;
  }
}

/** 12.3 MB */
export function bytes(count) {
  if (count < 1000) return `${number(count)} B`;
  if (count < 1e6) return `${number(count / 1e3)} kB`;
  return count < 1e9 ? `${number(count / 1e6, 1)} MB` : `${number(count / 1e9, 1)} GB`;
}
