// What moves on the overview: the chart, the people active now, the hot list, the touches just now.

import { chartOf } from "./chart.js";
import { now } from "./clock.js";
import { points, whole } from "./format.js";
import { liveState } from "./live.js";
import { look } from "./looks.js";
import { isPaused, onResume } from "./pause.js";
import { refresh } from "./refresh.js";
import { icon } from "./svg.js";
import { showTimes } from "./times.js";

const WINDOW_S = 900;
const AVERAGE_S = 30; // one touch would be a needle otherwise
const DRAW_MS = 1000;
const REFRESH_MS = 30_000;
const FIRST_MS = 1500; // until the store has a touch that was announced here
const HOT_MS = 5000;
const FEED_ROWS = 6;
const NUMBERS = ["customer_id", "crm", "master_id"];

const waiting = new Set();

// Call `action` once, `ms` from now, however often this is asked for meanwhile.
function soon(action, ms) {
  if (waiting.has(action)) return;
  waiting.add(action);
  setTimeout(() => {
    waiting.delete(action);
    action();
  }, ms);
}

// Rates per second of the last 15 minutes, averaged, by channel.
function rates() {
  const bin = liveState.hello.bin_s;
  const end = Math.floor(now() / 1000 / bin) * bin; // the bin that is being filled is not shown
  const count = WINDOW_S / bin - 1; // the oldest bin is partly forgotten
  const starts = Array.from({ length: count }, (_, index) => end - (count - index) * bin);
  const names = [...new Set([...liveState.bins.values()].flatMap((counts) => Object.keys(counts)))].sort((a, b) => look(a).place - look(b).place);
  const width = AVERAGE_S / bin;
  const series = names.map((name) => {
    const counts = starts.map((start) => liveState.bins.get(start)?.[name] ?? 0);
    let sum = 0;
    const values = counts.map((count, index) => {
      sum += count - (counts[index - width] ?? 0);
      return sum / (Math.min(index + 1, width) * bin);
    });
    return { label: look(name).label, values, hue: look(name).hue };
  });
  return { starts, series };
}

const weekBefore = new WeakMap(); // of a chart: minute -> rate a week earlier, as the server sent it

function draw() {
  const element = document.querySelector("#rate [data-chart]");
  const chart = element && chartOf(element);
  if (!chart || chart.data.live !== "touches" || !liveState.full || document.hidden || isPaused()) return;
  if (!weekBefore.has(chart)) weekBefore.set(chart, new Map(chart.data.before.map((value, index) => [chart.data.positions[index], value])));
  const { starts, series } = rates();
  const minutes = weekBefore.get(chart);
  chart.data.positions = starts.map((start) => start * 1000);
  chart.data.series = series;
  chart.data.before = minutes.size ? starts.map((start) => minutes.get(Math.floor(start / 60) * 60_000) ?? null) : [];
  chart.draw();
}

function showActive() {
  const value = document.querySelector("[data-figure=active] [data-value]");
  if (value) value.textContent = whole(liveState.hello.active);
}

const text = (name, content, className = "") => Object.assign(document.createElement(name), { textContent: content, className });

// The customer of a touch, as `format.py` calls customers.
function who(touch) {
  const name = liveState.names.get(touch.key);
  const [, kind, value] = /^([a-z_0-9]+):(.*)$/s.exec(touch.profile) ?? ["", "", "", touch.profile];
  if (name || !touch.profile) return name ?? "Somebody";
  if (kind === "anonymous_id") return `Visitor ${value.slice(0, 8)}${value.length > 8 ? "…" : ""}`;
  return NUMBERS.includes(kind) ? `Customer ${value}` : value || touch.profile;
}

function feedRow(touch) {
  const row = document.createElement("li");
  row.dataset.touch = touch.id;
  const channel = look(touch.channel);
  const mark = text("span", "", `ch hue-${channel.hue}`);
  mark.title = channel.label;
  mark.append(icon(channel.icon));
  const words = text("span", "", "t");
  const person = touch.key ? Object.assign(document.createElement("a"), { href: `/customers/${touch.key}` }) : document.createElement("span");
  const name = document.createElement("b");
  name.append(text("bdi", who(touch)));
  person.append(name);
  words.append(person, " ", text("bdi", `${touch.title.charAt(0).toLowerCase()}${touch.title.slice(1)}`));
  const when = Object.assign(document.createElement("time"), { dateTime: new Date(touch.received_ms).toISOString() });
  when.dataset.form = "ago";
  const small = document.createElement("small");
  small.append(when);
  row.append(mark, words, small);
  return row;
}

function showFeed() {
  const feed = document.querySelector("[data-feed]");
  if (!feed || isPaused() || !liveState.newest.length) return;
  const rows = new Map([...feed.querySelectorAll("[data-touch]")].map((row) => [row.dataset.touch, row]));
  const newest = liveState.newest.slice(-FEED_ROWS).reverse();
  feed.replaceChildren(...newest.map((touch) => rows.get(touch.id) ?? feedRow(touch)));
  showTimes(feed);
}

const load = () => isPaused() || document.hidden || refresh();

// Scores are shown at once; rows that are new or have moved come with the page, which knows their last touch.
function showHot() {
  const list = document.querySelector("#hot tbody");
  const hot = liveState.hello.hot;
  if (!list || !hot || isPaused()) return;
  const rows = [...list.querySelectorAll("[data-row]")];
  const best = hot.rows.slice(0, rows.length);
  if (best.length < hot.rows.length && best.some((one, index) => one.key !== rows[index].dataset.row)) soon(load, HOT_MS);
  const scores = new Map(best.map((one) => [one.key, one.score]));
  for (const row of rows) {
    const cell = row.querySelector("[data-score]");
    const score = scores.get(row.dataset.row);
    if (score === undefined || cell.textContent === points(score)) continue;
    const rises = score > Number(row.dataset.value) + 0.05;
    row.dataset.value = score;
    cell.textContent = points(score);
    if (rises) {
      row.classList.add("fresh");
      soon(load, HOT_MS);
    }
  }
}

const LIVE = {
  hello: [showActive, draw, showFeed, showHot],
  counts: [showActive],
  touches: [showFeed],
  hot: [showHot],
};

export function startOverview() {
  if (document.querySelector("[data-first-run]")) {
    document.addEventListener("touchline:counts", () => soon(refresh, FIRST_MS));
    setInterval(() => document.hidden || refresh(), HOT_MS);
    return;
  }
  if (!document.querySelector("#rate")) return;
  for (const [name, actions] of Object.entries(LIVE)) {
    document.addEventListener(`touchline:${name}`, () => actions.forEach((action) => action()));
  }
  document.addEventListener("touchline:counts", () => soon(draw, DRAW_MS));
  document.addEventListener("touchline:refreshed", () => {
    if (!liveState.full) return;
    showActive();
    draw();
  });
  onResume(() => {
    draw();
    showFeed();
    load();
  });
  setInterval(load, REFRESH_MS);
}
