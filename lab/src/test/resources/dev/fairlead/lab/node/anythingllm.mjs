// What AnythingLLM's generic OpenAI provider does, with the SDK that it has (openai-node 4.95.1): node anythingllm.mjs.
// FAKE_URL serves `chat` and `embeddings` by the fake engine and asks for FAKE_KEY; CONTROL_URL and CONTROL_TOKEN are
// the control door, which tells what became of a request.
import { assert, check, eventually, load } from "./checks.mjs";

const { OpenAI } = load("openai-4");
const { FAKE_URL, FAKE_KEY, CONTROL_URL, CONTROL_TOKEN } = process.env;
const base = `${FAKE_URL}/v1`;
// It sends this with every request, the first one too.
const client = new OpenAI({ baseURL: base, apiKey: FAKE_KEY, defaultHeaders: { "x-stainless-retry-count": "2" } });

const ask = (content) => ({
  model: "chat", temperature: 0.7, max_tokens: 1024, stream: true, stream_options: { include_usage: true },
  messages: [{ role: "system", content: "You are a helpful assistant." }, { role: "user", content }],
});

async function record(id) {
  const answer = await fetch(`${CONTROL_URL}/fairlead/v1/requests?id=${id}`, {
    headers: { authorization: `Bearer ${CONTROL_TOKEN}` },
  });
  return answer.ok ? (await answer.json()).items[0] : null;
}

/** Reads as its handleDefaultStreamResponse: at the first finish_reason it has done with the connection. */
async function chat(content) {
  const { data: stream, response } = await client.chat.completions.create(ask(content)).withResponse();
  let text = "";
  let usage = null;
  for await (const chunk of stream) {
    const choice = chunk.choices[0];
    text += choice?.delta.content ?? "";
    usage = chunk.usage ?? usage;
    if (choice?.finish_reason) break;
  }
  return { text, usage, settled: await eventually("a record", () => record(response.headers.get("x-request-id"))) };
}

await check("it leaves at the finish_reason: a success with its usage, for both sides", async () => {
  const { text, usage, settled } = await chat("What is the capital of France?");
  assert.match(text, /Paris/);
  assert.ok(usage.completion_tokens > 0 && usage.prompt_tokens > 0);
  assert.equal(settled.outcome, "success");
  assert.equal(settled.completionTokens, usage.completion_tokens);
  assert.equal(settled.promptTokens, usage.prompt_tokens);
});

await check("its x-stainless-retry-count is not taken for a retry", async () => {
  assert.equal((await chat("Hi")).settled.outcome, "success");
});

await check("content in parts with an image as a data URL is taken as it is", async () => {
  const image = { type: "image_url", image_url: { url: `data:image/png;base64,${"A".repeat(4000)}`, detail: "high" } };
  assert.match((await chat([{ type: "text", text: "What is the capital of France?" }, image])).text, /Paris/);
});

await check("a failure in mid-stream is an error with a message", async () => {
  await assert.rejects(chat("fake:no-finish after=3"), (error) => /\S/.test(error.message));
});

await check("an agent with tools gets the first call whole", async () => {
  const parameters = { type: "object", properties: { city: { type: "string" } } };
  const tools = [{ type: "function", function: { name: "weather", parameters } }];
  let name = "";
  let given = "";
  for await (const chunk of await client.chat.completions.create({ ...ask("fake:tool-repeated"), tools })) {
    const call = chunk.choices[0]?.delta.tool_calls?.[0];
    name += call?.function?.name ?? "";
    given += call?.function?.arguments ?? "";
  }
  assert.equal(name, "weather");
  assert.deepEqual(JSON.parse(given), { city: "Paris" });
});

await check("the models are listed with id and owned_by", async () => {
  const { data } = await (await fetch(`${base}/models`, { headers: { authorization: `Bearer ${FAKE_KEY}` } })).json();
  assert.ok(data.some(({ id }) => id === "chat"));
  for (const { id, owned_by: owner } of data) assert.ok(id && owner, `${id} is owned by ${owner}`);
});

await check("500 texts are embedded at once, as base64", async () => {
  const input = Array.from({ length: 500 }, (_, i) => `Text number ${i}`);
  const { data } = await client.embeddings.create({ model: "embeddings", input });
  assert.equal(data.length, 500);
  for (const { embedding } of data) {
    assert.equal(embedding.length, 8);
    assert.ok(Math.abs(embedding.reduce((sum, x) => sum + x * x, 0) - 1) < 1e-3);
  }
});
