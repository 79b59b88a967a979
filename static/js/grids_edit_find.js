/* A grid by its name or code, typed: gone to, and given to the tool under way as if it had been clicked. */

import { element, text } from "./page.js";
import { middle } from "./grids_edit_shapes.js";

const MOST = 2000; // more choices than these a list does not open at once

/** Codes of the grids that a typed text may mean: the one whose code it is, else those so named, else those whose name
    holds it or whose code ends with it. */
export function matches(grids, typed) {
  const asked = typed.trim().toLowerCase();
  if (!asked) return [];
  const all = [...grids.values()].map(({ code, properties }) => ({ code, name: (properties.name || "").toLowerCase() }));
  const rules = [({ code }) => code.toLowerCase() === asked, ({ name }) => name === asked,
    ({ code, name }) => name.includes(asked) || code.toLowerCase().endsWith(asked)];
  for (const rule of rules) {
    const found = all.filter(rule);
    if (found.length) return found.map(({ code }) => code);
  }
  return [];
}

export function startFind(desk) {
  const form = document.getElementById("find-form");
  const field = document.getElementById("find");
  const list = document.getElementById("find-list");
  const said = document.getElementById("find-said");
  const { grids } = desk.topology;

  field.addEventListener("focus", () => {
    field.select();
    list.replaceChildren(...[...grids.values()].slice(0, MOST).map(({ code, properties }) => {
      const choice = element("option", "", properties.name || "");
      choice.value = code;
      return choice;
    }));
  });
  // A choice from the list is a whole code at once; typed, it waits for Enter.
  field.addEventListener("input", (event) => {
    if (!event.inputType || event.inputType === "insertReplacementText") find();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    find();
  });

  function find() {
    const asked = field.value.trim();
    const codes = matches(grids, asked);
    said.textContent = codes.length > 1 ? text("find_many", { n: codes.length }) : asked && !codes.length ? text("find_none", { asked }) : "";
    said.hidden = !said.textContent;
    if (codes.length === 1) show(codes[0]);
    else if (codes.length) desk.shell.showGrids(desk.topology, codes);
    field.select();
  }

  function show(code) {
    desk.panels.makeRoom();
    const [lat, lon] = middle(grids.get(code).polygons);
    if (desk.takesClicks()) desk.tool.clicked([lon, lat], code);
    else desk.grids.mark({ [code]: "chosen" });
    desk.shell.showGrids(desk.topology, [code]); // beside the panel that came up
  }
}
