// Serves the console with made-up models, for work on it without an engine: node console/dev/mock.mjs [PORT] [--key=KEY] [--models=N]
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";

const root = new URL("..", import.meta.url).pathname;
const port = Number(process.argv.find((argument) => /^\d+$/.test(argument)) ?? 8080);
const key = process.argv.find((argument) => argument.startsWith("--key="))?.slice(6);
const shown = Number(process.argv.find((argument) => argument.startsWith("--models="))?.slice(9) ?? 4);
const controlUrl = `http://127.0.0.1:${port + 1}`;
const TOKEN = "dev";
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self' http://127.0.0.1:*; img-src 'self' data:";
const CRASH = `The engine of replica r2 ended with signal 11 (SIGSEGV) after 41 s; it restarts in 2 s.
Last lines of its log:
srv  update_slots: all slots are idle
slot launch_slot_: id  3 | task 118 | processing task
ggml_backend_cpu_graph_compute: n_threads = 1
/build/ggml/src/ggml-cpu/ops.cpp:5120: GGML_ASSERT(i01 >= 0 && i01 < ne01) failed
Segmentation fault (core dumped)`;

const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));
const iso = (at = Date.now()) => new Date(at).toISOString();
const replica = (id, phase, running = 0) => ({ id, phase, since: iso(), pid: 4000 + Number(id.slice(1)), slots: 4, running, waiting: 0, restarts: 0, message: "" });
const version = (name, model, more) => ({ name, model, state: "Ready", reason: "Ready", message: "", minReplicas: 0, maxReplicas: 2, desiredReplicas: 1, pinned: null, engine: "llama.cpp",
  source: `/models/${model}.gguf`, artifact: null, prepare: null, replicas: [], waiting: 0, inFlight: 0, generationTokensPerSecond: 0, promptTokensPerSecond: 0, timeToFirstTokenMillis: null, ...more });
const artifact = (architecture, parameters, bytes, contextLength) => ({ format: "GGUF", architecture, parameters, bytes, contextLength, digest: "sha256:6f1c…" });
const smol = version("smollm2-135m-1a2b3c4d", "smollm2-135m", { artifact: artifact("llama", 134515008, 98362432, 8192), desiredReplicas: 2, replicas: [replica("r1", "Ready", 3), replica("r2", "Ready", 2)] });
const qwen = version("qwen2.5-0.5b-77aa01cd", "qwen2.5-0.5b", { state: "Idle", desiredReplicas: 0, artifact: artifact("qwen2", 494032768, 491400032, 32768) });
const bge = version("bge-small-5e6f7a8b", "bge-small", { minReplicas: 1, maxReplicas: 1, artifact: artifact("bert", 33212160, 36700160, 512), replicas: [replica("r7", "Ready")] });
const llama = version("llama-3.2-3b-90ab12cd", "llama-3.2-3b", { state: "Preparing", reason: "Fetching", desiredReplicas: 1, maxReplicas: 1, source: "https://models.example/llama-3.2-3b-q4.gguf", prepare: { label: "Fetching the model", bytes: 4e8, totalBytes: 2019377696 } });
const versions = [smol, qwen, bge, llama].slice(0, shown);
const states = { Preparing: "Progressing" };
const models = () => versions.map((each) => ({ name: each.model, servedName: each.model, aliases: [], state: states[each.state] ?? each.state, reason: each.reason, message: each.message,
  purpose: each === bge ? "embedding" : "chat", activeVersion: each.name, versions: [each.name] }));
const overview = () => ({ version: "0.1.0", time: iso(), bootId: "mock", controlUrl, host: { cores: 2, memoryBytes: 25e9, memoryFreeBytes: 19.6e9 }, models: models(), versions });

const watchers = new Set();
const samples = [];
const events = [];
const send = (name, data) => watchers.forEach((response) => response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`));
function happen(type, reason, object, message, at = Date.now()) {
  events.push({ seq: events.length + 1, time: iso(at), type, reason, object, message });
  send("event", events.at(-1));
}
const wave = (second, period, low, high) => low + (high - low) * (0.5 + 0.5 * Math.sin((second / period) * 2 * Math.PI)) + Math.random() * (high - low) * 0.25;
function sampleAt(at) {
  const second = at / 1000;
  const burst = second % 420 < 240;
  return { time: iso(at), models: Object.fromEntries(versions.filter((each) => each.artifact).map((each) => [each.model, {
    generationTokensPerSecond: each === smol ? wave(second, 170, 38, 74) : each === qwen && burst ? wave(second, 90, 12, 26) : 0, promptTokensPerSecond: 90,
    timeToFirstTokenMillis: each === bge || second % 3 > 1 ? null : each === smol ? wave(second, 140, 140, 330) : burst ? wave(second, 110, 380, 640) : null,
    inFlight: each.inFlight, waiting: each.waiting, readyReplicas: each.replicas.length }])) };
}
if (shown > 0) {
  for (let at = Date.now() - 599e3; at < Date.now(); at += 1000) samples.push(sampleAt(at));
  const ago = (seconds) => Date.now() - seconds * 1000;
  happen("Normal", "ModelPrepared", smol.name, "Verified smollm2-135m.gguf: 94 MiB, sha256 as expected", ago(560));
  happen("Normal", "ScaledUp", smol.name, "0 → 1 replica: a request waits and nothing runs", ago(552));
  happen("Normal", "ReplicaReady", smol.name, "Replica r1 is ready after 1.9 s: load 1.2 s, warm-up 0.7 s", ago(549));
  happen("Normal", "ScaledUp", smol.name, "1 → 2 replicas: 7 requests wait, one replica drains them in 9 s, more than the 2 s asked for", ago(214));
  happen("Warning", "ReplicaCrashed", smol.name, CRASH, ago(96));
  happen("Normal", "ReplicaReady", smol.name, "Replica r2 is ready after 2.1 s: load 1.3 s, warm-up 0.8 s", ago(91));
  happen("Normal", "ScaledToZero", qwen.name, "1 → 0 replicas: no request for 5 min", ago(33));
}
setInterval(() => {
  const sample = sampleAt(Date.now());
  samples.push(sample);
  if (samples.length > 600) samples.shift();
  for (const each of versions.filter((candidate) => candidate.replicas.length > 0)) {
    for (const one of each.replicas.filter((candidate) => candidate.phase === "Ready")) one.running = each === bge ? Number(Math.random() < 0.3) : Math.floor(Math.random() * 5);
    Object.assign(each, { inFlight: each.replicas.reduce((sum, one) => sum + one.running, 0), waiting: each === smol && Math.random() < 0.4 ? 1 + Math.floor(Math.random() * 3) : 0,
      generationTokensPerSecond: sample.models[each.model]?.generationTokensPerSecond ?? 0, timeToFirstTokenMillis: each === bge ? null : { p50: 212, p95: 480 } });
  }
  if (llama.prepare && (llama.prepare.bytes += 2.4e7) >= llama.prepare.totalBytes) {
    Object.assign(llama, { prepare: null, state: "Failed", reason: "Truncated", message: "The file ends after 1.9 GiB of 2.0 GiB. Delete it and start again, or give another source." });
    happen("Warning", "ModelFileTruncated", llama.name, llama.message);
  }
  send("sample", sample);
  send("overview", overview());
}, 1000);

async function start(each) {
  each.state = "Starting";
  each.message = "Loading the model, ready in about 4 s.";
  each.desiredReplicas = 1;
  each.replicas = [replica("r9", "Starting")];
  happen("Normal", "ScaledUp", each.name, "0 → 1 replica: a request waits and nothing runs");
  for (const phase of ["Loading", "Warming", "Ready"]) {
    await pause(1400);
    each.replicas[0].phase = phase;
  }
  each.state = "Ready";
  each.message = "";
  happen("Normal", "ReplicaReady", each.name, "Replica r9 is ready after 4.2 s");
}
const ANSWER = "A fairlead is a ring or a hook that guides a rope: it keeps the rope clear of obstacles and leads it to where it is pulled.\n\nIn code, that is a small function:\n\n```python\ndef lead(rope, ring):\n    # keep the rope in the ring\n    return [ring.guide(part) for part in rope]\n```\n\nThe rope may come from any side; behind the fairlead it runs straight.";
async function chat(request, response) {
  const body = JSON.parse(await text(request));
  const each = versions.find((candidate) => candidate.model === body.model);
  const question = body.messages.at(-1).content;
  if (!each) return json(response, 404, { error: { message: `There is no model ${body.model}.` } });
  response.writeHead(200, { "content-type": "text/event-stream" });
  if (each.replicas.length === 0) start(each);
  for (let left = 4; each.replicas[0]?.phase !== "Ready" && !response.destroyed; left--) {
    response.write(`: starting a replica, ready in about ${Math.max(1, left)} s\n\n`);
    await pause(1000);
  }
  await pause(220);
  const pieces = (question.includes("<") ? `${question}\n${ANSWER}` : ANSWER).match(/\s*\S+|\s+/g);
  const chunk = (delta, finish = null) => response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`);
  for (const [index, content] of pieces.entries()) {
    if (response.destroyed) return;
    if (question.includes("crash") && index === 24) {
      response.end(`event: error\ndata: {"error":{"message":"The replica that wrote this answer ended with signal 11. The text so far is kept; ask again."}}\n\n`);
      return happen("Warning", "ReplicaCrashed", each.name, CRASH);
    }
    chunk({ content });
    await pause(question.includes("slow") ? 250 : 22);
  }
  chunk({}, "stop");
  response.end(`data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 31, completion_tokens: pieces.length } })}\n\ndata: [DONE]\n\n`);
}

async function text(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}
function json(response, status, body) {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
async function file(path, response) {
  const name = normalize(path === "/" ? "/index.html" : path);
  const content = await readFile(join(root, name)).catch(() => null);
  if (content === null) return json(response, 404, { error: { message: `There is no ${name}.` } });
  response.writeHead(200, { "content-type": TYPES[extname(name)] ?? "text/plain", "content-security-policy": POLICY, "cache-control": "no-store" }).end(content);
}
createServer((request, response) => {
  const { pathname } = new URL(request.url, "http://mock");
  const api = pathname.startsWith("/fairlead/") || pathname.startsWith("/v1/");
  if (api && key && request.headers.authorization !== `Bearer ${key}`) return json(response, 401, { error: { message: "A key is needed." } });
  if (pathname === "/fairlead/v1/overview") return json(response, 200, overview());
  if (pathname === "/v1/chat/completions") return chat(request, response);
  if (pathname !== "/fairlead/v1/watch") return file(pathname, response);
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const sample of samples) response.write(`event: sample\ndata: ${JSON.stringify(sample)}\n\n`);
  for (const event of events) response.write(`event: event\ndata: ${JSON.stringify(event)}\n\n`);
  watchers.add(response);
  response.on("close", () => watchers.delete(response));
}).listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}/#token=${TOKEN}`));

createServer(async (request, response) => {
  response.setHeader("access-control-allow-origin", request.headers.origin ?? "*");
  response.setHeader("access-control-allow-headers", "authorization, content-type");
  if (request.method === "OPTIONS") return response.writeHead(204).end();
  if (request.headers.authorization !== `Bearer ${TOKEN}`) return json(response, 401, { error: { message: "The control token is not right." } });
  const { version: name, replicas } = JSON.parse(await text(request));
  const each = versions.find((candidate) => candidate.name === name);
  if (!each.artifact) return json(response, 409, { error: { message: `${name} is not prepared yet; scale it when its file is there.` } });
  each.pinned = replicas;
  if (replicas !== null) {
    each.desiredReplicas = replicas;
    while (each.replicas.length > replicas) each.replicas.pop();
    while (each.replicas.length < replicas) each.replicas.push(replica(`r${Math.ceil(Math.random() * 99) + 10}`, "Ready"));
    each.state = replicas === 0 ? "Idle" : "Ready";
    happen("Normal", "Scaled", name, `Set to ${replicas} by hand`);
  }
  send("overview", overview());
  return json(response, 200, { version: name, replicas });
}).listen(port + 1, "127.0.0.1");
