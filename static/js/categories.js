/* The categories of incidents that can be chosen, with how many there are of each. */

import { element, number, text } from "./page.js";
import { change, state } from "./state.js";

const MANY = 8; // more of them scroll

/** `answer`: the summary, whose categories are counted without the choice among them. */
export function drawCategories(box, answer) {
  const found = answer ? answer.categories : [];
  const title = element("div", "filter-title", element("span", "", text("category")));
  if (found.length < 2 && !state.category.length) {
    const one = found.length ? found[0].name || text("category_unknown") : "";
    const only = one ? text("category_one", { name: one }) : text("category_none");
    box.replaceChildren(title, element("p", "remark", only));
    return;
  }
  const all = element("button", "link", text("category_all"));
  all.type = "button";
  all.hidden = !state.category.length;
  all.addEventListener("click", () => change({ category: [] }));
  title.append(all);
  const focused = box.contains(document.activeElement) ? document.activeElement.dataset.category : undefined;
  const missing = state.category.filter((name) => !found.some((one) => one.name === name)).map((name) => ({ name, count: 0 }));
  const list = element("ul", found.length > MANY ? "checks checks-many" : "checks");
  list.append(...[...found, ...missing].map(line));
  box.replaceChildren(title, list);
  if (focused !== undefined) {
    const again = [...list.querySelectorAll("input")].find((one) => one.dataset.category === focused);
    if (again) again.focus();
  }
}

function line(one) {
  const tick = element("input", "check");
  tick.type = "checkbox";
  tick.dataset.category = one.name;
  tick.checked = state.category.includes(one.name);
  tick.addEventListener("change", () => {
    const others = state.category.filter((name) => name !== one.name);
    change({ category: tick.checked ? [...others, one.name] : others });
  });
  return element("li", "", element("label", "line", tick, element("span", "", one.name || text("category_unknown")),
    element("small", "", number(one.count))));
}
