// openai-node against a running Fairlead: node openai.mjs PACKAGE. REAL_URL serves `chat` and `embeddings` by the real
// engine without a key; FAKE_URL serves `chat` by the fake engine, and asks for FAKE_KEY.
import { assert, check, load } from "./checks.mjs";

const { OpenAI } = load(process.argv[2]);
const { REAL_URL, FAKE_URL, FAKE_KEY } = process.env;

let requests = 0;
function counting(url, init) {
  requests++;
  return fetch(url, init);
}
const real = new OpenAI({ baseURL: `${REAL_URL}/v1`, apiKey: "none", fetch: counting });
const fake = new OpenAI({ baseURL: `${FAKE_URL}/v1`, apiKey: FAKE_KEY, fetch: counting });
const stranger = new OpenAI({ baseURL: `${FAKE_URL}/v1`, apiKey: "wrong", fetch: counting });

const SYSTEM = { role: "system", content: "You are a helpful assistant." };
const CAPITAL = [SYSTEM, { role: "user", content: "What is the capital of France?" }];
const chat = (client, content, more = {}) =>
  client.chat.completions.create({ model: "chat", messages: [SYSTEM, { role: "user", content }], ...more });
const TOOLS = [
  { type: "function", function: { name: "weather", parameters: { type: "object", properties: { city: { type: "string" } } } } },
];

async function refusal(promise) {
  requests = 0;
  try {
    await promise();
  } catch (error) {
    return error;
  }
  return assert.fail("it was not refused");
}

async function collect(stream) {
  const seen = { text: "", finish: null, usage: null, ids: new Set(), chunks: 0, tools: new Map() };
  for await (const chunk of stream) {
    seen.chunks++;
    seen.ids.add(chunk.id);
    seen.usage = chunk.usage ?? seen.usage;
    const choice = chunk.choices[0];
    seen.text += choice?.delta.content ?? "";
    seen.finish = choice?.finish_reason ?? seen.finish;
    for (const { index, id, function: part } of choice?.delta.tool_calls ?? []) {
      // What a client does that believes in the protocol: everything is concatenated by index.
      const call = seen.tools.get(index) ?? { id: "", name: "", arguments: "" };
      call.id += id ?? "";
      call.name += part.name ?? "";
      call.arguments += part.arguments ?? "";
      seen.tools.set(index, call);
    }
  }
  return seen;
}

await check("lists the models and finds each", async () => {
  const names = [];
  for await (const model of real.models.list()) names.push(model.id);
  assert.deepEqual(names.sort(), ["chat", "embeddings"]);
  assert.equal((await real.models.retrieve("chat")).id, "chat");
});

await check("chats with the real model", async () => {
  const answer = await real.chat.completions.create({ model: "chat", messages: CAPITAL, temperature: 0 });
  assert.match(answer.choices[0].message.content, /Paris/);
  assert.equal(answer.choices[0].finish_reason, "stop");
  assert.equal(answer.choices[0].message.refusal, null);
  assert.ok(answer.usage.prompt_tokens > 0 && answer.usage.completion_tokens > 0);
  assert.equal(answer.model, "chat");
});

await check("streams from the real model", async () => {
  const seen = await collect(
    await real.chat.completions.create({
      model: "chat", messages: CAPITAL, temperature: 0, stream: true, stream_options: { include_usage: true },
    }),
  );
  assert.match(seen.text, /Paris/);
  assert.equal(seen.finish, "stop");
  assert.equal(seen.ids.size, 1);
  assert.ok(seen.chunks > 3, `${seen.chunks} chunks`);
  assert.ok(seen.usage.completion_tokens > 0);
});

await check("has the usage on the chunk that finishes, for clients that leave there", async () => {
  const stream = await chat(real, "Say hello.", { stream: true, stream_options: { include_usage: true }, max_tokens: 8 });
  for await (const chunk of stream) {
    if (chunk.choices[0]?.finish_reason) {
      assert.ok(chunk.usage.completion_tokens > 0);
      break;
    }
  }
});

await check("completes a prompt", async () => {
  const answer = await real.completions.create({ model: "chat", prompt: "Once upon a", max_tokens: 4, temperature: 0 });
  assert.ok(answer.choices[0].text.length > 0);
  assert.equal(answer.choices[0].finish_reason, "length");
});

await check("gets the same vectors as base64, which it asks for by itself, and as floats", async () => {
  const input = ["The weather is lovely today.", "It's so sunny outside!"];
  const usual = await real.embeddings.create({ model: "embeddings", input });
  const floats = await real.embeddings.create({ model: "embeddings", input, encoding_format: "float" });
  assert.equal(usual.data.length, 2);
  usual.data.forEach(({ embedding, index }, at) => {
    assert.equal(index, at);
    assert.equal(embedding.length, 384);
    assert.deepEqual(Array.from(embedding, Math.fround), Array.from(floats.data[at].embedding, Math.fround));
  });
});

await check("a model that does not exist is a 404 with the names that do, not retried", async () => {
  const error = await refusal(() => real.chat.completions.create({ model: "chta", messages: CAPITAL }));
  assert.ok(error instanceof OpenAI.NotFoundError);
  assert.match(error.message, /chat/);
  assert.equal(error.code, "model_not_found");
  assert.equal(requests, 1);
});

await check("a prompt that is too long is a 400 before the stream, not retried", async () => {
  const error = await refusal(() => chat(real, "word ".repeat(3000), { stream: true }));
  assert.ok(error instanceof OpenAI.BadRequestError);
  assert.equal(error.code, "context_length_exceeded");
  assert.match(error.message, /2048/);
  assert.equal(requests, 1);
});

await check("a request that makes no sense is a 400 that names the field", async () => {
  const error = await refusal(() => chat(real, "Hi", { stream_options: { include_usage: true } }));
  assert.ok(error instanceof OpenAI.BadRequestError);
  assert.equal(error.param, "stream_options");
  assert.ok(error.headers.get?.("x-request-id") ?? error.headers["x-request-id"]);
});

await check("a wrong key is a 401, not retried", async () => {
  const error = await refusal(() => chat(stranger, "Hi"));
  assert.ok(error instanceof OpenAI.AuthenticationError);
  assert.equal(requests, 1);
});

for (const [variant, content] of [["as they should be", "Hi"], ["with id and name repeated", "fake:tool-repeated"], ["without an index", "fake:tool-no-index"]]) {
  await check(`streamed tool calls that the engine sends ${variant} arrive once and whole`, async () => {
    const seen = await collect(await chat(fake, content, { stream: true, tools: TOOLS }));
    assert.equal(seen.finish, "tool_calls");
    assert.deepEqual([...seen.tools.keys()], [0]);
    const call = seen.tools.get(0);
    assert.equal(call.name, "weather");
    assert.match(call.id, /^call\S+$/);
    assert.equal(call.id.lastIndexOf("call"), 0);
    assert.deepEqual(JSON.parse(call.arguments), { city: "Paris" });
  });
  await check(`whole tool calls that the engine sends ${variant} arrive once and whole`, async () => {
    const answer = await chat(fake, content, { tools: TOOLS });
    const [call, ...others] = answer.choices[0].message.tool_calls;
    assert.equal(answer.choices[0].finish_reason, "tool_calls");
    assert.equal(others.length, 0);
    assert.equal(call.type, "function");
    assert.equal(call.function.name, "weather");
    assert.deepEqual(JSON.parse(call.function.arguments), { city: "Paris" });
  });
}

await check("the SDK's own assembly of a streamed tool call works", async () => {
  const helper = (fake.chat.completions.stream ?? fake.beta.chat.completions.stream).bind(
    fake.chat.completions.stream ? fake.chat.completions : fake.beta.chat.completions,
  );
  const answer = await helper({ model: "chat", messages: [{ role: "user", content: "fake:tool-repeated" }], tools: TOOLS }).finalChatCompletion();
  assert.equal(answer.choices[0].message.tool_calls[0].function.name, "weather");
});

for (const fault of ["cut after=3", "error after=3", "no-finish after=3"]) {
  await check(`an engine that fails in mid-stream (${fault}) is an error, never an end`, async () => {
    requests = 0;
    const stream = await chat(fake, `fake:${fault}`, { stream: true });
    let text = "";
    await assert.rejects(async () => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    });
    assert.ok(text.length > 0, "no text came before the failure");
    assert.equal(requests, 1);
  });
  await check(`an engine that fails in mid-answer (${fault}) is a 5xx for who does not stream`, async () => {
    const error = await refusal(() => chat(fake, `fake:${fault}`, {}));
    assert.ok(error.status >= 500, `status ${error.status}`);
    assert.match(error.message, /\S/);
  });
}

await check("an engine's page of HTML is an error with a message, retried twice", async () => {
  const error = await refusal(() => chat(fake, "fake:html500"));
  assert.ok(error.status >= 500, `status ${error.status}`);
  assert.doesNotMatch(error.message, /<html/);
  assert.equal(requests, 3);
});
