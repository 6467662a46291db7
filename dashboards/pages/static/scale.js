// Scales and ticks of charts.

import { clock, shortDay, zone } from "./format.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [MINUTE, 3 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR,
  DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY, 91 * DAY, 364 * DAY];

export const scale = (from, to, low, high) => (value) => low + ((value - from) / (to - from || 1)) * (high - low);

// Round values from 0 to at least `most`, about `count` steps.
export function valueTicks(most, count = 4) {
  const rough = (most > 0 ? most : 1) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= rough * 0.999);
  const found = [];
  for (let value = 0; found.length === 0 || found.at(-1) < most * 0.999; value += step) found.push(Number(value.toPrecision(12)));
  return found.length > 1 ? found : [0, step];
}

// How far the zone's clock is ahead of UTC at a time, so that ticks are at its full hours and midnights.
function aheadMs(ms) {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone(), timeZoneName: "longOffset" }).formatToParts(ms);
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(parts.find((one) => one.type === "timeZoneName").value) ?? [];
  return sign ? (sign === "-" ? -1 : 1) * (Number(hours) * HOUR + Number(minutes) * MINUTE) : 0;
}

// [[time, words], ...]: about one tick in `gap` pixels of a width.
export function timeTicks(from, to, width, gap = 90) {
  const rough = ((to - from) / width) * gap;
  const step = STEPS.find((one) => one >= rough) ?? STEPS.at(-1);
  const ahead = aheadMs(to);
  const words = step >= DAY ? shortDay : clock;
  const found = [];
  for (let at = Math.ceil((from + ahead) / step) * step - ahead; at <= to; at += step) found.push([at, words(at)]);
  return found;
}
