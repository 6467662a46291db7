// Single keys. None has a modifier, which belong to the browser, and none works in fields.

import { focusSearch, openDialog } from "./dialogs.js";
import { pauseLive } from "./pause.js";
import { switchTheme } from "./theme_switch.js";
import { chooseRange, toggleChannel, toggleCompare } from "./url_state.js";

const SECOND_KEY_MS = 1500;
let pressedG = 0;

const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);

function step(by) {
  const all = rows();
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const row = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, at + by))];
  if (!row) return;
  if (row.tabIndex < 0) row.tabIndex = -1;
  row.focus();
  row.scrollIntoView({ block: "nearest" });
}

function open(row) {
  (row.matches("a") ? row : row.querySelector("a[href]"))?.click();
}

function expand(row) {
  const details = row.matches("details") ? row : row.querySelector("details");
  if (details) details.open = !details.open;
  else row.querySelector("[aria-expanded]")?.click();
}

const ACTIONS = {
  "/": focusSearch,
  "?": () => openDialog("keys"),
  j: () => step(1),
  k: () => step(-1),
  x: toggleCompare,
  p: pauseLive,
  t: switchTheme,
  ...Object.fromEntries(["h", "d", "w", "m"].map((key) => [key, () => chooseRange(key)])),
  ...Object.fromEntries(["1", "2", "3"].map((key) => [key, () => toggleChannel(Number(key))])),
};

function onKey(event) {
  const field = event.target.closest("input, select, textarea, [contenteditable]");
  if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
    if (field) field.blur();
    else document.querySelector("[data-back]")?.click();
    return;
  }
  if (field || event.altKey || event.ctrlKey || event.metaKey || event.isComposing || document.querySelector("dialog[open]")) return;
  if (pressedG && event.timeStamp - pressedG < SECOND_KEY_MS) {
    pressedG = 0;
    const link = document.querySelector(`.side [data-key="${CSS.escape(event.key)}"]`);
    if (link) {
      event.preventDefault();
      link.click();
      return;
    }
  }
  pressedG = event.key === "g" ? event.timeStamp : 0;
  const row = event.target.closest("[data-row]");
  if (row && event.target === row && (event.key === "Enter" || event.key === "e")) {
    event.preventDefault();
    (event.key === "e" ? expand : open)(row);
    return;
  }
  const action = ACTIONS[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

export function startKeys() {
  document.addEventListener("keydown", onKey);
}
