// The client libraries of the behaviour matrix, each used as its own documentation shows and brought to one form:
// stream and whole give {text, finish, usage, calls}, embed gives vectors. What a library throws is thrown.
import { load } from "./checks.mjs";

const PARAMETERS = { type: "object", properties: { city: { type: "string" } } };
const TOOL = { type: "function", function: { name: "weather", parameters: PARAMETERS } };

export class Broken extends Error {
  constructor(cause, text) {
    super(cause?.message ?? String(cause));
    this.status = cause?.status ?? cause?.statusCode;
    this.text = text;
  }
}

function openAi(packageName) {
  return ({ url, key }) => {
    const { OpenAI } = load(packageName);
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
    return {
      async stream(model, messages, tools) {
        const seen = { text: "", finish: null, usage: null, calls: [] };
        try {
          const body = { model, messages, temperature: 0, stream: true, stream_options: { include_usage: true } };
          for await (const chunk of await client.chat.completions.create(tools ? { ...body, tools: [TOOL] } : body)) {
            const choice = chunk.choices[0];
            seen.text += choice?.delta.content ?? "";
            seen.finish = choice?.finish_reason ?? seen.finish;
            seen.usage = chunk.usage?.completion_tokens ?? seen.usage;
            // A client that believes in the protocol puts everything together by index.
            for (const { index, id, function: part } of choice?.delta.tool_calls ?? []) {
              const call = (seen.calls[index] ??= { id: "", name: "", arguments: "" });
              call.id += id ?? "";
              call.name += part.name ?? "";
              call.arguments += part.arguments ?? "";
            }
          }
        } catch (error) {
          throw new Broken(error, seen.text);
        }
        return seen;
      },
      async whole(model, messages) {
        const { choices, usage } = await client.chat.completions.create({ model, messages, temperature: 0 });
        return { text: choices[0].message.content, finish: choices[0].finish_reason, usage: usage.completion_tokens };
      },
      async embed(model, input) {
        return (await client.embeddings.create({ model, input })).data.map(({ embedding }) => embedding);
      },
    };
  };
}

function aiSdk({ url, key }) {
  const { createOpenAICompatible } = load("@ai-sdk/openai-compatible");
  const { streamText, generateText, embedMany, tool, jsonSchema } = load("ai");
  const provider = createOpenAICompatible({ name: "fairlead", baseURL: `${url}/v1`, apiKey: key, includeUsage: true });
  const common = (model, messages) => ({ model: provider(model), messages, temperature: 0, maxRetries: 0 });
  const tools = { weather: tool({ inputSchema: jsonSchema(PARAMETERS) }) };
  return {
    async stream(model, messages, withTools) {
      const seen = { text: "", finish: null, usage: null, calls: [] };
      let broken = null;
      // The library reports errors as parts of the stream, and logs them unless it is told otherwise.
      const quiet = { onError: () => {} };
      const result = streamText({ ...common(model, messages), ...quiet, ...(withTools ? { tools } : {}) });
      try {
        for await (const part of result.fullStream) {
          if (part.type === "text-delta") seen.text += part.text;
          if (part.type === "tool-call") {
            seen.calls.push({ id: part.toolCallId, name: part.toolName, arguments: JSON.stringify(part.input) });
          }
          if (part.type === "error") broken ??= part.error;
          if (part.type === "finish") {
            seen.finish = part.finishReason.replace("-", "_");
            seen.usage = part.totalUsage.outputTokens;
          }
        }
      } catch (error) {
        broken = error;
      }
      if (broken) throw new Broken(broken, seen.text);
      return seen;
    },
    async whole(model, messages) {
      const { text, finishReason, usage } = await generateText(common(model, messages));
      return { text, finish: finishReason, usage: usage.outputTokens };
    },
    async embed(model, values) {
      return (await embedMany({ model: provider.embeddingModel(model), values, maxRetries: 0 })).embeddings;
    },
  };
}

function langchain({ url, key }) {
  const { ChatOpenAI, OpenAIEmbeddings } = load("@langchain/openai");
  const common = { apiKey: key, maxRetries: 0, configuration: { baseURL: `${url}/v1` } };
  const chat = (model) => new ChatOpenAI({ ...common, model, temperature: 0 });
  const form = (message) => ({
    text: message.content,
    finish: message.response_metadata.finish_reason,
    usage: message.usage_metadata?.output_tokens,
    calls: (message.tool_calls ?? []).map(({ id, name, args }) => ({ id, name, arguments: JSON.stringify(args) })),
  });
  return {
    async stream(model, messages, tools) {
      let all = null;
      try {
        const asked = tools ? chat(model).bindTools([TOOL]) : chat(model);
        for await (const chunk of await asked.stream(messages)) all = all?.concat(chunk) ?? chunk;
      } catch (error) {
        throw new Broken(error, all?.content ?? "");
      }
      return form(all);
    },
    async whole(model, messages) {
      return form(await chat(model).invoke(messages));
    },
    embed: (model, texts) => new OpenAIEmbeddings({ ...common, model }).embedDocuments(texts),
  };
}

export const COLUMNS = {
  "openai-node 4": openAi("openai-4"),
  "openai-node 6": openAi("openai-6"),
  "ai-sdk": aiSdk,
  "langchain js": langchain,
};
