/* The numbers of a route that is being drawn: how long it is, what it newly sees, which gaps it closes. */

import { element, hours, number, text } from "./page.js";

/** A length as it is read: metres below a kilometre. */
export function length(metres) {
  return metres < 1000 ? number(metres) + "\u00a0m" : number(metres / 1000, metres < 10000 ? 2 : 1) + "\u00a0km";
}

/** Fills the box with what the server said, null before it said anything; `mode` is the one that leads. */
export function drawNumbers(box, said, mode) {
  if (!said) return;
  box.replaceChildren(lengths(said, mode), changes(said));
}

function lengths(said, mode) {
  const has = said.length_m !== null;
  const way = element("div", "", element("b", "", has ? length(said.length_m) : "—"), element("span", "", text("route_length")));
  const [leads, other] = mode === "vehicle" ? ["vehicle", "foot"] : ["foot", "vehicle"];
  const time = element("div", "",
    element("b", "", has ? number(said["minutes_" + leads]) : "—", has ? element("small", "", " " + text("route_minutes")) : null),
    element("span", "", text("route_by_" + leads)),
    has ? element("span", "", text("route_by_other", { mode: text("route_mode_" + other), minutes: number(said["minutes_" + other]) })) : null);
  return element("div", "tiles", way, time);
}

function changes(said) {
  const { gaps, newly_seen: newly } = said;
  const list = element("dl", "route-changes");
  list.append(
    row(text("route_gaps"), gaps.before, gaps.after, number(gaps.before), number(gaps.after),
      gaps.closed_ids.length ? text("route_closed", { number: number(gaps.closed_ids.length) }) : null, gaps),
    row(text("route_never"), gaps.never_before, gaps.never_after, number(gaps.never_before), number(gaps.never_after)),
    row(text("route_longest"), said.longest_before_hours, said.longest_after_hours,
      time(said.longest_before_hours), time(said.longest_after_hours)),
    shares(said),
    fact(text("route_newly"), said.length_m === null ? "—" : newly.pieces
      ? text("route_newly_seen", { length: length(newly.length_m), pieces: number(newly.pieces) }) : text("route_nothing_new"), newly.pieces > 0));
  const notes = [];
  if (gaps.still_ids.length) notes.push(text("route_still", { number: number(gaps.still_ids.length) }));
  if (gaps.opened_ids.length) notes.push(text("route_opened", { number: number(gaps.opened_ids.length) }));
  return element("div", "", list, ...notes.map((note) => element("p", "route-note", note)));
}

function shares(said) {
  const percent = (share) => (share === null ? "—" : number(100 * share, 1) + " %");
  // More of it is better here: the sign is turned.
  const turned = (share) => (share === null ? null : -Math.round(share * 1000));
  return row(text("route_share"), turned(said.share_seen_before), turned(said.share_seen_after),
    percent(said.share_seen_before), percent(said.share_seen_after));
}

/** Before → after: green where it became less, magenta where more. */
function row(title, before, after, wasShown, isShown, more = null) {
  const isLess = after !== null && before !== null && after < before;
  const isMore = after !== null && before !== null && after > before;
  const now = element("b", isLess ? "is-done" : isMore ? "is-gap" : "", isShown);
  const value = isLess || isMore
    ? element("dd", "", element("span", "was", wasShown), element("span", "only-read", text("route_becomes")), element("i", "", "→"), now)
    : element("dd", "", now);
  if (more) value.append(element("small", "is-done", more));
  const arrow = value.querySelector("i");
  if (arrow) arrow.setAttribute("aria-hidden", "true");
  return element("div", "", element("dt", "", title), value);
}

function fact(title, said, isGood) {
  return element("div", "", element("dt", "", title), element("dd", "", element("b", isGood ? "is-seen" : "", said)));
}

function time(value) {
  return value === null ? "—" : hours(value) + " " + text("hours");
}

/** One line for those who listen, or see only the folded sheet. */
export function inOneLine(said, points) {
  if (!said || said.length_m === null) return text(points === 0 ? "route_click_first" : "route_click_next");
  const { before, after } = said.gaps;
  return text("route_in_short", { points, length: length(said.length_m), before: number(before), after: number(after) });
}
