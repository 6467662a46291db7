// The dialogs of the frame: keys, and all pages.

export function openDialog(name) {
  const dialog = document.querySelector(`[data-dialog=${name}]`);
  if (dialog && !dialog.open) dialog.showModal();
}

export function startDialogs() {
  document.querySelector("[data-action=more]").addEventListener("click", () => openDialog("more"));
  document.querySelector("[data-action=search]")?.addEventListener("click", () => focusSearch());
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  }
}

export function focusSearch() {
  const field = document.querySelector(".search [name=identifier]");
  field?.closest(".search").classList.add("shown");
  field?.focus();
  field?.select();
}
