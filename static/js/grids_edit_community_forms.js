/* On the right of the tool for communities: to which community the picked grids go, which communities go to another town,
   what a community or town is called. Each form is sent as one operation. Of the police the same for zones and stations. */

import { element, text } from "./page.js";

const NEW = "+"; // no code has it
const at = (id) => document.getElementById(id);

export class CommunityForms {
  /** `areas`: the draft's communities and towns; `act(operation)` has one done. */
  constructor(panel, areas, act) {
    this.panel = panel;
    this.areas = areas;
    this.act = act;
    this.codes = [];
    this.counts = new Map();
    this.written = new Set(); // fields that the user filled in: no proposal writes over them
    for (const id of ["regroup-under", "regroup-code", "rehang-code"]) at(id).addEventListener("input", () => this.written.add(id));
    at("regroup-to").addEventListener("change", () => this.showTarget());
    at("regroup-under").addEventListener("change", () => this.propose());
    at("rehang-to").addEventListener("change", () => this.showTown());
    at("rehang-areas").addEventListener("change", () => this.showTown());
    at("rename-area").addEventListener("change", (event) => { at("rename-name").value = areas.name(event.target.value); });
    this.sends("regroup-form", () => this.regroup());
    this.sends("rehang-form", () => this.rehang());
    this.sends("rename-form", () => ({ op: "rename", area: at("rename-area").value, name: at("rename-name").value.trim() }));
  }

  sends(form, operation) {
    at(form).addEventListener("submit", (event) => {
      event.preventDefault();
      const asked = operation();
      if (asked) this.act(asked);
    });
  }

  /** Shows the forms with what there is to choose from. */
  open() {
    const { areas } = this;
    const [communities, towns, above] = [areas.byTown().map(group), areas.towns(), areas.holders()];
    const [newCommunity, newTown] = [above.length > 0, towns.some(({ parent }) => parent)];
    at("regroup-to").replaceChildren(choice("", text("choose_community")), ...(newCommunity ? [choice(NEW, text("new_community"))] : []), ...communities.map(copy));
    at("regroup-under").replaceChildren(...above.map(option));
    at("rehang-box").hidden = !towns.length;
    at("rehang-to").replaceChildren(choice("", text("choose_town")), ...(newTown ? [choice(NEW, text("new_town"))] : []), ...towns.map(option));
    at("rehang-areas").replaceChildren(...areas.byTown().map(checks));
    at("rename-area").replaceChildren(choice("", text("choose_area")), ...(towns.length ? [groupOf(text("towns"), towns.map(option))] : []), ...communities);
    this.written.clear();
    for (const id of ["regroup-name", "rehang-name", "rename-name"]) at(id).value = "";
    at("numbers-title").textContent = text("communities_title");
    at("communities-box").hidden = false;
    this.panel.hidden = false;
    at("map-page").classList.add("right-open");
    this.showTarget();
    this.showTown();
  }

  /** Takes which grids are picked, and of each community how many of how many: Map of code to {picked, all}. */
  pick(codes, counts) {
    this.codes = codes;
    this.counts = counts;
    at("regroup-picked").replaceChildren(...(codes.length ? [...counts].map(([code, { picked, all }]) => element("li", "",
      element("bdi", "", code === null ? text("no_community") : this.areas.name(code)),
      element("span", "", text(picked === all ? "picked_all" : "picked_some", { n: picked, all })))) : [element("li", "edit-none", text("picked_none"))]));
    for (const box of at("rehang-areas").querySelectorAll("input")) box.checked = counts.has(box.value);
    this.showTarget();
    this.showTown();
  }

  hide() {
    at("communities-box").hidden = true;
    this.codes = [];
    this.counts = new Map();
  }

  /** Sends what the first form says. */
  send() {
    at("regroup-form").requestSubmit();
  }

  showTarget() {
    const to = at("regroup-to").value;
    const isNew = to === NEW;
    at("regroup-new").hidden = !isNew;
    for (const name of ["name", "under", "code"]) at("regroup-" + name).required = isNew;
    at("regroup-send").textContent = text("act_regroup", { n: this.codes.length });
    at("regroup-send").disabled = !this.codes.length;
    const gone = [...this.counts].filter(([code, { picked, all }]) => code !== null && code !== to && picked === all).map(([code]) => this.areas.name(code));
    at("regroup-ends").hidden = !gone.length;
    at("regroup-ends").textContent = text("communities_end", { names: gone.join("、") });
    const from = this.from();
    if (from && this.areas.parent(from) && !this.written.has("regroup-under")) at("regroup-under").value = this.areas.parent(from);
    this.propose();
  }

  /* The community of which most grids are picked. */
  from() {
    return [...this.counts.keys()].find((code) => code !== null) || null;
  }

  propose() {
    if (!this.written.has("regroup-code")) at("regroup-code").value = at("regroup-under").value ? this.areas.free(at("regroup-under").value, this.from()) : "";
  }

  regroup() {
    const to = at("regroup-to").value;
    if (!this.codes.length) return null;
    if (to !== NEW) return { op: "regroup", codes: this.codes, to };
    const [code, name] = [at("regroup-code").value.trim(), at("regroup-name").value.trim()];
    return { op: "regroup", codes: this.codes, to: code, name, under: at("regroup-under").value };
  }

  /* Which communities are ticked. */
  ticked() {
    return [...at("rehang-areas").querySelectorAll("input:checked")].map((box) => box.value);
  }

  showTown() {
    const isNew = at("rehang-to").value === NEW;
    const chosen = this.ticked();
    at("rehang-new").hidden = !isNew;
    for (const name of ["name", "code"]) at("rehang-" + name).required = isNew;
    at("rehang-send").textContent = text("act_rehang", { n: chosen.length });
    at("rehang-send").disabled = !chosen.length;
    const town = this.areas.parent(chosen[0] || "") || (this.areas.towns()[0] || { code: null }).code;
    const county = this.areas.parent(town);
    if (!this.written.has("rehang-code")) at("rehang-code").value = county ? this.areas.free(county, town) : "";
  }

  rehang() {
    const [areas, to] = [this.ticked(), at("rehang-to").value];
    if (to !== NEW) return { op: "rehang", areas, to };
    return { op: "rehang", areas, to: at("rehang-code").value.trim(), name: at("rehang-name").value.trim() };
  }
}

function choice(value, said) {
  const made = element("option", "", said);
  made.value = value;
  return made;
}

function option({ code, name }) {
  return choice(code, `${name} ${code}`);
}

function group({ town, communities }) {
  return groupOf(town ? town.name : text("no_town"), communities.map(option));
}

function groupOf(label, options) {
  const made = element("optgroup", "", ...options);
  made.label = label;
  return made;
}

function copy(node) {
  return node.cloneNode(true);
}

function checks({ town, communities }) {
  return element("fieldset", "", element("legend", "", town ? town.name : text("no_town")), ...communities.map(({ code, name }) => {
    const box = element("input", "check");
    box.type = "checkbox";
    box.value = code;
    return element("label", "edit-check", box, element("bdi", "", name));
  }));
}
