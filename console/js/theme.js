import { byId } from "./dom.js";

const NEXT = { auto: "light", light: "dark", dark: "auto" };
const LABELS = { auto: "Auto", light: "Light", dark: "Dark" };

/** The switch auto → light → dark, remembered; `onChange` runs whenever the page's colours changed. */
export function themeSwitch(onChange) {
  const button = byId("theme");
  const root = document.documentElement;
  const current = () => root.dataset.theme ?? "auto";
  const show = () => {
    button.lastElementChild.textContent = LABELS[current()];
    button.setAttribute("aria-label", `Theme: ${LABELS[current()]}. Switch to ${LABELS[NEXT[current()]]}`);
  };
  button.addEventListener("click", () => {
    const theme = NEXT[current()];
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
    remember(theme);
    show();
    onChange();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", onChange);
  show();
}

function remember(theme) {
  try {
    if (theme === "auto") localStorage.removeItem("fairlead.theme");
    else localStorage.setItem("fairlead.theme", theme);
  } catch {
    // Storage is forbidden: the choice lasts until the page is left.
  }
}
