// Loads the page anew and puts its parts in place of the old ones, so that nothing jumps and focus stays.
//
// A part is an element with an id and `data-part`. While parts are loaded, the old ones stay, dimmed after 300 ms.

import { startCharts } from "./chart_loader.js";
import { flip, frozen } from "./flip.js";
import { setClock } from "./clock.js";
import { showTimes } from "./times.js";

const DIM_AFTER_MS = 300;
let latest = 0;
const tags = new Map();

export async function refresh(address = location.href, { dim = false } = {}) {
  const mine = ++latest;
  const parts = () => [...document.querySelectorAll("[data-part]")];
  const timer = dim ? setTimeout(() => parts().forEach((one) => one.classList.add("loading")), DIM_AFTER_MS) : 0;
  try {
    const headers = { Accept: "text/html" };
    if (tags.has(address)) headers["If-None-Match"] = tags.get(address);
    const answer = await fetch(address, { headers, cache: "no-store", redirect: "manual" });
    if (mine !== latest || answer.status === 304) return answer.status === 304;
    if (answer.type === "opaqueredirect" || answer.status === 401) {
      location.reload(); // the login has ended
      return false;
    }
    if (!answer.ok) return false;
    tags.clear();
    tags.set(address, answer.headers.get("ETag") ?? "");
    put(new DOMParser().parseFromString(await answer.text(), "text/html"));
    return true;
  } catch {
    return false; // the server is away: the next refresh tries again
  } finally {
    clearTimeout(timer);
    if (mine === latest) parts().forEach((one) => one.classList.remove("loading"));
  }
}

function put(next) {
  setClock(Number(next.body.dataset.now));
  if (Boolean(document.querySelector("[data-first-run]")) !== Boolean(next.querySelector("[data-first-run]"))) {
    location.reload(); // from no data to some, or back: another page
    return;
  }
  for (const old of document.querySelectorAll("[data-part]")) {
    const part = next.getElementById(old.id);
    if (!part || frozen(old) || same(old, part)) continue;
    const active = old.contains(document.activeElement) ? pathOf(document.activeElement, old) : null;
    const fresh = document.importNode(part, true);
    source.set(fresh, part.outerHTML);
    flip(old, fresh, () => old.replaceWith(fresh));
    if (active) find(fresh, active)?.focus({ preventScroll: true });
    startCharts(fresh);
  }
  const banner = document.querySelector("[data-banner]");
  const stale = next.querySelector("[data-banner]");
  banner.hidden = stale.hidden;
  banner.querySelector("[data-banner-text]").textContent = stale.querySelector("[data-banner-text]").textContent;
  showTimes();
  document.dispatchEvent(new CustomEvent("touchline:refreshed"));
}

const source = new WeakMap(); // what the server sent for a part, before scripts changed it

function same(old, part) {
  return source.get(old) === part.outerHTML;
}

// The place of an element below another one, to find its successor.
function pathOf(element, root) {
  const places = [];
  for (let one = element; one !== root; one = one.parentElement) places.unshift([...one.parentElement.children].indexOf(one));
  return places;
}

const find = (root, places) => places.reduce((one, place) => one?.children[place], root);
