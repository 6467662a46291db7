// The address is the state of a page: links of ranges, channels and comparisons change it without leaving the page.

import { refresh } from "./refresh.js";

const RANGES = { h: "1h", d: "24h", w: "7d", m: "30d" };

export async function go(address) {
  history.replaceState(null, "", address);
  if (!(await refresh(address, { dim: true }))) location.reload();
}

export function chooseRange(key) {
  const link = document.querySelector(`[data-range="${RANGES[key]}"]`);
  if (link) go(link.href);
}

// `place`: of the channel among those that the page offers, from 1.
export function toggleChannel(place) {
  document.querySelectorAll("[data-channel]")[place - 1]?.click();
}

export function toggleCompare() {
  document.querySelector("[data-compares]")?.click();
}

export function startUrlState() {
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a[data-range], a[data-channel], a[data-state]");
    if (!link || new URL(link.href).pathname !== location.pathname) return;
    event.preventDefault();
    go(link.href);
  });
}
