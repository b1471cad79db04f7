/**
 * The secrets of this tab: the API key and the control token. They live in sessionStorage only, and go nowhere but
 * into the Authorization header of the door that each is for.
 */
class Secret extends EventTarget {
  #name;
  #value;

  constructor(name) {
    super();
    this.#name = name;
    try {
      this.#value = sessionStorage.getItem(name);
    } catch {
      this.#value = null; // Storage is forbidden: memory has to do.
    }
  }

  get value() {
    return this.#value;
  }

  set value(value) {
    this.#value = value || null;
    try {
      if (this.#value) sessionStorage.setItem(this.#name, this.#value);
      else sessionStorage.removeItem(this.#name);
    } catch {
      // Storage is forbidden: the value lasts until the page is left.
    }
    this.dispatchEvent(new Event("change"));
  }
}

export const apiKey = new Secret("fairlead.key");
export const controlToken = new Secret("fairlead.token");

/** Takes `#token=…` out of the address bar, so that it is not bookmarked or shared by accident. */
function takeTokenFromAddress() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get("token");
  if (token === null) return;
  history.replaceState(null, "", location.pathname + location.search);
  controlToken.value = token.trim();
}

takeTokenFromAddress();
addEventListener("hashchange", takeTokenFromAddress);
