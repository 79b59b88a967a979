/* One grid and its people: appointed, corrected, ended, taken back; each act from the state that was seen. */

import { get, send } from "./api.js";
import { busy, data, element, endAct, text, toast } from "./page.js";

const ROLES = ["grid_leader", "full_time", "part_time", "police_officer"];
const KINDS = ["basic", "dedicated", "police_grid", "micro_grid"];

export class GridCard {
  /** `changed(grid)` is called after each act with the grid as it is now, `closed()` when the card is closed. */
  constructor(box, { changed, closed }) {
    this.box = box;
    this.changed = changed;
    this.closed = closed;
    this.rights = {};
    this.asked = 0;
  }

  async open(id, rights) {
    this.rights = rights;
    this.box.hidden = false;
    const mine = ++this.asked;
    const done = busy();
    try {
      const grid = await get(`/api/grids/${id}/people`);
      if (mine === this.asked) this.draw(grid);
    } catch (error) {
      if (mine === this.asked) this.box.replaceChildren(this.closer(), element("p", "people-problem", error.message));
    } finally {
      done();
    }
  }

  close() {
    this.asked += 1;
    this.box.hidden = true;
    this.box.replaceChildren();
    this.closed();
  }

  draw(grid) {
    this.grid = grid;
    const where = [grid.code, text("kind_" + grid.kind), grid.town, grid.community].filter(Boolean).join(" · ");
    const title = element("div", "", element("h2", "", grid.name), element("small", "", where));
    const parts = [element("header", "", title, this.closer())];
    parts.push(element("h3", "", text("people_in_office")), this.terms(grid));
    if (this.rights.may) parts.push(this.appointing(grid));
    if (this.rights.mayDescribe) parts.push(this.describing(grid));
    parts.push(this.history(grid), this.acts(grid));
    this.box.replaceChildren(...parts);
    this.box.scrollTop = 0;
  }

  closer() {
    const button = element("button", "button button-quiet", text("people_close"));
    button.type = "button";
    button.addEventListener("click", () => this.close());
    return button;
  }

  terms(grid) {
    if (!grid.people.length) return element("p", "people-missing", text("people_no_leader"));
    return element("ul", "people-terms", ...grid.people.map((one) => this.term(one)));
  }

  term(one) {
    const days = [one.since && !one.holds ? text("people_from", { day: one.since }) : "", one.until ? text("people_until", { day: one.until }) : ""];
    const said = [text("role_" + one.role), ...days].filter(Boolean).join(" · ");
    const phone = one.telephone ? element("span", "tel", " " + one.telephone) : one.role === "grid_leader" ? element("span", "people-missing", " " + text("people_no_telephone")) : null;
    const line = element("div", "people-term", element("span", "", element("b", "", one.name || text("people_nobody")), phone, element("small", "", said)));
    const made = element("li", "", line);
    if (!this.rights.may) return made;
    line.append(this.opener(made, text("people_correct"), () => this.correcting(one)), this.opener(made, text("people_end"), () => this.ending(one)));
    return made;
  }

  /* A button that opens a form below its line, and closes it. */
  opener(item, label, make) {
    const button = element("button", "button button-quiet", label);
    button.type = "button";
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => {
      const isOpen = button.getAttribute("aria-expanded") === "true";
      for (const other of item.querySelectorAll("[aria-expanded]")) other.setAttribute("aria-expanded", "false");
      for (const form of item.querySelectorAll("form")) form.remove();
      if (isOpen) return;
      button.setAttribute("aria-expanded", "true");
      const form = make();
      item.append(form);
      form.querySelector("input, select").focus();
    });
    return button;
  }

  correcting(one) {
    const fields = {
      name: field("text", one.name, { required: true, maxLength: 60 }), telephone: field("tel", one.telephone, { maxLength: 40 }),
      since: field("date", one.since), until: field("date", one.until)
    };
    return this.form(text("people_save"), [
      [text("people_name"), fields.name], [text("people_telephone"), fields.telephone],
      [text("people_since"), fields.since], [text("people_last"), fields.until]
    ], () => this.act(`/people/${one.id}`, "PATCH", {
      name: fields.name.value, telephone: fields.telephone.value || null, since: fields.since.value || null, until: fields.until.value || null
    }, text("people_corrected")));
  }

  ending(one) {
    const day = field("date", one.since && one.since > data.today ? one.since : data.today, { required: true });
    return this.form(text("people_end_now"), [[text("people_end_on"), day, true]], () => this.act(
      `/people/${one.id}/end`, "POST", { on: day.value }, text("people_ended", { name: one.name })));
  }

  appointing(grid) {
    const leader = grid.people.find((one) => one.role === "grid_leader" && one.holds && one.name);
    const role = choice(ROLES, "role_", leader ? "full_time" : "grid_leader");
    const fields = { name: field("text", "", { required: true, maxLength: 60 }), telephone: field("tel", "", { maxLength: 40 }), since: field("date", data.today) };
    const note = element("p", "remark", "");
    const tell = () => { note.textContent = leader && role.value === "grid_leader" ? text("people_leader_ends", { name: leader.name }) : ""; };
    role.addEventListener("change", tell);
    const form = this.form(text("people_appoint"), [
      [text("people_role"), role], [text("people_name"), fields.name], [text("people_telephone"), fields.telephone], [text("people_since"), fields.since]
    ], () => this.act("/people", "POST", {
      role: role.value, name: fields.name.value, telephone: fields.telephone.value || null, since: fields.since.value || null
    }, text("people_appointed", { name: fields.name.value.trim() })));
    form.insertBefore(note, form.lastElementChild);
    return element("section", "", element("h3", "", text("people_appoint_as")), form);
  }

  describing(grid) {
    const name = field("text", grid.name, { required: true, maxLength: 60 });
    const kind = choice(KINDS, "kind_", grid.kind);
    const form = this.form(text("people_grid_save"), [[text("people_grid_name"), name], [text("people_grid_kind"), kind]], () => this.act(
      "", "PATCH", { name: name.value, kind: kind.value }, text("people_described", { name: name.value.trim(), kind: text("kind_" + kind.value) }), false));
    form.insertBefore(element("p", "remark", text("people_grid_note")), form.lastElementChild);
    return element("details", "", element("summary", "", text("people_grid")), form);
  }

  /* Fields with their labels and one button; what was refused stands above it. */
  form(label, fields, run) {
    const button = element("button", "button", label);
    const problem = element("p", "people-problem", "");
    const made = element("form", "people-form", ...fields.map(([title, input, wide]) => element("label", wide ? "is-wide" : "", title, input)), problem, button);
    made.addEventListener("submit", async (event) => {
      event.preventDefault();
      button.disabled = true;
      problem.textContent = "";
      try {
        await run();
      } catch (error) {
        problem.textContent = [error.message, error.remedy].filter(Boolean).join(" ");
        button.disabled = false;
      }
    });
    return made;
  }

  history(grid) {
    const rows = grid.history.map((one) => element("li", "", element("span", "", `${one.name} · ${text("role_" + one.role)}`),
      element("span", "tel", text("people_span", { since: one.since || text("people_long"), until: one.until || text("people_now") }))));
    return element("details", "", element("summary", "", text("people_history")), element("ul", "people-history", ...rows));
  }

  acts(grid) {
    const notice = element("a", "button button-quiet", text("people_notice"));
    notice.href = data.notice + "?grid=" + grid.id;
    notice.target = "_blank";
    notice.rel = "noopener";
    const map = element("a", "button button-quiet", text("people_to_map"));
    map.href = data.map + "&grid=" + grid.id;
    const acts = element("div", "people-acts", notice, map);
    if (this.rights.may && grid.can_take_back) {
      const back = element("button", "button button-quiet", text("people_take_back"));
      back.type = "button";
      back.addEventListener("click", () => this.takeBack());
      acts.append(back);
    }
    return acts;
  }

  async takeBack() {
    try {
      await this.act("/people/take-back", "POST", {}, text("people_taken_back"), false);
    } catch (error) {
      toast(error.message, { error: true });
    }
  }

  /* Sends an act and shows what became of it. What was changed by somebody else is shown as it is now, and said. */
  async act(path, method, value, said, undo = true) {
    const { id, tag } = this.grid;
    endAct();
    const done = busy();
    try {
      this.grid = await send(`/api/grids/${id}${path}`, value, method, { headers: { "If-Match": `"${tag}"` } });
    } catch (error) {
      if (error.status !== 412) throw error;
      toast(text("people_stale"), { error: true });
      this.changed({ id });
      return;
    } finally {
      done();
    }
    this.changed(this.grid);
    toast(said, undo ? { action: { label: text("people_undo"), run: () => this.takeBack() } } : {});
  }
}

function field(type, value, more = {}) {
  const made = element("input", "field");
  Object.assign(made, { type, autocomplete: "off", ...more });
  made.value = value || "";
  return made;
}

function choice(names, prefix, value) {
  const made = element("select", "field", ...names.map((name) => {
    const option = element("option", "", text(prefix + name));
    option.value = name;
    return option;
  }));
  made.value = value;
  return made;
}
