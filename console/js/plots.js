import uPlot from "../vendor/uplot/uPlot.esm.js";
import { el, setAttribute, setText } from "./dom.js";
import { WINDOW_SECONDS } from "./history.js";

/** Told apart without colour too. */
const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3], [4, 4], [12, 5]];
const SUMMARY_EVERY_SECONDS = 5;
const WIDE_PIXELS = 380;

/**
 * A live plot of one metric over the last ten minutes, a series a model, with a legend that hides and shows series and
 * a summary in words. `options`: `title`, `unit`, `metric`, `format(value)`, `axis(value)`, `floor` (the least top of
 * the scale) and `bridgeSeconds`: a measure that only comes now and then is joined over gaps up to this.
 */
export class Plot {
  #options;
  #hues;
  #models = [];
  #hidden = new Set();
  #columns = [[]];
  #end = 0;
  #uplot = null;
  #canvas = el("div", { class: "canvas" });
  #nothing = el("p", { class: "nothing" }, "No measurements yet");
  #legend = el("ul", { class: "legend" });
  #legendValues = [];
  #summary = el("p", { class: "unseen" });
  #summaryAt = -Infinity;

  constructor(figure, options, hues) {
    this.#options = options;
    this.#hues = hues;
    figure.append(
      el("figcaption", {}, el("h2", {}, options.title, " ", el("small", {}, options.unit)), this.#legend),
      el("div", { class: "stage", "aria-hidden": "true" }, this.#canvas, this.#nothing), this.#summary);
    new ResizeObserver(() => this.#resize()).observe(this.#canvas);
  }

  /** Draws the samples; `models` in the order of the overview. */
  update(samples, models) {
    this.#columns = samples.columns(this.#options.metric, models);
    this.#end = samples.end;
    if (!this.#uplot || models.join("\n") !== this.#models.join("\n")) {
      this.#models = models;
      this.redraw();
    } else {
      this.#uplot.setData(this.#columns);
    }
    this.#nothing.hidden = this.#columns.slice(1).some((column) => column.some((value) => value !== null));
    this.#showValues(null);
    if (Math.abs(this.#end - this.#summaryAt) >= SUMMARY_EVERY_SECONDS) this.#summarise();
  }

  /** Builds the plot anew, as for other colours or models. */
  redraw() {
    this.#showLegend();
    this.#uplot?.destroy();
    this.#uplot = this.#canvas.clientWidth > 0 ? new uPlot(this.#uplotOptions(), this.#columns, this.#canvas) : null;
  }

  #resize() {
    if (!this.#uplot) this.redraw();
    else if (this.#canvas.clientWidth > 0) this.#uplot.setSize(this.#size());
  }

  #size() {
    return { width: this.#canvas.clientWidth, height: this.#canvas.clientHeight };
  }

  #uplotOptions() {
    const style = getComputedStyle(this.#canvas);
    const ink = style.getPropertyValue("--muted");
    const grid = { stroke: style.getPropertyValue("--grid"), width: 1 };
    const font = `11px ${style.fontFamily}`;
    const axis = { stroke: ink, grid, font, ticks: { show: false } };
    const { floor, axis: label } = this.#options;
    return {
      ...this.#size(),
      padding: [8, 14, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, sync: { key: "fairlead" }, points: { size: 7 } },
      scales: {
        x: { range: () => [this.#end - WINDOW_SECONDS, this.#end] },
        y: { range: (_, __, max) => [0, Math.max(floor, (max ?? 0) * 1.15)] },
      },
      axes: [
        { ...axis, grid: { show: false }, size: 26, gap: 8, splits: (plot) => this.#minutes(plot), values: (_, times) => times.map((time) => this.#ago(time)) },
        { ...axis, size: 46, gap: 6, space: 28, values: (_, values) => values.map(label) },
      ],
      series: [{}, ...this.#models.map((model) => this.#series(model, style))],
      hooks: { setCursor: [(plot) => this.#showValues(plot.cursor.idx ?? null)] },
    };
  }

  #series(model, style) {
    const hue = this.#hues.of(model);
    const stroke = style.getPropertyValue(`--hue-${hue}`).trim();
    const { bridgeSeconds } = this.#options;
    return {
      stroke,
      width: 1.75,
      dash: DASHES[hue],
      show: !this.#hidden.has(model),
      points: { size: 4, width: 0, fill: stroke },
      gaps: (plot, _, __, ___, gaps) => gaps.filter(([from, to]) => plot.posToVal(to, "x", true) - plot.posToVal(from, "x", true) > bridgeSeconds),
    };
  }

  #minutes(plot) {
    const step = plot.width > WIDE_PIXELS ? 120 : 300;
    return Array.from({ length: WINDOW_SECONDS / step + 1 }, (_, index) => this.#end - WINDOW_SECONDS + index * step);
  }

  #ago(time) {
    const minutes = Math.round((this.#end - time) / 60);
    if (minutes === 0) return "now";
    return minutes === WINDOW_SECONDS / 60 ? `−${minutes} min` : `−${minutes}`;
  }

  #showLegend() {
    this.#legendValues = this.#models.map(() => el("span", { class: "value" }));
    this.#legend.replaceChildren(...this.#models.map((model, index) => {
      const button = el("button", { type: "button", "aria-pressed": String(!this.#hidden.has(model)), "data-hue": this.#hues.of(model), title: `Show or hide ${model}` },
        el("i", { class: "strand", "aria-hidden": "true" }), el("span", { class: "name" }, model), this.#legendValues[index]);
      button.addEventListener("click", () => this.#toggle(model, index, button));
      return el("li", {}, button);
    }));
  }

  #toggle(model, index, button) {
    const show = this.#hidden.delete(model);
    if (!show) this.#hidden.add(model);
    setAttribute(button, "aria-pressed", String(show));
    this.#uplot?.setSeries(index + 1, { show });
  }

  /** The values under the cursor, else the latest. */
  #showValues(at) {
    this.#legendValues.forEach((node, index) => {
      const column = this.#columns[index + 1] ?? [];
      const value = at === null ? this.#latest(column) : column[at];
      setText(node, this.#options.format(value));
    });
  }

  #latest(column) {
    return this.#options.bridgeSeconds > 0 ? column.findLast((value) => value !== null) : column.at(-1);
  }

  #summarise() {
    this.#summaryAt = this.#end;
    const { title, unit, format } = this.#options;
    const lines = this.#models.map((model, index) => {
      const values = this.#columns[index + 1].filter((value) => value !== null);
      if (values.length === 0) return `${model}: no measurements.`;
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return `${model}: latest ${format(values.at(-1))}, mean ${format(mean)}, highest ${format(Math.max(...values))}.`;
    });
    setText(this.#summary, `${title} in ${unit} over the last 10 minutes. ${lines.join(" ")}`);
  }
}
