// Draws the charts of a page. A page without one does not load what draws them.

export async function startCharts(root = document) {
  if (root.matches?.("[data-chart]") || root.querySelector("[data-chart]")) (await import("./chart.js")).startCharts(root);
}
