// Keeps the times of a page current, in the viewer's zone.

import { now } from "./clock.js";
import { ago, clock, day, full, shortDay } from "./format.js";

const FORMS = { ago, clock, day, short_day: shortDay, full };
const YEAR_S = 31_536_000;

export function showTimes(root = document) {
  const at = now();
  for (const element of root.querySelectorAll("time[data-form]")) {
    const text = FORMS[element.dataset.form](Date.parse(element.dateTime), at);
    if (element.textContent !== text) element.textContent = text;
  }
}

// The browser's zone is kept in a cookie, so that the server writes times in it from the next page on. An address that
// has a zone of its own (tz=) goes before it.
function takeZone() {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!own || new URLSearchParams(location.search).has("tz")) return;
  document.cookie = `tz=${own}; path=/; max-age=${YEAR_S}; samesite=strict`;
  if (own === document.body.dataset.zone) return;
  document.body.dataset.zone = own;
  for (const element of document.querySelectorAll("[data-zone-text]")) element.textContent = own;
  for (const element of document.querySelectorAll("time[title]")) element.title = full(Date.parse(element.dateTime));
}

export function startTimes() {
  takeZone();
  showTimes();
  setInterval(() => document.hidden || showTimes(), 1000);
}
