// Elements of SVG. Attributes only, since the content security policy allows no style attributes.

const NAMESPACE = "http://www.w3.org/2000/svg";

export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined && value !== null) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

export const round = (value) => Math.round(value * 10) / 10;

// A path through [x, y] points; a point that is null starts a new line.
export function path(points) {
  let text = "";
  let open = false;
  for (const point of points) {
    if (point) text += `${open ? "L" : "M"}${round(point[0])},${round(point[1])}`;
    open = Boolean(point);
  }
  return text;
}

export function icon(name) {
  return svg("svg", { class: "icon", "aria-hidden": "true" }, svg("use", { href: `${document.body.dataset.icons}#${name}` }));
}
