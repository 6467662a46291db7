// Loads a page anew every few seconds, where its server can tell nothing by the live connection: `data-refresh-s`.

import { isPaused } from "./pause.js";
import { refresh } from "./refresh.js";

export function startRepeat() {
  const part = document.querySelector("[data-refresh-s]");
  if (!part) return;
  setInterval(() => document.hidden || isPaused() || refresh(), Number(part.dataset.refreshS) * 1000);
}
