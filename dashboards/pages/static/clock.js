// The server's clock. The viewer's may be hours off, so no age is computed from it.

let serverMs = Number(document.body.dataset.now);
let measuredAt = performance.now();

export function now() {
  return serverMs + performance.now() - measuredAt;
}

// A tab that slept may have stopped its own clock: each event from the server sets it again.
export function setClock(ms) {
  serverMs = ms;
  measuredAt = performance.now();
}
