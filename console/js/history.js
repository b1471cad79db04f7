export const WINDOW_SECONDS = 600;
const MAX_EVENTS = 200;
/** Two samples further apart than this are not joined by a line. */
const GAP_SECONDS = 5;

/** The samples of the last ten minutes, in order, once each: a reconnect sends the history again. */
export class Samples {
  #byTime = new Map();
  #times = [];

  add(sample) {
    const time = Date.parse(sample.time) / 1000;
    if (Number.isNaN(time) || this.#byTime.has(time)) return;
    this.#byTime.set(time, sample.models);
    const late = time < this.end;
    this.#times.push(time);
    if (late) this.#times.sort((a, b) => a - b);
    while (this.#times[0] < this.end - WINDOW_SECONDS) this.#byTime.delete(this.#times.shift());
  }

  /** The newest sample's time in seconds, or -Infinity. */
  get end() {
    return this.#times.at(-1) ?? -Infinity;
  }

  /** Columns as uPlot wants them: times, then one column a model; null where there is nothing to draw. */
  columns(metric, models) {
    const columns = [[], ...models.map(() => [])];
    let previous = Infinity;
    for (const time of this.#times) {
      if (time - previous > GAP_SECONDS) {
        columns[0].push(previous + 1);
        models.forEach((_, index) => columns[index + 1].push(null));
      }
      const sample = this.#byTime.get(time);
      columns[0].push(time);
      models.forEach((model, index) => columns[index + 1].push(sample[model]?.[metric] ?? null));
      previous = time;
    }
    return columns;
  }
}

/** The last events, newest first, once each. A restarted Fairlead counts from 1 again, so time is part of the key. */
export class Events {
  #byKey = new Map();
  #list = [];

  add(event) {
    const key = `${event.time}#${event.seq}`;
    if (this.#byKey.has(key)) return;
    const entry = { ...event, key, at: Date.parse(event.time) };
    this.#byKey.set(key, entry);
    const place = this.#list.findIndex((other) => other.at < entry.at || (other.at === entry.at && other.seq < entry.seq));
    this.#list.splice(place < 0 ? this.#list.length : place, 0, entry);
    for (const dropped of this.#list.splice(MAX_EVENTS)) this.#byKey.delete(dropped.key);
  }

  get list() {
    return this.#list;
  }
}

/** Gives every model one colour for the life of the page, the same in cards, plots, events and chat. */
export class Hues {
  static COUNT = 6;
  #hues = new Map();

  of(model) {
    if (!this.#hues.has(model)) this.#hues.set(model, this.#hues.size % Hues.COUNT);
    return this.#hues.get(model);
  }
}
