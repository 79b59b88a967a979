/* What waits for whom: drafts, changes to review, those to come, those filed last; and a new draft. */

import { get, send } from "./api.js";
import { busy, data, element, number, text, toast } from "./page.js";

const GROUPS = ["sent_back", "draft", "review", "approved", "filed", "withdrawn"];
const TITLES = { draft: "list_drafts", sent_back: "list_sent_back", review: "list_review", approved: "list_approved", filed: "list_filed", withdrawn: "list_withdrawn" };
const MOST = 12; // of what is over
const at = (id) => document.getElementById(id);

async function load() {
  const done = busy();
  try {
    const answer = await get("/api/grid-changes", { county: data.county.code });
    draw(answer.changes);
  } catch (error) {
    at("changes").replaceChildren(card(element("div", "state state-error", element("b", "", error.message), element("p", "", error.remedy || ""))));
  } finally {
    done();
    document.documentElement.dataset.ready = "true";
  }
}

function draw(changes) {
  if (!changes.length) {
    at("changes").replaceChildren(card(element("div", "state", element("b", "", text("list_none")), element("p", "", text(data.may_draft ? "list_none_more" : "list_none_reader")))));
    return;
  }
  const first = data.may_review && !data.may_draft ? ["review"] : []; // what waits for the reader
  const groups = [...new Set([...first, ...GROUPS])].map((status) => [status, changes.filter((one) => one.status === status)]).filter(([, found]) => found.length);
  at("changes").replaceChildren(...groups.map(([status, found]) => card(
    element("h2", "", text(TITLES[status]), element("small", "", number(found.length))),
    element("ul", "grids-changes", ...(["filed", "withdrawn"].includes(status) ? found.slice(0, MOST) : found).map(entry)))));
}

function card(...children) {
  return element("section", "card data-card", ...children);
}

function entry(change) {
  const isDrawn = ["draft", "sent_back"].includes(change.status);
  const goesOn = isDrawn && data.may_draft;
  const reviews = change.status === "review" && data.may_review && !change.is_own;
  const link = element("a", "button" + (goesOn || reviews ? "" : " button-quiet"), text(goesOn ? "list_go_on" : reviews ? "list_review_it" : "list_look"));
  link.href = (goesOn ? data.pages.edit : data.pages.review) + "&change=" + encodeURIComponent(change.id);
  const facts = [
    change.subject === "police" ? text("list_police") : "",
    data.texts["reason_" + change.reason_code],
    change.author ? text("list_author", { name: change.author }) : "",
    change.effective_on ? text("list_effective", { day: change.effective_on }) : "",
    change.document_number || "",
    change.grids ? counted(change) : text("list_nothing")
  ].filter(Boolean);
  const open = isDrawn && change.open_with && change.open_with.length ? element("span", "edit-lease", change.open_with.map((name) => text("lease", { name })).join(" ")) : null;
  return element("li", "", element("div", "", element("b", "", element("bdi", "", change.title || text("untitled"))), element("small", "", facts.join(" · ")), open), link);
}

function counted({ subject, grids }) {
  return text((subject === "police" ? "list_areas" : "list_grids") + (grids === 1 ? "_one" : ""), { n: number(grids) });
}

async function begin(event) {
  event.preventDefault();
  const button = event.submitter || event.target.querySelector("button");
  button.disabled = true;
  try {
    const title = at("new-title").value.trim();
    const made = await send("/api/grid-changes", { county: data.county.code, reason_code: at("new-reason").value, subject: at("new-subject") ? at("new-subject").value : "grids", ...(title ? { title } : {}) });
    location.assign(data.pages.edit + "&change=" + encodeURIComponent(made.id));
  } catch (error) {
    button.disabled = false;
    toast([error.message, error.remedy].filter(Boolean).join(" "), { error: true });
  }
}

/* Grids without a leader or a telephone: shown where the release answers them. */
async function loadOpenItems() {
  try {
    const { count, items, without_leader: leaders, without_telephone: telephones } = await get("/api/grids/open-items", { county: data.county.code });
    if (!count) return;
    at("open-says").textContent = text("open_says", { leaders: number(leaders), telephones: number(telephones) });
    at("open-list").replaceChildren(...items.slice(0, MOST).map((one) => element("li", "",
      element("span", "", element("bdi", "", one.name || one.code), element("small", "", [one.town, one.community].filter(Boolean).join(" · "))),
      element("b", "", text("open_" + one.waits_for)))));
    at("open-more").hidden = count <= MOST;
    at("open-more").textContent = text("open_more", { n: number(count - MOST) });
    at("open-items").hidden = false;
    at("open-items").parentNode.classList.add("has-open");
  } catch (error) {
    // The list of changes says enough without them.
  }
}

if (at("new-draft")) at("new-draft").addEventListener("submit", begin);
load();
loadOpenItems();
