// The page of a customer: loaded anew when the customer's score changes, which every touch of any identifier does.

import { isPaused, onResume } from "./pause.js";
import { refresh } from "./refresh.js";

const AFTER_MS = [200, 700, 2000]; // a touch is stored a moment after it was counted

export function startCustomer() {
  const customer = document.querySelector("[data-customer]");
  if (!customer) return;
  const { customer: key } = customer.dataset; // refreshing replaces the element
  let timers = [];
  const soon = () => {
    timers.forEach(clearTimeout);
    timers = AFTER_MS.map((after) => setTimeout(() => refresh(), after));
  };
  onResume(soon);
  document.addEventListener("touchline:scores", ({ detail }) => {
    if (!isPaused() && detail.profiles.some((one) => one.key === key)) soon();
  });
}
