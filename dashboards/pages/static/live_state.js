// What the live events came to: for charts, and for tabs that join later. The events are those of dashboards/live.

const KEPT_S = 900;
const NEWEST = 50;
const HIDDEN = "···"; // a name that this viewer must not see

export class LiveState {
  constructor() {
    this.full = false; // whether `hello` has arrived
    this.hello = null;
    this.bins = new Map(); // start in seconds -> { channel: touches }
    this.newest = []; // touches, oldest first
    this.names = new Map(); // key of a profile -> name
  }

  take(name, data) {
    if (name === "hello") this.begin(data);
    if (!this.full) return;
    if (name === "counts") this.count(data);
    if (name === "touches") this.newest = latest([...this.newest, ...data.touches]);
    if (name === "hot") this.takeHot(data);
    if (name === "pipeline") this.hello.pipeline = data;
  }

  begin(data) {
    this.full = true;
    this.hello = data;
    this.bins = new Map(data.bins);
    this.newest = latest(data.newest);
    if (data.hot) this.takeHot(data.hot);
  }

  count(data) {
    for (const [start, counts] of data.bins) this.bins.set(start, counts);
    this.hello.active = data.active;
    const oldest = data.server_ms / 1000 - KEPT_S - this.hello.bin_s;
    for (const start of this.bins.keys()) if (start < oldest) this.bins.delete(start);
  }

  takeHot(data) {
    this.hello.hot = data;
    for (const row of data.rows) if (row.name && row.name !== HIDDEN) this.names.set(row.key, row.name);
  }

  // A `hello` for a tab that joins now.
  snapshot(serverMs) {
    return { ...this.hello, server_ms: serverMs, bins: [...this.bins], newest: this.newest };
  }
}

// A newer revision of a touch has the id of the former one and takes its place.
function latest(touches) {
  const byId = new Map();
  for (const touch of touches) byId.set(touch.id, touch);
  return [...byId.values()].slice(-NEWEST);
}
