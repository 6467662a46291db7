// The marks of each kind of chart. Each function adds them to an SVG group and returns what the cursor needs:
// the x of each position.

import { path, round, svg } from "./svg.js";
import { scale } from "./scale.js";

const USUAL = 0.85;
const CUT = 10;

const hue = (series) => (series.hue < 0 ? "hue-accent" : `hue-${series.hue}`);

export function sums(chart) {
  return chart.positions.map((_, index) => chart.series.reduce((sum, one) => sum + (one.values[index] ?? 0), 0));
}

// The highest value of the axis. A few values that are ten times as high as nearly all others are cut off, or the others
// could not be read; `peak` is the highest of them, or null.
export function most(chart) {
  const highest = highestOf(chart);
  if (chart.kind !== "area") return { high: highest, peak: null };
  const ordered = sums(chart).sort((a, b) => a - b);
  const usual = ordered[Math.floor(ordered.length * USUAL)] ?? 0;
  return usual > 0 && highest > CUT * usual ? { high: 2 * usual, peak: highest } : { high: highest, peak: null };
}

function highestOf(chart) {
  const values = chart.kind === "area" ? sums(chart) : chart.series.flatMap((one) => one.values);
  const all = [...values, ...chart.before, ...chart.future.map((one) => one[1]), chart.threshold ? chart.threshold[0] : 0];
  return Math.max(0, ...all.filter((value) => value !== null));
}

// Where the sum is above the ceiling of the axis, the layers keep their shares of what is drawn.
export function area(group, chart, x, y, box, ceiling) {
  const shrunk = sums(chart).map((sum) => (sum > ceiling ? ceiling / sum : 1));
  const low = chart.positions.map(() => 0);
  for (const series of chart.series) {
    const high = low.map((value, index) => value + (series.values[index] ?? 0) * shrunk[index]);
    const top = high.map((value, index) => [x(chart.positions[index]), y(value)]);
    const bottom = low.map((value, index) => [x(chart.positions[index]), y(value)]).reverse();
    if (top.length) group.append(svg("path", { class: `area ${hue(series)}`, d: `${path([...top, ...bottom])}Z` }));
    group.append(svg("path", { class: `edge ${hue(series)}`, d: path(top) }));
    low.splice(0, low.length, ...high);
  }
  dashed(group, chart, x, y);
  return chart.positions.map(x);
}

export function line(group, chart, x, y) {
  for (const series of chart.series) {
    const points = series.values.map((value, index) => (value === null ? null : [x(chart.positions[index]), y(value)]));
    group.append(svg("path", { class: `line-mark ${hue(series)}`, d: path(points) }));
  }
  dashed(group, chart, x, y);
  return chart.positions.map(x);
}

function dashed(group, chart, x, y) {
  const points = chart.before.map((value, index) => (value === null ? null : [x(chart.positions[index]), y(value)]));
  if (points.length) group.append(svg("path", { class: "last-week", d: path(points) }));
}

// A score and what becomes of it: each touch is a step up.
export function curve(group, chart, x, y, box) {
  const now = chart.positions.at(-1);
  const points = chart.series[0].values.map((value, index) => [x(chart.positions[index]), y(value)]);
  if (!points.length) return [];
  group.append(svg("path", { class: "curve-fill", d: `${path([[points[0][0], y(0)], ...points, [points.at(-1)[0], y(0)]])}Z` }));
  group.append(svg("path", { class: "curve", d: path(points) }));
  if (chart.threshold) {
    const at = y(chart.threshold[0]);
    group.append(svg("line", { class: "hotline", x1: box.left, x2: box.right, y1: at, y2: at }));
    group.append(svg("text", { class: "hot-t", x: box.left + 6, y: at - 5 }, chart.threshold[1]));
  }
  if (chart.future.length) {
    group.append(svg("path", { class: "curve-next", d: path(chart.future.map(([at, value]) => [x(at), y(value)])) }));
  }
  group.append(svg("circle", { class: "curve-dot", cx: round(x(now)), cy: round(points.at(-1)[1]), r: 5 }));
  for (const mark of chart.marks) {
    const value = chart.future.length ? nearest(chart.future, mark.at) : points.at(-1)[1];
    const right = x(mark.at) > box.right - 90;
    group.append(svg("circle", { class: "curve-end", cx: round(x(mark.at)), cy: round(y(value)), r: 3.5 }));
    group.append(svg("text", { class: "mark-t", x: round(x(mark.at)) + (right ? 0 : 8), y: round(y(value)) - 8, "text-anchor": right ? "end" : null }, mark.text));
  }
  for (const tick of chart.ticks) {
    const at = round(x(tick.at));
    group.append(svg("line", { class: `rug hue-${tick.hue}`, x1: at, x2: at, y1: box.bottom + 4, y2: round(box.bottom + 6 + tick.size * 10) }));
  }
  return chart.positions.map(x);
}

const nearest = (pairs, at) => pairs.reduce((best, one) => (Math.abs(one[0] - at) < Math.abs(best[0] - at) ? one : best))[1];

export function bars(group, chart, x, y, box) {
  const count = Math.max(1, chart.positions.length);
  const room = (box.right - box.left) / count;
  const width = Math.max(1, (room * 0.72) / chart.series.length);
  const middle = (index) => box.left + room * (index + 0.5);
  chart.positions.forEach((_, index) => {
    chart.series.forEach((series, place) => {
      const value = series.values[index];
      if (value === null) return;
      const left = middle(index) - (width * chart.series.length) / 2 + place * width;
      group.append(svg("rect", { class: `bar-mark ${hue(series)}`, x: round(left), width: round(width), y: round(y(value)), height: round(y(0) - y(value)), rx: 2 }));
    });
    if (chart.before[index] !== undefined && chart.before[index] !== null) {
      const left = middle(index) - (width * chart.series.length) / 2;
      group.append(svg("rect", { class: "bar-before", x: round(left), width: round(width * chart.series.length), y: round(y(chart.before[index])), height: round(y(0) - y(chart.before[index])) }));
    }
  });
  return chart.positions.map((_, index) => middle(index));
}

// Lines are series, columns are positions; the darker, the more. Nothing and no data look different.
export function heat(group, chart, box) {
  const width = (box.right - box.left) / Math.max(1, chart.positions.length);
  const height = (box.bottom - box.top) / Math.max(1, chart.series.length);
  const high = Math.max(1e-9, ...chart.series.flatMap((one) => one.values.map((value) => value ?? 0)));
  const shade = scale(0, high, 0.08, 1);
  chart.series.forEach((series, row) => {
    series.values.forEach((value, column) => {
      const place = { x: round(box.left + column * width), y: round(box.top + row * height), width: round(width), height: round(height), rx: 3 };
      group.append(svg("rect", value === null ? { class: "heat-none", ...place } : { class: "heat", "fill-opacity": value ? shade(value).toFixed(2) : 0.04, ...place }));
    });
    group.append(svg("text", { class: "tick", x: box.left - 8, y: round(box.top + (row + 0.5) * height + 4), "text-anchor": "end" }, series.label));
  });
  return chart.positions.map((_, column) => box.left + (column + 0.5) * width);
}
