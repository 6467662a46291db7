// How channels look, as `looks.py` says: name, icon, and a hue by their order.

const HUES = 10;
const known = new Map(
  document.body.dataset.channels.split(" ").map((text, place) => {
    const [name, icon] = text.split(":");
    return [name, { name, label: label(name), icon, hue: place % HUES, place }];
  }),
);

function label(name) {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

// A channel of another version looks plain and comes last.
export const look = (name) => known.get(name) ?? { name, label: label(name), icon: "dot", hue: HUES - 2, place: known.size };
