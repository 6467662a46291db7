// Whether what is live on the page stands still, because the viewer reads it.

let paused = false;
const waiting = new Set();

export const isPaused = () => paused;

// `resume` is called when the viewer goes on.
export function onResume(resume) {
  waiting.add(resume);
}

export function pauseLive() {
  const button = document.querySelector("[data-action=pause]");
  if (!button) return;
  paused = !paused;
  button.setAttribute("aria-pressed", String(paused));
  button.querySelector("[data-pause-text]").textContent = paused ? "Go on" : "Pause";
  if (!paused) for (const resume of waiting) resume();
}

export function startPause() {
  document.addEventListener("click", (event) => event.target.closest("[data-action=pause]") && pauseLive());
}
