import { el, KeyedList, setAttribute, setText } from "./dom.js";
import * as format from "./format.js";

/** More free places than this are told in words. */
const MAX_PLACES = 4;
/** Slots are drawn one by one up to this many. */
const MAX_CELLS = 16;

/** Long enough to read why a scale was refused. */
const PROBLEM_MILLIS = 15_000;

/**
 * One version in its model's card: its replicas, load and speed, and the buttons that scale it.
 * `scaling` is `{allowed(), scale(version, replicas)}`; `scale` rejects with a message for the user.
 */
export class VersionView {
  #scaling;
  #version;
  /** What the user asked for and the overview does not show yet; undefined when there is nothing. */
  #wanted;
  #title = el("p", { class: "version-name" });
  #replicas = el("ul", { class: "replicas", "aria-label": "Replicas" });
  #replicaViews = new KeyedList(this.#replicas, (replica) => replica.id, (replica) => replicaView(replica));
  #load = fact("running");
  #queue = fact("queue");
  #speed = fact("tokens/s");
  #ttft = fact("first token");
  #summary = el("p", { class: "scale-summary", "data-testid": "replica-count" });
  #fewer = this.#button("−", "One replica fewer", "scale-down", () => this.#ask(Math.max(0, this.#base() - 1)));
  #more = this.#button("+", "One replica more", "scale-up", () => this.#ask(this.#base() + 1));
  #auto = this.#button("Auto", "Scale automatically", "scale-auto", () => this.#ask(null));
  #buttons = el("div", { class: "buttons", role: "group" }, this.#fewer, this.#more, this.#auto);
  #problem = el("p", { class: "problem", role: "alert", "data-testid": "scale-error", hidden: true });

  constructor(version, scaling) {
    this.#scaling = scaling;
    this.node = el("div", { class: "version", "data-testid": "version", "data-version": version.name },
      this.#title, this.#replicas,
      el("dl", { class: "numbers" }, this.#speed.node, this.#ttft.node, this.#load.node, this.#queue.node),
      el("div", { class: "scale" }, this.#summary, this.#buttons), this.#problem);
    this.#buttons.setAttribute("aria-label", `Replicas of ${version.name}`);
  }

  update(version) {
    this.#version = version;
    setText(this.#title, version.active ? version.name : `${version.name}, ${version.state.toLowerCase()}`);
    this.#title.hidden = !version.several;
    this.#replicaViews.update(places(version));
    this.#replicas.hidden = Boolean(version.prepare) && version.replicas.length === 0;
    setText(this.#load.value, format.count(version.inFlight));
    setText(this.#queue.value, format.count(version.waiting));
    this.#queue.node.classList.toggle("raised", version.waiting > 0);
    // An embedding model only reads.
    const reads = version.purpose === "embedding";
    setText(this.#speed.value, format.rate(reads ? version.promptTokensPerSecond : version.generationTokensPerSecond));
    this.#ttft.node.hidden = reads;
    const ttft = version.timeToFirstTokenMillis;
    setText(this.#ttft.value, format.millis(ttft?.p50));
    setAttribute(this.#ttft.node, "title", ttft ? `Median ${format.millis(ttft.p50)}, 95th percentile ${format.millis(ttft.p95)}` : "No answer yet");
    if (version.pinned === this.#wanted) this.#wanted = undefined;
    this.#showScale();
  }

  #showScale() {
    const { pinned, minReplicas, maxReplicas, desiredReplicas } = this.#version;
    const mode = pinned === null ? `auto ${minReplicas === maxReplicas ? minReplicas : `${minReplicas}–${maxReplicas}`}` : "set by hand";
    setText(this.#summary, `${desiredReplicas} ${desiredReplicas === 1 ? "replica" : "replicas"} · ${mode}`);
    this.#buttons.hidden = !this.#scaling.allowed();
    this.#fewer.disabled = this.#base() <= 0;
    this.#more.disabled = this.#base() >= maxReplicas;
    setAttribute(this.#auto, "aria-pressed", String(pinned === null));
  }

  #base() {
    return this.#wanted ?? this.#version.pinned ?? this.#version.desiredReplicas;
  }

  async #ask(replicas) {
    this.#wanted = replicas;
    this.#problem.hidden = true;
    this.#buttons.setAttribute("aria-busy", "true");
    try {
      await this.#scaling.scale(this.#version.name, replicas);
    } catch (error) {
      this.#wanted = undefined;
      this.#problem.textContent = error.message;
      this.#problem.hidden = false;
      setTimeout(() => (this.#problem.hidden = true), PROBLEM_MILLIS);
    } finally {
      this.#buttons.removeAttribute("aria-busy");
      this.#showScale();
    }
  }

  #button(text, label, testId, onclick) {
    return el("button", { type: "button", class: "small", "aria-label": label, title: label, "data-testid": testId, onclick }, text);
  }
}

/** The replicas, and an empty place for each that may still start. */
function places(version) {
  const free = Math.max(0, version.maxReplicas - version.replicas.length);
  if (free === 0) return version.replicas;
  if (version.maxReplicas <= MAX_PLACES) {
    return [...version.replicas, ...Array.from({ length: free }, (_, index) => ({ id: `free-${index}`, free: 1 }))];
  }
  return [...version.replicas, { id: "free", free }];
}

function replicaView(first) {
  if (first.free) {
    const text = el("span", { class: "phase" });
    const node = el("li", { class: "replica place" }, el("span", { class: "cells" }), text);
    return { node, update: ({ free }) => setText(text, free === 1 ? "free place" : `${free} free places`) };
  }
  const cells = el("span", { class: "cells", "aria-hidden": "true" });
  const phase = el("span", { class: "phase" });
  const node = el("li", { class: "replica", "data-testid": "replica" }, cells, phase);
  const update = (replica) => {
    setAttribute(node, "data-phase", replica.phase);
    const drawn = Math.min(replica.slots, MAX_CELLS);
    while (cells.childElementCount > drawn) cells.lastChild.remove();
    while (cells.childElementCount < drawn) cells.append(el("i"));
    const busy = replica.slots > drawn ? Math.ceil((drawn * replica.running) / replica.slots) : replica.running;
    [...cells.children].forEach((cell, index) => cell.classList.toggle("busy", index < busy));
    const serving = replica.phase === "Ready" || replica.phase === "Draining";
    setText(phase, serving ? `${replica.phase} ${replica.running}/${replica.slots}` : replica.phase);
    setAttribute(node, "title", titleOf(replica));
  };
  return { node, update };
}

function titleOf(replica) {
  const parts = [`${replica.running} of ${replica.slots} slots running, ${replica.waiting} waiting`];
  if (replica.pid) parts.push(`process ${replica.pid}`);
  if (replica.restarts > 0) parts.push(`${replica.restarts} ${replica.restarts === 1 ? "restart" : "restarts"}`);
  if (replica.since) parts.push(`${replica.phase} since ${format.exactTime(Date.parse(replica.since))}`);
  if (replica.message) parts.push(replica.message);
  return parts.join("\n");
}

function fact(label) {
  const value = el("dd", {}, "–");
  return { node: el("div", {}, el("dt", {}, label), value), value };
}
