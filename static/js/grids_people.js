/* Who is responsible for which grid: the list, what is open in it, and the grid that is being changed. The address of the
   page holds the grid, the words and the day. */

import { get, query } from "./api.js";
import { GridCard } from "./grids_people_card.js";
import { busy, data, element, number, text } from "./page.js";

const at = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.search);
const REST_MS = 120;
const WORKERS = ["full_time", "part_time"];
let answer = null;
let which = asked.get("which") === "open" ? "open" : "all";
let chosen = asked.get("grid");
const card = new GridCard(at("card"), { changed: (grid) => load().then(() => choose(grid)), closed: () => choose(null) });

async function load() {
  const day = at("day").value;
  const done = busy();
  try {
    answer = await get("/api/grid-people", { county: data.county.code, as_of: day && day !== data.today ? day : null });
    draw();
  } catch (error) {
    fail(error);
  } finally {
    done();
  }
}

function draw() {
  const values = { all: number(answer.grids.length), open: number(answer.open_items), leader: number(answer.without_leader), telephone: number(answer.without_telephone) };
  const isToday = answer.as_of === data.today;
  at("open").className = "people-open" + (isToday && answer.grids.length ? (answer.open_items ? " is-open" : " is-done") : "");
  at("open").replaceChildren(answer.grids.length ? text(answer.open_items ? "people_open" : "people_all_done", values) : "");
  if (!isToday) {
    const back = element("button", "link", text("people_today"));
    back.type = "button";
    back.addEventListener("click", () => {
      at("day").value = data.today;
      load();
    });
    at("open").replaceChildren(text("people_as_of", { day: answer.as_of }), " ", back);
  }
  at("open-count").textContent = answer.open_items ? number(answer.open_items) : "";
  for (const button of document.querySelectorAll("[data-which]")) button.setAttribute("aria-pressed", String(button.dataset.which === which));
  drawRows();
}

function drawRows() {
  const words = at("words").value.trim().toLowerCase();
  const found = answer.grids.filter((grid) => (which === "all" || grid.waits_for) && (!words || says(grid).includes(words)));
  at("table").hidden = !found.length;
  at("state").hidden = found.length > 0;
  at("state").className = "state";
  if (!answer.grids.length) at("state").replaceChildren(element("b", "", text("people_none")), element("p", "", text("people_none_more")));
  else at("state").replaceChildren(element("p", "", which === "open" && !words ? text("people_all_done", { all: number(answer.grids.length) }) : text("people_no_match")));
  at("rows").replaceChildren(...found.map(row));
  remember();
}

const HEADS = [...document.querySelectorAll(".people-table th")].map((head) => head.textContent);

function says(grid) {
  return [grid.code, grid.name, grid.town, grid.community, ...grid.people.flatMap((one) => [one.name, one.telephone || ""])].join(" ").toLowerCase();
}

function row(grid) {
  const name = element("button", "", grid.name);
  name.type = "button";
  name.setAttribute("aria-label", grid.name + " " + grid.code);
  const where = [grid.code, text("kind_" + grid.kind), grid.community || grid.town].filter(Boolean).join(" · ");
  const made = element("tr", "", element("td", "", name, element("small", "", where)),
    element("td", "", ...leader(grid)), element("td", "", ...people(grid, WORKERS)), element("td", "", ...people(grid, ["police_officer"])));
  for (const [place, cell] of [...made.children].entries()) cell.dataset.head = HEADS[place]; // on narrow screens it stands in the cell
  made.dataset.grid = grid.id;
  made.classList.toggle("is-chosen", String(grid.id) === String(chosen));
  made.addEventListener("click", () => choose(grid));
  return made;
}

function leader(grid) {
  const one = grid.people.find((other) => other.role === "grid_leader" && other.holds && other.name);
  if (!one) return [element("span", "people-missing", text("people_no_leader"))];
  return [element("span", "", one.name), one.telephone ? element("small", "tel", one.telephone) : element("small", "people-missing", text("people_no_telephone"))];
}

function people(grid, roles) {
  const found = grid.people.filter((one) => roles.includes(one.role) && one.holds);
  if (!found.length) return [element("span", "is-none", "–")];
  return found.map((one) => element("div", "", one.name, one.telephone ? element("small", "tel", one.telephone) : null));
}

/** Opens a grid beside the list, or closes it. */
function choose(grid) {
  chosen = grid ? String(grid.id) : null;
  at("layout").classList.toggle("has-card", Boolean(grid));
  for (const made of at("rows").children) made.classList.toggle("is-chosen", made.dataset.grid === chosen);
  if (grid) card.open(grid.id, { may: answer.can_change && answer.as_of === data.today, mayDescribe: answer.can_describe && answer.as_of === data.today });
  remember();
}

function remember() {
  const words = at("words").value.trim();
  history.replaceState(null, "", location.pathname + query({
    county: data.county.code, grid: chosen, q: words || null, which: which === "open" ? "open" : null,
    as_of: at("day").value && at("day").value !== data.today ? at("day").value : null
  }));
}

function fail(error) {
  const again = element("button", "button button-quiet", text("try_again"));
  again.type = "button";
  again.addEventListener("click", load);
  at("state").hidden = false;
  at("state").className = "state state-error";
  at("state").replaceChildren(element("b", "", error.message), element("p", "", error.remedy || ""), again);
  at("table").hidden = true;
}

let rest = 0;
at("words").value = asked.get("q") || "";
at("day").value = asked.get("as_of") || data.today;
at("words").addEventListener("input", () => {
  clearTimeout(rest);
  rest = setTimeout(() => { if (answer) drawRows(); }, REST_MS);
});
at("day").addEventListener("change", () => {
  if (!at("day").value) at("day").value = data.today;
  choose(null);
  load();
});
for (const button of document.querySelectorAll("[data-which]")) {
  button.addEventListener("click", () => {
    which = button.dataset.which;
    if (answer) draw();
  });
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && chosen && !event.defaultPrevented) card.close();
  if (event.key !== "/" || event.target.closest("input, select, textarea, dialog")) return;
  event.preventDefault();
  at("words").focus();
});
load().then(() => {
  const grid = answer && answer.grids.find((one) => String(one.id) === chosen);
  if (grid) choose(grid);
}).finally(() => { document.documentElement.dataset.ready = "true"; });
