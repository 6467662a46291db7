// What the live events came to, for tabs that join later and for charts.

const RING_S = 900;
const NEWEST = 50;

export class LiveState {
  constructor() {
    this.full = false; // whether `hello` has arrived
    this.endMs = 0; // of the newest second
    this.bins = {}; // by channel, one number a second, the newest last
    this.newest = [];
    this.hot = [];
    this.pipeline = null;
  }

  take(name, data) {
    this[name]?.(data);
  }

  hello(data) {
    this.full = true;
    this.endMs = data.server_ms;
    this.bins = structuredClone(data.bins);
    this.newest = data.newest;
    this.hot = data.hot;
    this.pipeline = data.pipeline;
  }

  counts(data) {
    const missed = Math.max(1, Math.min(RING_S, Math.round((data.at_ms - this.endMs) / 1000)));
    this.endMs = data.at_ms;
    for (const name of new Set([...Object.keys(this.bins), ...Object.keys(data.channels)])) {
      const ring = (this.bins[name] ??= new Array(RING_S).fill(0));
      for (let second = 1; second < missed; second += 1) ring.push(0);
      ring.push(data.channels[name] ?? 0);
      ring.splice(0, ring.length - RING_S);
    }
  }

  touches(data) {
    this.newest = [...data.touches, ...this.newest].slice(0, NEWEST);
  }

  snapshot() {
    return { server_ms: this.endMs, bins: this.bins, newest: this.newest, hot: this.hot, pipeline: this.pipeline };
  }
}
