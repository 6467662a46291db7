// Buttons that copy: the text of `data-copy`, an element's text (`data-copies`: its id), or the page's address.

import { announce } from "./announce.js";

export function startCopy() {
  for (const button of document.querySelectorAll("[data-copy], [data-copies]")) button.hidden = !navigator.clipboard;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-copies]");
    if (!button) return;
    const text = button.dataset.copies ? document.getElementById(button.dataset.copies).textContent : button.dataset.copy || location.href;
    try {
      await navigator.clipboard.writeText(text);
      announce("Copied", true);
      button.dataset.copied = "";
    } catch {
      announce("The browser did not allow copying: select the text and copy it.", true);
    }
  });
}
