/* Quiet charts of counts: columns over time, and rows of names with a bar each. Text is set as text. */

import { element, number } from "./page.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 320;
const TOP = 20; // room for the number above a column
const TALL = 64;
const FOOT = 20;

function svg(tag, attributes, words) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  if (words !== undefined) made.textContent = String(words);
  return made;
}

/** Columns of `counts`. titles: what each is, for a pointer; marks: [{at: 0..counts.length, label}] below, at edges or,
    with `isCentred`, in the middle of a column; said: the whole in one sentence. The highest has its number on it, and stands out
    unless `isPlain`. */
export function columns({ counts, titles, marks, said, isCentred = false, isPlain = false, quiet = () => false }) {
  const most = Math.max(...counts, 1);
  const step = WIDTH / counts.length;
  const chart = svg("svg", { viewBox: `0 0 ${WIDTH} ${TOP + TALL + FOOT}`, class: "columns", role: "img", "aria-label": said });
  const highest = counts.indexOf(Math.max(...counts));
  counts.forEach((count, place) => {
    const tall = (TALL * count) / most;
    const bar = svg("rect", {
      x: place * step + 2, y: TOP + TALL - tall, width: step - 4, height: tall, rx: Math.min(2, tall),
      class: [place === highest && !isPlain ? "is-highest" : "", quiet(place) ? "is-quiet" : ""].join(" ").trim()
    });
    const reach = svg("rect", { x: place * step, y: 0, width: step, height: TOP + TALL, class: "reach" });
    reach.append(svg("title", {}, titles[place]));
    chart.append(bar, reach);
  });
  chart.append(svg("path", { d: `M0 ${TOP + TALL}H${WIDTH}`, class: "ground" }));
  if (counts[highest] > 0) {
    const x = Math.min(Math.max((highest + 0.5) * step, 16), WIDTH - 16);
    chart.append(svg("text", { x, y: TOP - 6, class: "peak", "text-anchor": "middle" }, number(counts[highest])));
  }
  for (const { at, label } of marks) {
    const x = (at + (isCentred ? 0.5 : 0)) * step;
    const anchor = isCentred || (at > 0 && at < counts.length) ? "middle" : at === 0 ? "start" : "end";
    chart.append(svg("text", { x, y: TOP + TALL + FOOT - 4, "text-anchor": anchor }, label));
  }
  return chart;
}

/** A row: a name, more about it, its count, and a bar as long as its part of `most`. With `act` it is a button. */
export function barRow({ name, more = null, count, most, act = null, pressed = null }) {
  const bar = element("i", "bar", element("i"));
  bar.firstChild.style.width = (most ? (100 * count) / most : 0) + "%";
  const made = element(act ? "button" : "div", "bar-row",
    element("span", "bar-name", name, more ? element("small", "", more) : null), element("b", "", number(count)), bar);
  if (act) {
    made.type = "button";
    made.addEventListener("click", act);
  }
  if (pressed !== null) made.setAttribute("aria-pressed", String(pressed));
  return element("li", "", made);
}
