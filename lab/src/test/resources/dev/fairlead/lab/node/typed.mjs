// OpenAI's Responses API by openai-node, Anthropic's Messages API by its own library: node typed.mjs. REAL_URL serves
// `chat` by the real engine; FAKE_URL serves `chat` by an engine that has neither API, and asks for FAKE_KEY. REAL_URL's
// control door is CONTROL_URL, with CONTROL_TOKEN.
import { assert, check, load } from "./checks.mjs";

const { OpenAI } = load("openai-6");
const { Anthropic } = load("@anthropic-ai/sdk");
const { REAL_URL, FAKE_URL, FAKE_KEY, CONTROL_URL, CONTROL_TOKEN } = process.env;
const openai = (url, apiKey) => new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
const anthropic = (url, apiKey) => new Anthropic({ baseURL: url, apiKey, maxRetries: 0 });
const real = openai(REAL_URL, "none");
const claude = anthropic(REAL_URL, "none");

const SYSTEM = "You are a helpful assistant.";
const CAPITAL = "What is the capital of France?";
const LONG = "word ".repeat(3000);
const response = (more) => ({ model: "chat", instructions: SYSTEM, input: CAPITAL, temperature: 0, ...more });
const message = (more) => ({
  model: "chat", system: SYSTEM, max_tokens: 64, temperature: 0, messages: [{ role: "user", content: CAPITAL }], ...more,
});

async function refusal(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return assert.fail("it was not refused");
}

await check("a response is whole, with its usage, and is not stored", async () => {
  const answer = await real.responses.create(response());
  assert.match(answer.output_text, /Paris/);
  assert.equal(answer.status, "completed");
  assert.equal(answer.model, "chat");
  assert.equal(answer.store, false);
  assert.equal(answer.error, null);
  assert.ok(answer.usage.input_tokens > 0 && answer.usage.output_tokens > 0);
  assert.equal(answer.usage.output_tokens_details.reasoning_tokens, 0);
});

await check("a response takes items, and the conversation so far", async () => {
  const input = [
    { role: "user", content: [{ type: "input_text", text: "Say hello." }] },
    { type: "message", role: "assistant", content: [{ type: "output_text", text: "Hello.", annotations: [] }] },
    { role: "user", content: CAPITAL },
  ];
  assert.match((await real.responses.create(response({ input }))).output_text, /Paris/);
});

await check("a response streams in events that are numbered", async () => {
  const events = [];
  for await (const event of await real.responses.create(response({ stream: true }))) events.push(event);
  assert.equal(events[0].type, "response.created");
  assert.deepEqual(events.map((event) => event.sequence_number), events.map((_, index) => index));
  const deltas = events.filter(({ type }) => type === "response.output_text.delta");
  assert.ok(deltas.length > 3);
  for (const { output_index: output, content_index: content, item_id: item } of deltas) {
    assert.deepEqual([output, content, typeof item], [0, 0, "string"]);
  }
  const last = events.at(-1);
  assert.equal(last.type, "response.completed");
  assert.equal(last.response.model, "chat");
  assert.match(deltas.map(({ delta }) => delta).join(""), /Paris/);
  assert.ok(last.response.usage.output_tokens > 0);
});

await check("the library puts a streamed response together", async () => {
  const answer = await real.responses.stream(response()).finalResponse();
  assert.match(answer.output_text, /Paris/);
});

await check("a prompt that is too long for a response is a 400 before any event", async () => {
  const error = await refusal(real.responses.create(response({ input: LONG, stream: true })));
  assert.ok(error instanceof OpenAI.BadRequestError);
  assert.equal(error.code, "context_length_exceeded");
  assert.equal(error.param, "input");
});

await check("a response that is to go on from a stored one is refused, with what to do", async () => {
  const error = await refusal(real.responses.create(response({ previous_response_id: "resp_1" })));
  assert.equal(error.status, 400);
  assert.equal(error.param, "previous_response_id");
  assert.match(error.message, /conversation/);
});

await check("a message is whole, with its usage", async () => {
  const answer = await claude.messages.create(message());
  assert.match(answer.content[0].text, /Paris/);
  assert.deepEqual([answer.type, answer.role, answer.model, answer.stop_reason], ["message", "assistant", "chat", "end_turn"]);
  assert.match(answer.id, /^msg_/);
  assert.ok(answer.usage.input_tokens + answer.usage.cache_read_input_tokens > 0 && answer.usage.output_tokens > 0);
});

await check("a message streams, and the library puts it together", async () => {
  const types = new Set();
  const stream = claude.messages.stream(message());
  stream.on("streamEvent", ({ type }) => types.add(type));
  const answer = await stream.finalMessage();
  assert.match(answer.content[0].text, /Paris/);
  assert.equal(answer.stop_reason, "end_turn");
  assert.equal(answer.model, "chat");
  assert.ok(answer.usage.output_tokens > 0);
  for (const type of ["message_start", "content_block_start", "content_block_delta", "message_delta", "message_stop"]) {
    assert.ok(types.has(type), type);
  }
});

await check("a message stops at max_tokens and at a stop sequence, and says which", async () => {
  assert.equal((await claude.messages.create(message({ max_tokens: 3 }))).stop_reason, "max_tokens");
  const stopped = await claude.messages.create(message({ stop_sequences: ["Paris"] }));
  assert.equal(stopped.stop_reason, "stop_sequence");
  assert.equal(stopped.stop_sequence, "Paris");
});

await check("the tokens of a prompt are counted, as many as the message then takes", async () => {
  const { max_tokens: _, temperature: __, ...prompt } = message();
  const counted = await claude.messages.countTokens(prompt);
  const { usage } = await claude.messages.create(message({ max_tokens: 1 }));
  assert.equal(counted.input_tokens, usage.input_tokens + usage.cache_read_input_tokens);
  const long = await claude.messages.countTokens({ ...prompt, messages: [{ role: "user", content: LONG }] });
  assert.ok(long.input_tokens > 2048);
});

await check("errors have Anthropic's form: too long, no such model, a wrong key", async () => {
  const long = await refusal(claude.messages.create(message({ messages: [{ role: "user", content: LONG }] })));
  assert.ok(long instanceof Anthropic.BadRequestError);
  assert.equal(long.error.type, "error");
  assert.equal(long.error.error.type, "invalid_request_error");
  assert.match(long.error.error.message, /2048/);
  const unknown = await refusal(claude.messages.create(message({ model: "claude" })));
  assert.ok(unknown instanceof Anthropic.NotFoundError);
  assert.equal(unknown.error.error.type, "not_found_error");
  const stranger = await refusal(anthropic(FAKE_URL, "wrong").messages.create(message()));
  assert.ok(stranger instanceof Anthropic.AuthenticationError);
  assert.equal(stranger.error.error.type, "authentication_error");
});

await check("a key in x-api-key is taken; an engine without the API says what to use", async () => {
  const message404 = await refusal(anthropic(FAKE_URL, FAKE_KEY).messages.create(message()));
  assert.ok(message404 instanceof Anthropic.NotFoundError);
  assert.match(message404.message, /\/v1\/chat\/completions/);
  const { max_tokens: _, temperature: __, ...prompt } = message();
  const count404 = await refusal(anthropic(FAKE_URL, FAKE_KEY).messages.countTokens(prompt));
  assert.ok(count404 instanceof Anthropic.NotFoundError);
  assert.equal(count404.error.error.type, "not_found_error");
  assert.match(count404.message, /usage/);
  const response404 = await refusal(openai(FAKE_URL, FAKE_KEY).responses.create(response()));
  assert.ok(response404 instanceof OpenAI.NotFoundError);
  assert.equal(response404.code, "unsupported_endpoint");
});

async function enginePid() {
  const answer = await fetch(`${CONTROL_URL}/fairlead/v1/overview`, {
    headers: { authorization: `Bearer ${CONTROL_TOKEN}` },
  });
  const { versions } = await answer.json();
  return versions.find(({ name }) => name.startsWith("chat")).replicas[0].pid;
}

await check("an engine that dies in mid-stream is an error in both libraries, after the text so far", async () => {
  const story = "Tell a very long story about a ship.";
  const response1 = await real.responses.create(response({ input: story, stream: true }));
  const message1 = await claude.messages.create(
    message({ messages: [{ role: "user", content: story }], max_tokens: 1500, stream: true }),
  );
  const texts = ["", ""];
  let killed = null;
  const kill = () => {
    if (texts.every((text) => text.length > 0)) killed ??= enginePid().then((pid) => process.kill(pid, "SIGKILL"));
  };
  const readers = [
    (async () => {
      for await (const event of response1) {
        texts[0] += event.type === "response.output_text.delta" ? event.delta : "";
        kill();
      }
    })(),
    (async () => {
      for await (const event of message1) {
        texts[1] += event.type === "content_block_delta" ? event.delta.text : "";
        kill();
      }
    })(),
  ];
  const ends = await Promise.allSettled(readers);
  await killed;
  assert.deepEqual(ends.map(({ status }) => status), ["rejected", "rejected"]);
  for (const { reason } of ends) assert.match(reason.message, /\S/);
});
