// The live connection: one EventSource per browser, because HTTP/1.1 allows six connections per host.
//
// The tab that holds the lock has the connection and hands each event to the others. A hidden tab leaves the lock after
// a minute and loads its page anew once when it is seen again. Other modules listen to `touchline:NAME` on the document,
// with the event's data as `detail`.

import { now, setClock } from "./clock.js";
import { LiveState } from "./live_state.js";
import { refresh } from "./refresh.js";
import { showConnection, showPipeline } from "./live_dot.js";

const EVENTS = ["hello", "counts", "touches", "scores", "hot", "pipeline"];
const ADDRESS = "/v1/live";
const NAME = "touchline-live";
const HIDDEN_MS = 60_000;
const POLL_MS = 10_000;
const TRIES = 3;
const LONGEST_MS = 30_000;

const state = new LiveState();
let channel = null;
let leave = null; // ends the wait for the lock, or the lead
let hiddenTimer = 0;
let away = false; // whether this tab gave the connection up while hidden
let pollTimer = 0;
let leading = false;
let shown = null; // the status that is shown

function take(name, data, own) {
  if (own) channel?.postMessage({ name, data });
  setClock(data.server_ms);
  state.take(name, data);
  if (name === "hello" || name === "pipeline") showPipeline(data.pipeline ?? data);
  document.dispatchEvent(new CustomEvent(`touchline:${name}`, { detail: data }));
}

function connection(status, own) {
  if (status.on && shown?.on) return;
  shown = status;
  if (own) channel?.postMessage({ status });
  showConnection({ ...status, until: performance.now() + (status.wait ?? 0) });
  clearInterval(pollTimer);
  pollTimer = status.tries >= TRIES ? setInterval(() => document.hidden || refresh(), POLL_MS) : 0;
}

// Hold the connection until `signal` ends it.
function lead(signal) {
  return new Promise((done) => {
    let source = null;
    let timer = 0;
    let tries = 0;
    leading = true;
    const open = () => {
      source = new EventSource(ADDRESS);
      for (const name of EVENTS) {
        source.addEventListener(name, (event) => {
          tries = 0;
          connection({ on: true, tries: 0 }, true);
          take(name, JSON.parse(event.data), true);
        });
      }
      source.addEventListener("error", () => {
        tries += 1;
        const refused = source.readyState === EventSource.CLOSED; // otherwise the browser tries again, from the last event
        const wait = refused ? Math.min(LONGEST_MS, 1000 * 2 ** tries) : 0;
        connection({ on: false, tries, wait }, true);
        if (refused) timer = setTimeout(open, wait);
      });
    };
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      source.close();
      leading = false;
      done();
    });
    open();
  });
}

function join() {
  const ending = new AbortController();
  leave = () => ending.abort();
  if (!navigator.locks) {
    lead(ending.signal); // without a secure context each tab has its own connection
    return;
  }
  channel?.postMessage({ asks: true });
  // The lock's own signal ends the wait for it, and `lead` ends the lock.
  navigator.locks.request(NAME, { signal: ending.signal }, () => lead(ending.signal)).catch(() => {});
}

function onVisibility() {
  clearTimeout(hiddenTimer);
  if (document.hidden) {
    hiddenTimer = setTimeout(() => {
      leave();
      away = true;
    }, HIDDEN_MS);
  } else if (away) {
    away = false;
    join();
    refresh();
  }
}

export function startLive() {
  if (document.body.dataset.live === "off") return;
  if (window.BroadcastChannel) {
    channel = new BroadcastChannel(NAME);
    channel.addEventListener("message", ({ data }) => {
      if (away) return;
      if (data.asks) {
        if (leading && state.full) {
          channel.postMessage({ status: shown });
          channel.postMessage({ name: "hello", data: state.snapshot(now()) });
        }
      } else if (data.status) {
        connection(data.status, false);
      } else {
        take(data.name, data.data, false);
      }
    });
  }
  document.addEventListener("visibilitychange", onVisibility);
  addEventListener("pageshow", (event) => event.persisted && refresh());
  join();
}

export { state as liveState };
