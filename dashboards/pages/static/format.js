// Numbers and times as `format.py` writes them.

const MINUS = "\u2212";
const SPACE = "\u00a0";
export const NONE = "–";
const STEPS = [[1e12, 1e12, "T"], [1e9, 1e9, "G"], [1e6, 1e6, "M"], [1e5, 1e3, "k"]];

const signed = (text) => text.replace("-", MINUS).replaceAll(",", "\u2009");
const grouped = (number, decimals) =>
  number.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });

export const whole = (number) => signed(grouped(Math.round(number) + 0, 0));
export const points = (number) => signed(grouped(Math.round(number * 10) / 10 + 0, 1));
export const change = (number, decimals = 0) => {
  const value = Number(number.toFixed(decimals));
  return value === 0 ? "0" : (value > 0 ? "+" : "") + signed(grouped(value, decimals));
};
export const rate = (perSecond) =>
  perSecond === 0 ? "0"
    : Math.abs(perSecond) >= 10 ? whole(perSecond)
      : signed(perSecond.toFixed(Math.abs(perSecond) >= 1 ? 1 : 2));

// [digits, letter]: ["18 204", ""] below 100,000, then ["2.38", "M"].
export function short(number) {
  for (const [least, unit, letter] of STEPS) {
    if (Math.abs(number) >= least) {
      const value = number / unit;
      return [signed(value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0)), letter];
    }
  }
  return [whole(number), ""];
}

export const zone = () => document.body.dataset.zone;

const made = new Map();
function parts(ms, options) {
  const key = zone() + JSON.stringify(options);
  if (!made.has(key)) made.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: zone(), hourCycle: "h23", ...options }));
  return made.get(key).format(ms);
}

export const clock = (ms) => parts(ms, { hour: "2-digit", minute: "2-digit" });
export const clockSeconds = (ms) => parts(ms, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
export const shortDay = (ms) => parts(ms, { day: "numeric", month: "short" });
const date = (ms) => parts(ms, { year: "numeric", month: "2-digit", day: "2-digit" });
const dayOfYear = (ms, now) =>
  parts(ms, { day: "numeric", month: "long" }) + (parts(ms, { year: "numeric" }) === parts(now, { year: "numeric" }) ? "" : " " + parts(ms, { year: "numeric" }));

export function day(ms, now) {
  if (date(ms) === date(now)) return "Today";
  if (date(ms) === date(now - 86_400_000)) return "Yesterday";
  return parts(ms, { weekday: "long" }) + " " + dayOfYear(ms, now);
}

export const full = (ms) =>
  `${parts(ms, { weekday: "short" })} ${parts(ms, { day: "numeric", month: "long", year: "numeric" })}, ` +
  parts(ms, { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short" });

export function ago(ms, now) {
  const seconds = Math.floor((now - ms) / 1000);
  if (seconds < 2) return seconds > -2 ? "now" : `${day(ms, now)}, ${clock(ms)}`;
  if (seconds < 60) return `${seconds}${SPACE}s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${SPACE}min ago`;
  return date(ms) === date(now) ? clock(ms) : dayOfYear(ms, now);
}
