// Charts. Each is drawn for its real width, can be read with the left and right keys, and can be shown as a table.

import { announce } from "./announce.js";
import { area, bars, curve, heat, line, most, sums } from "./chart_marks.js";
import { NONE, clock, points, rate, shortDay, whole } from "./format.js";
import { scale, timeTicks, valueTicks } from "./scale.js";
import { round, svg } from "./svg.js";

const WIDE = 560; // pixels, from which on names stand at the right end instead of in a legend
const DAY = 86_400_000;
const drawn = new WeakMap();
const resized = new ResizeObserver((entries) => entries.forEach((entry) => drawn.get(entry.target)?.draw()));

class Chart {
  constructor(element) {
    this.element = element;
    this.data = JSON.parse(element.dataset.chart);
    if (!this.data.times) this.data.positions = this.data.names.map((_, index) => index);
    this.at = -1;
    element.tabIndex = 0;
    element.setAttribute("role", "group");
    element.setAttribute("aria-label", `${this.data.label}. Left and right keys read the values.`);
    element.addEventListener("keydown", (event) => this.onKey(event));
    element.addEventListener("pointermove", (event) => this.onPointer(event));
    element.addEventListener("pointerleave", () => this.move(-1));
    element.addEventListener("blur", () => this.move(-1));
    this.addTableButton();
    resized.observe(element);
    this.draw();
  }

  // Draw again, for instance after the data changed.
  draw() {
    const width = this.element.clientWidth;
    const height = this.element.clientHeight;
    if (!width || !height) return;
    const chart = this.data;
    const named = chart.kind === "area" && width >= WIDE;
    const left = chart.kind === "heat" ? 62 : 42;
    const box = { left, right: width - (named ? 108 : 16), top: 16, bottom: height - (chart.ticks.length ? 36 : 26) };
    const root = svg("svg", { class: "chart", width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
    const grid = svg("g");
    const marks = svg("g");
    root.append(grid, marks);
    const last = chart.future.length ? chart.future.at(-1)[0] : chart.positions.at(-1);
    const x = scale(chart.positions[0], last, box.left, box.right);
    if (chart.kind === "heat") {
      this.xs = heat(marks, chart, box);
    } else {
      const { high, peak } = most(chart);
      const ticks = valueTicks(high);
      const linear = scale(0, ticks.at(-1), box.bottom, box.top);
      const y = peak === null ? linear : (value) => Math.max(box.top, linear(value));
      for (const value of ticks) {
        const at = round(y(value));
        grid.append(svg("line", { class: value ? "grid" : "grid base", x1: box.left, x2: box.right, y1: at, y2: at }));
        grid.append(svg("text", { class: "tick", x: box.left - 8, y: at + 4, "text-anchor": "end" }, value >= 10 || value === 0 ? whole(value) : rate(value)));
      }
      this.xs = { area, line, curve, bars }[chart.kind](marks, chart, x, y, box, ticks.at(-1));
      if (chart.kind !== "curve") this.drawMarks(marks, x, box);
      if (named) this.drawNames(marks, y, box);
      if (peak !== null) this.drawPeak(marks, peak, box);
    }
    this.drawPositions(grid, x, box, height);
    this.box = box;
    this.cursor = svg("line", { class: "cursor", y1: box.top, y2: box.bottom, visibility: "hidden" });
    root.append(this.cursor);
    this.tip ??= Object.assign(document.createElement("div"), { className: "tip", hidden: true });
    this.element.replaceChildren(root, this.tip);
    this.move(this.at, false);
    this.fillLegend();
  }

  drawPositions(grid, x, box, height) {
    const chart = this.data;
    const y = height - 6;
    if (chart.times) {
      for (const [at, words] of timeTicks(chart.positions[0], chart.future.at(-1)?.[0] ?? chart.positions.at(-1), box.right - box.left)) {
        grid.append(svg("text", { class: "tick", x: round(x(at)), y, "text-anchor": x(at) > box.right - 16 ? "end" : "middle" }, words));
      }
      return;
    }
    const each = Math.ceil((chart.names.length * 44) / (box.right - box.left));
    chart.names.forEach((name, index) => {
      if (index % each === 0) grid.append(svg("text", { class: "tick", x: round(this.xs[index]), y, "text-anchor": "middle" }, name));
    });
  }

  drawMarks(marks, x, box) {
    for (const mark of this.data.marks) {
      const at = round(x(mark.at));
      const right = at > (box.left + box.right) / 2;
      marks.append(svg("line", { class: "mark", x1: at, x2: at, y1: box.top, y2: box.bottom }));
      marks.append(svg("text", { class: "mark-t", x: at + (right ? -6 : 6), y: box.top + 9, "text-anchor": right ? "end" : null }, mark.text));
    }
  }

  // The height of what the axis cuts off.
  drawPeak(marks, peak, box) {
    const x = round(this.xs[sums(this.data).indexOf(peak)]);
    const right = x > (box.left + box.right) / 2;
    marks.append(svg("text", { class: "mark-t", x: x + (right ? -26 : 26), y: box.top + 10, "text-anchor": right ? "end" : null }, `up to ${rate(peak)}${this.data.unit}`));
  }

  // Names at the right end, moved apart where they would cover each other.
  drawNames(marks, y, box) {
    let below = 0;
    const named = this.data.series.map((series) => {
      const value = series.values.at(-1) ?? 0;
      below += value;
      return { series, value, y: y(below - value / 2) + 4 };
    });
    let free = box.bottom + 2;
    for (const one of named.filter((each) => each.value > 0 || named.length <= 4)) {
      const at = Math.min(one.y, free);
      free = at - 15;
      if (at > box.top - 4) marks.append(svg("text", { class: `dl hue-${one.series.hue}`, x: box.right + 8, y: round(at) }, `${one.series.label.toLowerCase()} ${rate(one.value)}${this.data.unit}`));
    }
  }

  fillLegend() {
    const legend = this.element.closest("figure")?.querySelector("[data-legend]");
    if (!legend) return;
    const chart = this.data;
    const rows = chart.series.map((one) => [`hue-${one.hue} cl`, "sw", one.label, one.values]);
    if (chart.before.length) rows.push(["", "sw dash", chart.before_label, chart.before]);
    legend.replaceChildren(...rows.map(([className, mark, label, values]) => {
      const row = Object.assign(document.createElement("span"), { className });
      const last = values.findLast((value) => value !== null);
      row.append(Object.assign(document.createElement("i"), { className: mark }), label, Object.assign(document.createElement("b"), { textContent: this.write(last) }));
      return row;
    }));
  }

  write(value) {
    if (value === null || value === undefined) return NONE;
    return this.data.decimals ? points(value) : this.data.unit === "/s" ? rate(value) : Number.isInteger(value) ? whole(value) : rate(value);
  }

  name(index) {
    const at = this.data.positions[index];
    if (!this.data.times) return this.data.names[index];
    if (this.data.width_ms >= DAY) return shortDay(at);
    return this.data.positions.at(-1) - this.data.positions[0] >= DAY ? `${shortDay(at)} ${clock(at)}` : clock(at);
  }

  // [[words, value, hue], ...] of a position.
  values(index) {
    const found = this.data.series.map((one) => [one.label, this.write(one.values[index]), one.hue]);
    if (this.data.kind === "area" && found.length > 1) found.push(["together", this.write(sums(this.data)[index]), null]);
    if (this.data.before.length) found.push([this.data.before_label, this.write(this.data.before[index]), null]);
    return this.data.kind === "heat" || found.length <= 4 ? found : found.filter(([, value]) => value !== "0");
  }

  onKey(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const count = this.data.positions.length;
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -count, End: count }[event.key];
    if (!steps || !count) return;
    event.preventDefault();
    const from = this.at < 0 ? (steps < 0 ? count : -1) : this.at;
    this.move(Math.max(0, Math.min(count - 1, from + steps)));
    const read = this.values(this.at).map(([words, value]) => `${words} ${value}${this.data.unit}`);
    announce(`${this.name(this.at)}: ${read.join(", ")}`, true);
  }

  onPointer(event) {
    if (!this.xs?.length) return;
    const x = event.clientX - this.element.getBoundingClientRect().left;
    let best = 0;
    this.xs.forEach((one, index) => { if (Math.abs(one - x) < Math.abs(this.xs[best] - x)) best = index; });
    this.move(best);
  }

  move(index, changed = true) {
    if (changed && index === this.at) return;
    this.at = index < this.data.positions.length ? index : -1;
    const shown = this.at >= 0;
    this.tip.hidden = !shown;
    this.cursor.setAttribute("visibility", shown ? "visible" : "hidden");
    if (!shown) return;
    const x = round(this.xs[this.at]);
    this.cursor.setAttribute("x1", x);
    this.cursor.setAttribute("x2", x);
    this.tip.className = `tip ${x > (this.box.left + this.box.right) / 2 ? "left" : "right"}`;
    const lines = this.values(this.at).map(([words, value, hue]) => {
      const row = document.createElement("span");
      if (hue !== null && hue >= 0) row.append(Object.assign(document.createElement("i"), { className: `sw hue-${hue}` }));
      row.append(words, Object.assign(document.createElement("em"), { textContent: value + (value === NONE ? "" : this.data.unit) }));
      return row;
    });
    this.tip.replaceChildren(Object.assign(document.createElement("b"), { textContent: this.name(this.at) }), ...lines);
  }

  addTableButton() {
    const header = this.element.closest(".card")?.querySelector("header");
    if (!header || header.querySelector("[data-table]")) return;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "more", textContent: "As table" });
    button.dataset.table = "";
    button.setAttribute("aria-pressed", "false");
    header.insertBefore(button, header.querySelector(".more")); // what stands there already keeps its place
    const table = Object.assign(document.createElement("div"), { className: "as-table", hidden: true, tabIndex: 0 });
    table.setAttribute("role", "region");
    table.setAttribute("aria-label", this.data.label);
    this.element.after(table);
    button.addEventListener("click", () => {
      const on = table.hidden;
      if (on) table.replaceChildren(this.table());
      table.hidden = !on;
      this.element.hidden = on;
      button.textContent = on ? "As chart" : "As table";
      button.setAttribute("aria-pressed", String(on));
    });
  }

  table() {
    const chart = this.data;
    const table = document.createElement("table");
    const labels = [...chart.series.map((one) => one.label), ...(chart.before.length ? [chart.before_label] : [])];
    const head = table.createTHead().insertRow();
    for (const [index, text] of [chart.times ? "Time" : chart.names_head, ...labels.map((one) => (chart.unit ? `${one}, ${chart.unit}` : one))].entries()) {
      head.append(Object.assign(document.createElement("th"), { scope: "col", textContent: text, className: index ? "r" : "" }));
    }
    const body = table.createTBody();
    chart.positions.forEach((_, index) => {
      const row = body.insertRow();
      row.insertCell().textContent = this.name(index);
      const columns = [...chart.series.map((one) => one.values), ...(chart.before.length ? [chart.before] : [])];
      for (const column of columns) Object.assign(row.insertCell(), { className: "r", textContent: this.write(column[index]) });
    });
    return table;
  }
}

export function startCharts(root = document) {
  for (const element of root.querySelectorAll("[data-chart]")) if (!drawn.has(element)) drawn.set(element, new Chart(element));
}

// The chart of an element, to change its data and draw it again.
export const chartOf = (element) => drawn.get(element);
