/** Builds an element. Text only ever enters through text nodes: what models and engines say is untrusted. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** The element with this id. */
export const byId = (id) => document.getElementById(id);

/** Sets a node's text only when it differs, so that a selection in it survives an update. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Sets or removes an attribute, only when it differs. */
export function setAttribute(node, name, value) {
  if (value == null || value === false) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

/**
 * Keeps a parent's children in step with a list without rebuilding them: focus, scroll and open disclosures survive.
 * `make(item)` returns `{node, update(item)}`.
 */
export class KeyedList {
  #parent;
  #keyOf;
  #make;
  #views = new Map();

  constructor(parent, keyOf, make) {
    this.#parent = parent;
    this.#keyOf = keyOf;
    this.#make = make;
  }

  update(items) {
    this.#dropAllBut(new Set(items.map(this.#keyOf)));
    let cursor = this.#parent.firstChild;
    for (const item of items) {
      const key = this.#keyOf(item);
      if (!this.#views.has(key)) this.#views.set(key, this.#make(item));
      const view = this.#views.get(key);
      view.update(item);
      if (view.node === cursor) cursor = cursor.nextSibling;
      else this.#parent.insertBefore(view.node, cursor);
    }
  }

  /** First of all: a kept node that has to move would lose the focus. */
  #dropAllBut(keys) {
    for (const [key, view] of this.#views) {
      if (keys.has(key)) continue;
      view.node.remove();
      this.#views.delete(key);
    }
  }
}

/** Tells a screen reader something that sighted users see happen. */
export function announce(text) {
  setText(byId("announcer"), text);
}

/** Lets a text area grow with its text where CSS `field-sizing` is not there yet. */
export function growWithText(area, maxPixels) {
  if (CSS.supports("field-sizing", "content")) return () => {};
  const grow = () => {
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight + 2, maxPixels)}px`;
  };
  area.addEventListener("input", grow);
  return grow;
}
