// Words for screen readers, at most once in ten seconds unless the viewer asked for them.

const GAP_MS = 10_000;
let spokenAt = -GAP_MS;

export function announce(text, asked = false) {
  const at = performance.now();
  if (!asked && at - spokenAt < GAP_MS) return;
  if (!asked) spokenAt = at;
  document.querySelector("[data-polite]").textContent = text;
}
