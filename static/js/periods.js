/* Days and periods of the county's calendar, as whole numbers of days since 1970-01-01. No clock and no time zone. */

const DAY_MS = 86400000;

export function dayOf(iso) {
  return Math.round(Date.parse(iso + "T00:00:00Z") / DAY_MS);
}

export function isoOf(day) {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

function first(iso, months) {
  const [year, month] = iso.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1 - months, 1)).toISOString().slice(0, 10);
}

/* How far a day lies into its quarter, in months. */
const intoQuarter = (iso) => (Number(iso.slice(5, 7)) - 1) % 3;
const isLateHalf = (iso) => Number(iso.slice(8)) > 15;
const endOfMonth = (iso, ahead = 0) => isoOf(dayOf(first(iso, -1 - ahead)) - 1);

/* The last day that has data lies in each, and it begins: */
const BEGINS = {
  week: (last) => isoOf(dayOf(last) - 6),
  days30: (last) => isoOf(dayOf(last) - 29),
  half: (last) => last.slice(0, 8) + (isLateHalf(last) ? "16" : "01"),
  month: (last) => first(last, 0),
  quarter: (last) => first(last, intoQuarter(last)),
  year: (last) => last.slice(0, 4) + "-01-01",
  months12: (last) => isoOf(dayOf(String(Number(last.slice(0, 4)) - 1) + last.slice(4).replace("-02-29", "-02-28")) + 1)
};

/* A period of the calendar ends with it, even if its last days have no data yet: so the server knows its kind, and compares
   as many days of the one before. The others end on the last day that has data. */
const ENDS = {
  half: (last) => (isLateHalf(last) ? endOfMonth(last) : last.slice(0, 8) + "15"),
  month: (last) => endOfMonth(last),
  quarter: (last) => endOfMonth(last, 2 - intoQuarter(last)),
  year: (last) => last.slice(0, 4) + "-12-31"
};

/** First and last day of a preset; nulls for "all". */
export function period(name, last) {
  if (name === "all") return { since: null, until: null };
  return { since: BEGINS[name](last), until: name in ENDS ? ENDS[name](last) : last };
}

/** Whether this is the period that the preset means. */
export function isPeriod(name, since, until, last) {
  const meant = period(name, last);
  return meant.since === since && meant.until === until;
}

/** Few days that stand at the beginning of a month or a year, for an axis from `from` to `to`, with what to write there. */
export function ticks(from, to, most) {
  const months = [];
  const begin = isoOf(from);
  for (let ahead = 0; ahead < 2400; ahead += 1) {
    const iso = first(begin, -ahead);
    if (dayOf(iso) > to) break;
    if (dayOf(iso) >= from) months.push(iso);
  }
  if (months.length < 2) {
    const step = Math.max(1, Math.ceil((to - from + 1) / most));
    const days = [];
    for (let day = from; day <= to; day += step) days.push({ day, label: isoOf(day).slice(5) });
    return days;
  }
  const step = [1, 2, 3, 6, 12, 24, 60, 120].find((one) => months.length / one <= most) || 120;
  return months.filter((iso) => ((Number(iso.slice(0, 4)) * 12 + Number(iso.slice(5, 7)) - 1) % step) === 0)
    .map((iso) => ({ day: dayOf(iso), label: step >= 12 ? iso.slice(0, 4) : iso.slice(0, 7) }));
}
