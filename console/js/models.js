import { byId, el, KeyedList, setAttribute, setText } from "./dom.js";
import * as format from "./format.js";
import { VersionView } from "./version.js";

/** The cards of the models. `scaling` is passed on to the versions; see `VersionView`. */
export class ModelCards {
  #root = byId("models");
  #cards;

  constructor(hues, scaling) {
    this.#cards = new KeyedList(this.#root, (model) => model.name, (model) => new ModelCard(model, hues, scaling));
  }

  update({ models, versions }) {
    this.#root.removeAttribute("aria-busy");
    for (const node of this.#root.querySelectorAll(".skeleton, .empty")) node.remove();
    this.#cards.update(models.map((model) => ({ ...model, versions: versionsOf(model, versions) })));
    if (models.length === 0) this.#root.append(nothingServed());
  }
}

/** The active version first, then those that still run. */
function versionsOf(model, versions) {
  return versions
    .filter((version) => version.model === model.name)
    .sort((a, b) => (b.name === model.activeVersion) - (a.name === model.activeVersion) || a.name.localeCompare(b.name));
}

class ModelCard {
  #name = el("span", { class: "name" });
  #badge = el("span", { class: "badge", "data-testid": "state-badge" }, el("i", { "aria-hidden": "true" }), el("span"));
  #facts = el("p", { class: "facts" });
  #source = el("p", { class: "facts" });
  #message = el("p", { class: "advice", "data-testid": "model-message" });
  #prepare = el("progress", { max: 1, "data-testid": "prepare" });
  #versions = el("div", { class: "versions" });
  #versionViews;

  constructor(model, hues, scaling) {
    this.#versionViews = new KeyedList(this.#versions, (version) => version.name, (version) => new VersionView(version, scaling));
    this.node = el("article", { class: "card panel", "data-testid": "model-card", "data-model": model.name, "data-hue": hues.of(model.name), "aria-label": `Model ${model.name}` },
      el("header", {}, el("h3", {}, el("i", { class: "strand", "aria-hidden": "true" }), this.#name), this.#badge),
      this.#facts, this.#source, this.#message, this.#prepare, this.#versions);
  }

  update(model) {
    setText(this.#name, model.servedName);
    setAttribute(this.node, "data-state", model.state);
    setText(this.#badge.lastChild, model.state);
    setAttribute(this.#badge, "data-state", model.state);
    setAttribute(this.#badge, "title", model.reason);
    const version = model.versions[0];
    setText(this.#facts, facts(model, version?.artifact).join(" · "));
    setText(this.#source, [shortSource(version?.source ?? ""), ...model.aliases.map((alias) => `also ${alias}`)].filter(Boolean).join(" · "));
    setAttribute(this.#source, "title", version ? [version.source, version.engine, version.artifact?.digest].filter(Boolean).join("\n") : null);
    const prepare = model.versions.find((candidate) => candidate.prepare)?.prepare;
    this.#showPrepare(prepare);
    setText(this.#message, prepare ? progressOf(prepare) : adviceOf(model, version));
    this.#message.hidden = this.#message.textContent === "";
    // What happens now takes the place of where it came from: a card that starts keeps its height.
    this.#source.hidden = !this.#message.hidden && model.state !== "Failed";
    const { purpose } = model;
    this.#versionViews.update(model.versions.map((each) => ({ ...each, purpose, several: model.versions.length > 1, active: each.name === model.activeVersion })));
  }

  #showPrepare(prepare) {
    this.#prepare.hidden = !prepare;
    if (!prepare) return;
    if (prepare.totalBytes > 0) this.#prepare.value = prepare.bytes / prepare.totalBytes;
    else this.#prepare.removeAttribute("value");
    setAttribute(this.#prepare, "aria-label", prepare.label);
  }
}

function progressOf({ label, bytes, totalBytes }) {
  if (!(totalBytes > 0)) return `${label}: ${format.bytes(bytes)}`;
  return `${label}: ${format.bytes(bytes)} of ${format.bytes(totalBytes)}, ${format.percent(bytes, totalBytes)}`;
}

/** What to do or to know; nothing while all is well. */
function adviceOf(model, version) {
  if (model.state === "Ready" || (model.state === "Idle" && version)) return "";
  return model.message || version?.message || (model.state === "Failed" ? model.reason : "");
}

function facts(model, artifact) {
  const facts = [model.purpose];
  if (artifact?.parameters) facts.push(`${format.parameters(artifact.parameters)} params`);
  if (artifact?.bytes) facts.push(`${format.bytes(artifact.bytes)} ${artifact.format}`);
  if (artifact?.contextLength) facts.push(`${format.contextLength(artifact.contextLength)} context`);
  return facts;
}

/** The part of a path or address that a person recognises; the whole is in the title. */
function shortSource(source) {
  const parts = source.split(/[?#]/)[0].split("/").filter(Boolean);
  return parts.at(-1) ?? source;
}

function nothingServed() {
  return el("div", { class: "panel empty", "data-testid": "no-models" },
    el("p", {}, "No model is served yet."),
    el("p", {}, "Serve a file of your own: ", el("code", {}, "fairlead up ~/model.gguf")));
}
