import { RequestFailed } from "./client.js";
import { serverSentEvents } from "./sse.js";

const FIRST_DELAY_MILLIS = 500;
const MAX_DELAY_MILLIS = 10_000;
/** Samples come every second: a stream this long silent is dead, even when the socket has not noticed. */
const SILENCE_MILLIS = 10_000;

/**
 * Keeps the page up to date: overview and watch stream, with back-off when Fairlead is away.
 * `onState` hears `connecting`, `live`, `lost` or `locked` (a key is missing); `onMessage(name, data)` hears the rest.
 */
export class Watch {
  #client;
  #onState;
  #onMessage;
  #wake = () => {};

  constructor(client, onState, onMessage) {
    this.#client = client;
    this.#onState = onState;
    this.#onMessage = onMessage;
  }

  /** Ends a pause at once. */
  retryNow() {
    this.#wake();
  }

  async run() {
    let delay = FIRST_DELAY_MILLIS;
    for (;;) {
      try {
        await this.#follow(() => (delay = FIRST_DELAY_MILLIS));
      } catch (error) {
        const locked = error instanceof RequestFailed && error.status === 401;
        this.#onState(locked ? "locked" : "lost");
        await this.#pause(locked ? Infinity : delay * (0.75 + Math.random() / 2));
        delay = Math.min(2 * delay, MAX_DELAY_MILLIS);
      }
    }
  }

  /** Follows one connection until it ends, which is always an error. */
  async #follow(onLive) {
    const abort = new AbortController();
    let watchdog;
    const heard = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => abort.abort(), SILENCE_MILLIS);
    };
    try {
      this.#deliver("overview", await this.#client.json("/fairlead/v1/overview", { answerWithinMillis: SILENCE_MILLIS }));
      const response = await this.#client.open("/fairlead/v1/watch", {
        signal: abort.signal,
        answerWithinMillis: SILENCE_MILLIS,
      });
      this.#onState("live");
      onLive();
      heard();
      for await (const { event, data } of serverSentEvents(response.body)) {
        heard();
        if (data !== undefined) this.#deliver(event, JSON.parse(data));
      }
      throw new Error("the watch stream ended");
    } finally {
      clearTimeout(watchdog);
    }
  }

  /** A fault in drawing must not look like a lost connection. */
  #deliver(name, data) {
    try {
      this.#onMessage(name, data);
    } catch (error) {
      reportError(error);
    }
  }

  #pause(millis) {
    return new Promise((resolve) => {
      const timer = Number.isFinite(millis) ? setTimeout(resolve, millis) : undefined;
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
