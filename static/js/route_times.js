/* When a route sets out: shifts, every so many hours, and the text in which the times are edited. */

const DAY = 24 * 60;

/* Names are texts of the page; a shift that ends when it begins is the whole day. */
export const SHIFTS = [
  { id: "early", begins: "06:00", ends: "14:00" },
  { id: "middle", begins: "14:00", ends: "22:00" },
  { id: "night", begins: "22:00", ends: "06:00" },
  { id: "day", begins: "00:00", ends: "00:00" }
];

export function shiftOf(given) {
  if (!given) return null;
  return SHIFTS.find((shift) => shift.begins === given.begins && shift.ends === given.ends) || null;
}

/** The departures of a shift, every so many hours from its begin; never at its very end. */
export function departures({ begins, ends }, everyHours) {
  const first = minutes(begins);
  const length = (minutes(ends) - first + DAY) % DAY || DAY;
  const found = [];
  for (let after = 0; after < length; after += everyHours * 60) found.push(clock((first + after) % DAY));
  return found;
}

/** What somebody typed: `times` in order and once each, `wrong` what is no time. Full-width signs are signs too. */
export function parse(typed) {
  const parts = typed.replace(/：/g, ":").split(/[\s,，、;；]+/).filter(Boolean);
  const times = new Set();
  const wrong = [];
  for (const part of parts) {
    const found = /^(\d{1,2}):?([0-5]\d)?$/.exec(part);
    const hour = found && Number(found[1]);
    if (found && hour < 24 && (found[2] || part.length <= 2)) times.add(clock(hour * 60 + Number(found[2] || 0)));
    else wrong.push(part);
  }
  return { times: [...times].sort(), wrong };
}

function minutes(time) {
  const [hour, minute] = time.split(":").map(Number);
  return hour * 60 + minute;
}

function clock(total) {
  return String(Math.floor(total / 60)).padStart(2, "0") + ":" + String(Math.round(total % 60)).padStart(2, "0");
}
