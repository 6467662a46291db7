// What the corner says of the live connection.

let status = { on: false, tries: 0 };
let kafka = null; // whether Kafka answers the server
let behindMs = null;
let timer = 0;

export function showConnection(next) {
  status = next;
  clearInterval(timer);
  timer = next.on ? 0 : setInterval(write, 1000);
  write();
}

// The event `pipeline`: whether new touches can come, and how long the newest ones were on their way.
export function showPipeline(pipeline) {
  kafka = pipeline.kafka;
  behindMs = pipeline.delay_ms?.p50 ?? null;
  write();
}

function write() {
  const body = document.body;
  const stands = status.on && kafka === false;
  body.dataset.live = stands ? "stands" : status.on ? "on" : status.tries >= 3 ? "polling" : status.tries ? "waiting" : "connecting";
  const wait = Math.max(0, Math.ceil(((status.until ?? 0) - performance.now()) / 1000));
  const waiting = wait ? `reconnecting, ${wait}\u00a0s` : "reconnecting";
  const text = document.querySelector("[data-live-text]");
  if (!text) return;
  if (stands) {
    text.textContent = "Kafka is away";
  } else if (status.on) {
    const bold = Object.assign(document.createElement("b"), { textContent: "Live" });
    text.replaceChildren(bold, behindMs === null ? "" : ` · ${(behindMs / 1000).toFixed(1)}\u00a0s behind`);
  } else {
    text.textContent = status.tries >= 3 ? `Every 10\u00a0s, ${waiting}` : status.tries ? waiting : "Connecting";
  }
  document.querySelector("[data-live-short]").textContent = stands ? "No Kafka" : status.on ? "Live" : status.tries >= 3 ? "Every 10\u00a0s" : "…";
}
