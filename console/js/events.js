import { byId, el, KeyedList, setText } from "./dom.js";
import { exactTime, relativeTime } from "./format.js";

const SHORT_MESSAGE = 200;

/** The list of events, newest first, for all models or one. */
export class EventList {
  #hues;
  #events;
  #modelOf;
  #filter = byId("events-filter");
  #list = byId("events");
  #views;

  /** `modelOf(object)` finds the model that an event's object belongs to, or null. */
  constructor(events, hues, modelOf) {
    this.#events = events;
    this.#hues = hues;
    this.#modelOf = modelOf;
    this.#views = new KeyedList(this.#list, (event) => event.key, (event) => this.#view(event));
    this.#filter.addEventListener("change", () => this.update(this.#now));
  }

  #now = Date.now();

  setModels(names) {
    const shown = [...this.#filter.options].slice(1).map((option) => option.value);
    if (shown.join("\n") === names.join("\n")) return;
    const chosen = this.#filter.value;
    const all = this.#filter.options[0];
    this.#filter.replaceChildren(all, ...names.map((name) => el("option", { value: name }, name)));
    this.#filter.value = names.includes(chosen) ? chosen : "";
  }

  /** Draws the list and its relative times; `now` is Fairlead's clock. */
  update(now) {
    this.#now = now;
    const model = this.#filter.value;
    const events = this.#events.list.filter((event) => !model || this.#modelOf(event.object) === model);
    this.#list.querySelector(".empty")?.remove();
    this.#views.update(events);
    if (events.length === 0) {
      this.#list.append(el("li", { class: "empty" }, model ? `Nothing happened to ${model} yet.` : "Nothing happened yet. Starts, crashes and scaling appear here."));
    }
  }

  #view(event) {
    const warning = event.type === "Warning";
    const time = el("time", { datetime: event.time, title: exactTime(event.at) });
    const model = this.#modelOf(event.object);
    const node = el("li", { class: warning ? "event warning" : "event", "data-testid": "event", "data-type": event.type, "data-reason": event.reason, "data-hue": model === null ? null : this.#hues.of(model) },
      time,
      el("div", { class: "what" },
        el("p", { class: "reason" }, ...(warning ? [el("b", { class: "mark" }, "Warning")] : []), el("span", {}, spaced(event.reason)), el("code", {}, event.object)),
        message(event.message ?? "")));
    return { node, update: () => setText(time, relativeTime(event.at, this.#now)) };
  }
}

/** A long message, such as a crash with the last lines of a log, opens on demand. */
function message(text) {
  const trimmed = text.trimEnd();
  const [first, ...rest] = trimmed.split("\n");
  if (rest.length === 0 && first.length <= SHORT_MESSAGE) return el("p", { class: "message" }, first);
  if (rest.length === 0) {
    return el("details", {}, el("summary", {}, `${first.slice(0, SHORT_MESSAGE)}…`), el("p", { class: "message" }, first));
  }
  return el("details", {}, el("summary", {}, first), el("pre", { tabindex: 0, "aria-label": "Details" }, rest.join("\n")));
}

/** ReplicaReady → "Replica ready". */
function spaced(reason) {
  const words = reason.replace(/([a-z0-9])([A-Z])/g, "$1 $2").split(" ");
  return words.map((word, index) => (index === 0 || /^[A-Z]{2,}/.test(word) ? word : word.toLowerCase())).join(" ");
}
