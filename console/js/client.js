/** What a refused or failed request means to the user; `status` is 0 when nobody answered. */
export class RequestFailed extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Requests to the public port. A 401 asks for the key, once for all requests that wait for it, and retries. */
export class Client {
  #key;
  #askForKey;
  #asking = null;

  /** `askForKey(refused)` resolves to true when the user gave a key. */
  constructor(key, askForKey) {
    this.#key = key;
    this.#askForKey = askForKey;
  }

  async json(path, init) {
    return (await this.open(path, init)).json();
  }

  /** Resolves to a successful response, else throws RequestFailed (or AbortError when the signal says so). `answerWithinMillis` limits the wait for the response's head. */
  async open(path, init = {}) {
    for (;;) {
      const used = this.#key.value;
      const response = await send(path, used, init);
      if (response.ok) return response;
      if (response.status !== 401) throw await failure(response);
      if (used === this.#key.value && !(await this.#ask(used !== null))) {
        throw new RequestFailed(401, "Fairlead needs an API key.");
      }
    }
  }

  #ask(refused) {
    this.#asking ??= this.#askForKey(refused).finally(() => (this.#asking = null));
    return this.#asking;
  }
}

/** Asks the control port for a number of replicas; null hands the version back to automatic scaling. */
export async function scale(controlUrl, token, version, replicas) {
  const response = await send(new URL("/fairlead/v1/scale", controlUrl).href, token, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ version, replicas }),
  });
  if (!response.ok) throw await failure(response);
}

async function send(url, secret, { signal, answerWithinMillis, ...init }) {
  const headers = new Headers(init.headers);
  if (secret) headers.set("authorization", `Bearer ${secret}`);
  const late = new AbortController();
  const timer = answerWithinMillis && setTimeout(() => late.abort(), answerWithinMillis);
  const signals = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
  try {
    return await fetch(url, { ...init, headers, signal: signals, cache: "no-store", credentials: "omit" });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new RequestFailed(0, "Fairlead is not answering.");
  } finally {
    clearTimeout(timer);
  }
}

async function failure(response) {
  const body = await response.json().catch(() => null);
  return new RequestFailed(response.status, body?.error?.message ?? `Fairlead answered with status ${response.status}.`);
}
