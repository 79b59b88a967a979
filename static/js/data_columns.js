/* What each column of the file means, and what the words in some of them mean: proposed, and changed here. */

import { data, element, number, text } from "./page.js";

const at = (id) => document.getElementById(id);
const VALUES = 3; // of a column, to recognise it by
const LONG = 40; // letters of a value
const ROWS = 5;

export class Columns {
  /** `means(heading, name, before)` is called with a changed meaning, "" for none; `word(name, word, ours)` with a changed word. */
  constructor({ means, word }) {
    this.means = means;
    this.word = word;
    this.showsAll = false;
    at("more-rows").addEventListener("click", () => {
      this.showsAll = !this.showsAll;
      this.drawRows(this.proposal);
    });
  }

  draw(proposal) {
    this.proposal = proposal;
    const meanings = new Map(Object.entries(proposal.columns).map(([name, heading]) => [heading, name]));
    at("columns-says").textContent = text("data_columns_of", { n: number(meanings.size), all: number(proposal.headings.length) });
    at("columns").replaceChildren(...proposal.headings.map((heading, place) => this.row(heading, place, meanings)));
    at("words").replaceChildren(...this.words(proposal));
    this.drawRows(proposal);
  }

  row(heading, place, meanings) {
    const { proposal } = this;
    const meaning = meanings.get(heading) || "";
    const select = element("select", meaning ? "field" : "field is-none");
    select.append(option("", text("data_keep_as_is")));
    const title = (name) => data.columns[proposal.kind][name] || name;
    const perhaps = proposal.candidates[heading] || [];
    if (perhaps.length) select.append(group(text("data_perhaps"), perhaps.map((name) => option(name, title(name)))));
    select.append(...proposal.names.filter((name) => !perhaps.includes(name)).map((name) => option(name, title(name))));
    select.value = meaning;
    select.dataset.key = "column " + heading;
    select.setAttribute("aria-label", text("data_meaning_of", { heading }));
    select.addEventListener("change", () => this.means(heading, select.value, meaning));
    const values = [...new Set(proposal.first.map((row) => row[place]).filter((value) => value.trim()))].slice(0, VALUES);
    return element("tr", meaning ? "" : "is-kept", element("th", "", element("bdi", "", heading)),
      element("td", "values", ...values.map((value) => element("bdi", "", short(value)))), element("td", "", select));
  }

  /* Words of the file that are none of ours, each with a select of ours. */
  words(proposal) {
    return Object.entries(proposal.words).map(([name, words]) => element("div", "words",
      element("h3", "", text("data_words_of", { heading: proposal.columns[name] })),
      element("ul", "", ...words.unknown.map((one) => this.wordRow(name, one, words, proposal)))));
  }

  /* A word of a free column may stay as it is; of the others rows with such words wait. */
  wordRow(name, [word, count], words, proposal) {
    const titles = data.words[proposal.kind][name] || {};
    const open = words.is_free ? option(word, text("data_keep_as_is")) : option("", text("data_word_open"));
    const select = element("select", "field");
    select.append(open, ...words.choices.map((ours) => option(ours, titles[ours] || ours)));
    select.value = (proposal.values[name] || {})[word] || open.value;
    select.classList.toggle("is-none", select.value === open.value);
    select.dataset.key = `word ${name} ${word}`;
    select.addEventListener("change", () => this.word(name, word, select.value));
    return element("li", "", element("label", "", element("span", "", element("bdi", "", short(word)),
      element("small", "", text("data_rows", { n: number(count) }))), element("i", "", "→"), select));
  }

  drawRows(proposal) {
    const rows = this.showsAll ? proposal.first : proposal.first.slice(0, ROWS);
    const named = new Map(Object.entries(proposal.columns).map(([name, heading]) => [heading, name]));
    const heads = proposal.headings.map((heading) => {
      const cell = element("th", named.has(heading) ? "" : "is-kept", element("bdi", "", heading));
      cell.scope = "col";
      return cell;
    });
    const body = rows.map((row, place) => element("tr", "", element("th", "is-number", String(proposal.numbers[place])),
      ...row.map((cell) => element("td", "", element("bdi", "", short(cell))))));
    at("first-rows").replaceChildren(element("table", "data-table rows-table",
      element("thead", "", element("tr", "", element("th", "is-number", unitName(proposal.unit)), ...heads)), element("tbody", "", ...body)));
    at("rows-say").textContent = text(proposal.is_all ? "data_rows_all" : "data_rows_begin", { n: number(proposal.rows) });
    at("more-rows").hidden = proposal.first.length <= ROWS;
    at("more-rows").textContent = text(this.showsAll ? "data_fewer_rows" : "data_more_rows", { n: number(proposal.first.length) });
  }
}

/** What a row is called in its file. */
export function unitName(unit) {
  return data.texts["data_unit_" + unit] || unit;
}

function short(value) {
  return value.length > LONG ? value.slice(0, LONG) + "…" : value;
}

function group(label, options) {
  const made = element("optgroup", "", ...options);
  made.label = label;
  return made;
}

function option(value, label) {
  const made = element("option", "", label);
  made.value = value;
  return made;
}
