// What has to be known before anything is drawn: that scripts run, and the chosen theme; without a choice the system's is
// used. Not a module, since those run later.
document.documentElement.dataset.scripts = "";
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is switched off: the system's theme is used.
}
