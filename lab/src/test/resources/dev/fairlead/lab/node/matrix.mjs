// One column of the behaviour matrix: node matrix.mjs COLUMN. REAL_URL serves `chat` and `embeddings` by the real engine
// without a key; FAKE_URL serves `chat`, `busy` (one request at a time) and `embeddings` by the fake engine, and asks for
// FAKE_KEY. SITUATIONS is [{id, question}] from the Java suite, which compares the outcomes.
import { COLUMNS } from "./columns.mjs";

const { REAL_URL, FAKE_URL, FAKE_KEY, SITUATIONS } = process.env;
const column = COLUMNS[process.argv[2]];
const real = column({ url: REAL_URL, key: "none" });
const fake = column({ url: FAKE_URL, key: FAKE_KEY });

const messages = (content) => [
  { role: "system", content: "You are a helpful assistant." },
  { role: "user", content },
];

function answered({ text, finish, usage }, expected) {
  if (!expected.test(text)) return `text: ${text}`;
  if (finish !== "stop") return `finish: ${finish}`;
  return usage > 0 ? "whole" : `usage: ${usage}`;
}

async function broken(promise) {
  try {
    const { text, finish } = await promise;
    return `silent: ${finish} ${text}`;
  } catch (error) {
    return error.text?.length > 0 ? "error" : `error without the text before it: ${error.stack}`;
  }
}

function oneCall({ calls, finish }) {
  if (calls.length !== 1) return `${calls.length} calls`;
  const [{ id, name, arguments: given }] = calls;
  const right = /^call(?!.*call)\S+$/.test(id) && name === "weather" && JSON.parse(given).city === "Paris";
  return right && finish === "tool_calls" ? "one call" : JSON.stringify({ calls, finish });
}

function vectors(found, dimensions) {
  const right = (vector) =>
    vector.length === dimensions && Math.abs(vector.reduce((sum, x) => sum + x * x, 0) - 1) < 1e-3;
  return found.length === 2 && found.every(right) ? "vectors" : JSON.stringify(found).slice(0, 200);
}

async function refused(promise) {
  try {
    return `silent: ${JSON.stringify(await promise)}`;
  } catch (error) {
    const status = error.status ?? error.statusCode;
    return status === 502 && /engine|replica/.test(error.message) && !/</.test(error.message) ? "502" : error.stack;
  }
}

const KINDS = {
  "real-stream": async (question) => answered(await real.stream("chat", messages(question)), /Paris/),
  "real-whole": async (question) => answered(await real.whole("chat", messages(question)), /Paris/),
  "real-vectors": async (question) => vectors(await real.embed("embeddings", [question, "A boat."]), 384),
  wait: async (question) => {
    const all = await Promise.all([1, 2, 3].map(() => fake.stream("busy", messages(question))));
    return all.map((one) => answered(one, /fake/)).find((outcome) => outcome !== "whole") ?? "whole";
  },
  stream: async (question) => answered(await fake.stream("chat", messages(question)), /Paris/),
  break: (question) => broken(fake.stream("chat", messages(question))),
  tool: async (question) => oneCall(await fake.stream("chat", messages(question), true)),
  vectors: async (question) => vectors(await fake.embed("embeddings", [question, "A boat."]), 8),
  refuse: (question) => refused(fake.whole("chat", messages(question))),
};

for (const { id, kind, question } of JSON.parse(SITUATIONS)) {
  let outcome;
  try {
    outcome = await KINDS[kind](question);
  } catch (error) {
    outcome = `problem: ${error.stack ?? error}`;
  }
  process.stdout.write(`${JSON.stringify({ situation: id, outcome })}\n`);
}
