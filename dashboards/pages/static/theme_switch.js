// The choice between light, dark and the system's theme.

const NEXT = { system: "light", light: "dark", dark: "system" };
const WORDS = { system: "System’s theme", light: "Light", dark: "Dark" };

const chosen = () => document.documentElement.dataset.theme ?? "system";

export function switchTheme() {
  const theme = NEXT[chosen()];
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === "system") localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch {
    // Storage is switched off: the choice lasts as long as the page.
  }
  showTheme();
}

function showTheme() {
  document.querySelector("[data-theme-text]").textContent = WORDS[chosen()];
}

export function startThemeSwitch() {
  const button = document.querySelector("[data-action=theme]");
  button.addEventListener("click", switchTheme);
  showTheme();
}
