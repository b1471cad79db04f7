import { apiKey, controlToken } from "./session.js";
import { Chat } from "./chat.js";
import { Client, RequestFailed, scale } from "./client.js";
import { controlSwitch, keyPrompt } from "./dialogs.js";
import { announce, byId, setText } from "./dom.js";
import { EventList } from "./events.js";
import * as format from "./format.js";
import { Events, Hues, Samples } from "./history.js";
import { ModelCards } from "./models.js";
import { Plot } from "./plots.js";
import { themeSwitch } from "./theme.js";
import { Watch } from "./watch.js";

const CLOCK_MILLIS = 5000;
const CONNECTIONS = { connecting: "Connecting…", live: "Live", lost: "Not answering", locked: "Key needed" };

const hues = new Hues();
const samples = new Samples();
const events = new Events();
const client = new Client(apiKey, keyPrompt(apiKey));
const control = controlSwitch(controlToken);
const chat = new Chat(client, hues);
const cards = new ModelCards(hues, { allowed: () => Boolean(overview?.controlUrl && controlToken.value), scale: scaleVersion });
const eventList = new EventList(events, hues, modelOf);
const plots = [
  new Plot(byId("plot-ttft"), { title: "Time to first token", unit: "ms", metric: "timeToFirstTokenMillis", format: format.millis, axis: axisMillis, floor: 100, bridgeSeconds: 20 }, hues),
  new Plot(byId("plot-throughput"), { title: "Generation", unit: "tokens/s", metric: "generationTokensPerSecond", format: format.rate, axis: String, floor: 10, bridgeSeconds: 0 }, hues),
];
const watch = new Watch(client, showConnection, receive);

let overview = null;
/** Fairlead's clock minus this page's, so that times are right on a machine with another clock. */
let clockSkewMillis = 0;
let drawing = false;

function receive(name, data) {
  if (name === "overview") {
    overview = data;
    clockSkewMillis = Date.parse(data.time) - Date.now();
    showOverview();
  } else if (name === "event") events.add(data);
  else if (name === "sample") samples.add(data);
  drawSoon();
}

function showOverview() {
  for (const model of overview.models) hues.of(model.name);
  setText(byId("version"), overview.version);
  const { cores, memoryBytes, memoryFreeBytes } = overview.host;
  setText(byId("host"), `${cores} cores · ${format.bytes(memoryFreeBytes)} of ${format.bytes(memoryBytes)} free`);
  control.offer(Boolean(overview.controlUrl));
  cards.update(overview);
  chat.setModels(overview.models);
  eventList.setModels(overview.models.map((model) => model.name));
}

/** Plots and events once a frame: the history comes as hundreds of messages at once. */
function drawSoon() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    if (!overview) return;
    // An embedding model generates nothing.
    const models = overview.models.filter((model) => model.purpose === "chat").map((model) => model.name);
    for (const plot of plots) plot.update(samples, models);
    eventList.update(Date.now() + clockSkewMillis);
  });
}

function showConnection(state) {
  const before = document.body.dataset.connection;
  document.body.dataset.connection = state;
  setText(byId("connection").lastElementChild, CONNECTIONS[state]);
  chat.setLive(state === "live");
  const banner = byId("lost");
  banner.hidden = state === "live";
  const problem = state === "locked" ? "Fairlead needs an API key." : "Fairlead is not answering; retrying…";
  if (!banner.hidden) {
    setText(banner.firstElementChild, problem);
    setText(banner.lastElementChild, state === "locked" ? "Enter the key" : "Retry now");
  } else if (before === "lost") announce("Fairlead answers again.");
}

async function scaleVersion(version, replicas) {
  try {
    await scale(overview.controlUrl, controlToken.value, version, replicas);
  } catch (error) {
    if (error instanceof RequestFailed && error.status === 401) {
      controlToken.value = null;
      control.prompt("Fairlead does not know this control token. It changes when Fairlead restarts.");
    }
    throw error;
  }
}

/** The model of an event's object, which is a model, a version, or a replica of one; null when it is gone. */
function modelOf(object) {
  const owned = (name) => object === name || object.startsWith(`${name}-`) || object.startsWith(`${name}/`);
  const version = overview?.versions.find((candidate) => owned(candidate.name));
  if (version) return version.model;
  const names = (overview?.models ?? []).map((model) => model.name).filter(owned);
  return names.sort((a, b) => b.length - a.length)[0] ?? null;
}

function axisMillis(value) {
  return value >= 1000 ? `${value / 1000} s` : String(value);
}

function showView(view) {
  document.body.dataset.view = view;
  for (const button of document.querySelectorAll("nav.views button")) {
    if (button.dataset.view === view) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  }
}

document.querySelector("nav.views").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) showView(button.dataset.view);
});
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  showView("chat");
  byId("chat-input").focus();
});
byId("lost").lastElementChild.addEventListener("click", () => watch.retryNow());
addEventListener("online", () => watch.retryNow());
controlToken.addEventListener("change", () => overview && cards.update(overview));
themeSwitch(() => plots.forEach((plot) => plot.redraw()));
setInterval(() => overview && eventList.update(Date.now() + clockSkewMillis), CLOCK_MILLIS);
watch.run();
