/* How many rows of the county wait: the number at the heading of their page. */

import { number } from "./page.js";

export function showWaiting(count) {
  const box = document.getElementById("waiting-count");
  box.hidden = !count;
  box.textContent = number(count);
}
