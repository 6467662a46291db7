// Moves rows to their new places (FLIP: first, last, invert, play). While the pointer or the focus is in a list, its order
// is frozen, so that nobody clicks on what has just slipped away.

const LENGTH_MS = 180;
const still = matchMedia("(prefers-reduced-motion: reduce)");

// Whether the order of a part must not change now.
export function frozen(part) {
  const list = part.matches("[data-frozen-while-used]") ? part : part.querySelector("[data-frozen-while-used]");
  return Boolean(list && (list.matches(":hover") || (list.contains(document.activeElement) && list.querySelector(":focus-visible"))));
}

const places = (part) => new Map([...part.querySelectorAll("[data-row]")].map((row) => [row.dataset.row, row.getBoundingClientRect().top]));

export function flip(old, fresh, change) {
  if (still.matches) {
    change();
    return;
  }
  const before = places(old);
  change();
  for (const row of fresh.querySelectorAll("[data-row]")) {
    const from = before.get(row.dataset.row);
    const by = from === undefined ? 0 : from - row.getBoundingClientRect().top;
    if (by) row.animate([{ transform: `translateY(${by}px)` }, { transform: "none" }], { duration: LENGTH_MS, easing: "ease-out" });
  }
}
