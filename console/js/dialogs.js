import { byId } from "./dom.js";

/** A dialog with one secret to type. */
class SecretDialog {
  #dialog;
  #input;
  #problem;
  #resolve = () => {};

  constructor(id, input) {
    this.#dialog = byId(id);
    this.#input = byId(input);
    this.#problem = this.#dialog.querySelector(".problem");
    this.#dialog.querySelector("[data-cancel]").addEventListener("click", () => this.#dialog.close(""));
    this.#dialog.addEventListener("close", () => {
      const value = this.#dialog.returnValue === "ok" ? this.#input.value.trim() : "";
      this.#input.value = "";
      this.#resolve(value || null);
    });
  }

  get node() {
    return this.#dialog;
  }

  /** Resolves to what the user typed, or null. `problem` says why the last one was not taken. */
  ask(problem = null) {
    this.#problem.textContent = problem ?? "";
    this.#problem.hidden = problem === null;
    this.#dialog.returnValue = "";
    if (!this.#dialog.open) this.#dialog.showModal();
    return new Promise((resolve) => (this.#resolve = resolve));
  }

  close() {
    this.#dialog.close("");
  }
}

/** Asks for the API key; see `Client`. */
export function keyPrompt(key) {
  const dialog = new SecretDialog("key-dialog", "key-input");
  return async (refused) => {
    const value = await dialog.ask(refused ? "Fairlead does not know this key." : null);
    if (value !== null) key.value = value;
    return value !== null;
  };
}

/** The button and the dialog that turn control on and off. `prompt(problem)` opens the dialog. */
export function controlSwitch(token) {
  const dialog = new SecretDialog("control-dialog", "control-input");
  const button = byId("control");
  const forget = dialog.node.querySelector("[data-forget]");
  const show = () => {
    const on = token.value !== null;
    button.lastElementChild.textContent = on ? "Control" : "Read-only";
    button.classList.toggle("on", on);
    button.title = on ? "This tab may scale versions" : "Enter the control token to scale versions";
    forget.hidden = !on;
  };
  const prompt = async (problem) => {
    const value = await dialog.ask(problem);
    if (value !== null) token.value = value;
  };
  forget.addEventListener("click", () => {
    token.value = null;
    dialog.close();
  });
  button.addEventListener("click", () => prompt(null));
  token.addEventListener("change", show);
  show();
  return { prompt, offer: (available) => (button.hidden = !available) };
}
