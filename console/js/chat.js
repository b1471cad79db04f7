import { RequestFailed } from "./client.js";
import { chatCompletion } from "./completions.js";
import { announce, byId, el, growWithText, setAttribute, setText } from "./dom.js";
import { Turn } from "./turn.js";

/** Scrolled up further than this, the reader wants to stay there. */
const FOLLOW_PIXELS = 48;

/** The chat: one conversation in memory, one answer at a time. */
export class Chat {
  #client;
  #hues;
  #turns = [];
  #running = null;
  #models = null;
  #live = false;
  #messages = byId("chat-messages");
  #model = byId("chat-model");
  #system = byId("chat-system");
  #input = byId("chat-input");
  #send = byId("chat-send");
  #stop = byId("chat-stop");
  #clear = byId("chat-clear");
  #growInput = growWithText(this.#input, 180);

  constructor(client, hues) {
    this.#client = client;
    this.#hues = hues;
    growWithText(this.#system, 120)();
    byId("chat-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#input.addEventListener("input", () => this.#refresh());
    this.#input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    this.#stop.addEventListener("click", () => this.#running?.abort());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !document.querySelector("dialog[open]")) this.#running?.abort();
    });
    this.#clear.addEventListener("click", () => this.#forget());
    this.#model.addEventListener("change", () => this.#refresh());
    this.#refresh();
  }

  /** Takes the models of an overview; null while there was none. */
  setModels(models) {
    this.#models = models.filter((model) => model.purpose === "chat");
    const names = this.#models.map((model) => model.servedName);
    const shown = [...this.#model.options].map((option) => option.value);
    if (names.join("\n") !== shown.join("\n") || shown.length === 0) {
      const chosen = this.#model.value;
      this.#model.replaceChildren(...names.map((name) => el("option", { value: name }, name)));
      if (names.length === 0) this.#model.append(el("option", { value: "" }, "No chat model"));
      if (names.includes(chosen)) this.#model.value = chosen;
    }
    this.#refresh();
  }

  setLive(live) {
    this.#live = live;
    this.#refresh();
  }

  #refresh() {
    const model = this.#models?.find((candidate) => candidate.servedName === this.#model.value);
    const obstacle = this.#obstacle(model);
    this.#model.disabled = !model;
    this.#input.disabled = !model;
    this.#send.disabled = Boolean(obstacle) || this.#input.value.trim() === "";
    this.#send.hidden = this.#running !== null;
    this.#stop.hidden = this.#running === null;
    this.#clear.disabled = this.#turns.length === 0 || this.#running !== null;
    setAttribute(this.#messages, "data-empty", this.#turns.length === 0);
    setText(byId("chat-hint"), this.#running ? "Esc stops the answer" : (obstacle ?? hintFor(model)));
    if (this.#turns.length === 0) this.#showEmpty(model);
  }

  /** Why nothing can be sent, or null. */
  #obstacle(model) {
    if (this.#models === null) return "Connecting to Fairlead…";
    if (!model) return "No chat model is served yet.";
    return this.#live ? null : "Fairlead is not answering; the message can wait here.";
  }

  #showEmpty(model) {
    const text = model ? `Ask ${model.servedName} something. The conversation stays in this tab and is gone when it closes.` : "";
    const shown = this.#messages.querySelector(".empty");
    if (shown) setText(shown, text);
    else this.#messages.replaceChildren(el("p", { class: "empty" }, text));
  }

  #submit() {
    this.#refresh();
    if (this.#send.disabled || this.#running) return;
    const question = this.#input.value.trim();
    this.#input.value = "";
    this.#growInput();
    this.#input.focus();
    this.#ask(question);
  }

  async #ask(question) {
    const model = this.#model.value;
    const turn = new Turn(question, model, this.#hues.of(this.#nameOf(model)));
    const request = { model, messages: this.#history(question), ...sampling() };
    if (this.#turns.length === 0) this.#messages.replaceChildren();
    this.#turns.push(turn);
    this.#messages.append(...turn.nodes);
    this.#messages.scrollTop = this.#messages.scrollHeight;
    const running = (this.#running = new AbortController());
    this.#refresh();
    try {
      for await (const part of chatCompletion(this.#client, request, running.signal)) {
        if (part.waiting) announce(part.waiting);
        this.#following(() => turn.take(part));
      }
      this.#following(() => turn.end());
      announce(`Answer of ${model}: ${turn.answer}`);
    } catch (error) {
      this.#following(() => this.#broke(turn, error, running.signal.aborted));
    } finally {
      this.#running = null;
      if (document.activeElement === document.body || document.activeElement === this.#stop) this.#input.focus();
      this.#refresh();
    }
  }

  #broke(turn, error, stopped) {
    if (stopped) {
      turn.end({ stopped });
      announce("Stopped.");
    } else {
      const problem = error instanceof RequestFailed ? error.message : "The connection to Fairlead broke in the middle of the answer.";
      turn.end({ problem, retry: () => this.#retry(turn) });
      announce(problem);
    }
  }

  #retry(turn) {
    if (this.#running || !this.#live) return;
    this.#turns = this.#turns.filter((other) => other !== turn);
    for (const node of turn.nodes) node.remove();
    this.#ask(turn.question);
  }

  /** The conversation as a request sends it; a question without any answer is left out, templates want turns. */
  #history(question) {
    const system = this.#system.value.trim();
    const messages = system ? [{ role: "system", content: system }] : [];
    for (const turn of this.#turns.filter((other) => other.answer)) {
      messages.push({ role: "user", content: turn.question }, { role: "assistant", content: turn.answer });
    }
    return [...messages, { role: "user", content: question }];
  }

  /** Changes the conversation and keeps its end in view, unless the reader scrolled up. */
  #following(change) {
    const { scrollHeight, scrollTop, clientHeight } = this.#messages;
    change();
    if (scrollHeight - scrollTop - clientHeight < FOLLOW_PIXELS) this.#messages.scrollTop = this.#messages.scrollHeight;
  }

  #forget() {
    this.#turns = [];
    this.#messages.replaceChildren();
    this.#input.focus();
    this.#refresh();
    announce("Conversation cleared.");
  }

  #nameOf(servedName) {
    return this.#models.find((model) => model.servedName === servedName)?.name ?? servedName;
  }
}

function hintFor(model) {
  if (model.state === "Idle") return "No replica is running; a message starts one.";
  if (model.state === "Starting") return "A replica is starting; a message waits for it.";
  if (model.state === "Failed") return "The model is failing; see its card.";
  return "Enter sends, Shift+Enter makes a new line";
}

/** Only what the user set: the rest is the model's own default. */
function sampling() {
  const parameters = {};
  const temperature = byId("chat-temperature");
  const maxTokens = byId("chat-max-tokens");
  if (temperature.value !== "" && temperature.validity.valid) parameters.temperature = temperature.valueAsNumber;
  if (maxTokens.value !== "" && maxTokens.validity.valid) parameters.max_tokens = maxTokens.valueAsNumber;
  return parameters;
}
