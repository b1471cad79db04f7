import { el, setText } from "./dom.js";
import * as format from "./format.js";
import { Prose } from "./prose.js";

/** One question and its answer in the conversation, with the times that the user waited. */
export class Turn {
  question;
  model;
  /** The answer's text so far: what later requests send as history. */
  answer = "";

  #sentAt = performance.now();
  #firstAt = null;
  #lastAt = null;
  #pieces = 0;
  #usage = null;
  #finish = null;
  #waited = false;
  #prose;
  #thinking = null;
  #body = el("div", { class: "answer-body" });
  #status = el("p", { class: "waiting", "data-testid": "chat-waiting" }, el("i", { "aria-hidden": "true" }), el("span", {}, "Waiting for the first token"));
  #notes = el("footer", { "data-testid": "chat-metrics" });

  constructor(question, model, hue) {
    this.question = question;
    this.model = model;
    this.#prose = new Prose(this.#body);
    this.answerNode = el("article", { class: "answer", "data-testid": "chat-answer", "data-hue": hue, "aria-label": `Answer of ${model}`, "aria-busy": "true" },
      el("header", {}, el("i", { class: "strand", "aria-hidden": "true" }), model), this.#body, this.#status, this.#notes);
    this.questionNode = el("article", { class: "question", "data-testid": "chat-question", "aria-label": "You" }, question);
  }

  get nodes() {
    return [this.questionNode, this.answerNode];
  }

  /** Takes one part of a completion; see `chatCompletion`. */
  take({ waiting, thinking, text, usage, finish }) {
    if (waiting && this.#firstAt === null) {
      this.#waited = true;
      setText(this.#status.lastChild, sentence(waiting));
    }
    if (thinking) {
      this.#token();
      this.#think(thinking);
    }
    if (text) {
      this.#token();
      this.answer += text;
      this.#prose.append(text);
    }
    if (usage) this.#usage = usage;
    if (finish) this.#finish = finish;
  }

  /** Ends the answer; `problem` is an error's message, `stopped` that the user ended it. */
  end({ problem = null, stopped = false, retry = null } = {}) {
    this.#prose.end();
    this.#status.remove();
    this.answerNode.removeAttribute("aria-busy");
    if (problem) {
      const children = retry ? [el("button", { type: "button", class: "small", "data-testid": "chat-retry", onclick: retry }, "Try again")] : [];
      this.answerNode.insertBefore(el("div", { class: "problem", "data-testid": "chat-error" }, el("p", {}, problem), ...children), this.#notes);
    }
    this.#notes.replaceChildren(...this.#facts(stopped).map((fact) => el("span", {}, fact)));
  }

  #token() {
    this.#lastAt = performance.now();
    this.#pieces++;
    if (this.#firstAt === null) {
      this.#firstAt = this.#lastAt;
      this.#status.remove();
    }
  }

  #think(text) {
    if (!this.#thinking) {
      this.#thinking = document.createTextNode("");
      this.#body.prepend(el("details", { class: "thinking" }, el("summary", {}, "Thinking"), el("p", { class: "prose" }, this.#thinking)));
    }
    this.#thinking.appendData(text);
  }

  #facts(stopped) {
    const facts = [];
    if (this.#firstAt !== null) {
      facts.push(`first token ${format.millis(this.#firstAt - this.#sentAt)}${this.#waited ? " with the start" : ""}`);
      const tokens = this.#usage?.completion_tokens ?? this.#pieces;
      const seconds = (this.#lastAt - this.#firstAt) / 1000;
      if (tokens > 1 && seconds > 0) facts.push(`${format.rate((tokens - 1) / seconds)} tokens/s`);
      facts.push(`${this.#usage ? "" : "about "}${format.count(tokens)} ${tokens === 1 ? "token" : "tokens"}`);
    }
    if (stopped) facts.push("stopped");
    if (this.#finish === "length") facts.push("cut at the token limit");
    return facts;
  }
}

function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
