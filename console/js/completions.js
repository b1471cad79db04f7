import { RequestFailed } from "./client.js";
import { serverSentEvents } from "./sse.js";

/**
 * One streamed chat completion. Yields, in order of arrival:
 * `{waiting}` what Fairlead says while a replica starts, `{text}`, `{thinking}`, `{usage}`, `{finish}` the finish reason.
 * Throws RequestFailed for an error event and for a stream that ends without `[DONE]`: what came before stays valid.
 */
export async function* chatCompletion(client, request, signal) {
  const response = await client.open("/v1/chat/completions", {
    method: "POST",
    signal,
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify({ ...request, stream: true, stream_options: { include_usage: true } }),
  });
  for await (const { comment, event, data } of serverSentEvents(response.body)) {
    if (comment !== undefined) {
      if (comment) yield { waiting: comment };
      continue;
    }
    if (data === "[DONE]") return;
    const chunk = parse(data);
    if (event === "error" || chunk.error) {
      throw new RequestFailed(response.status, chunk.error?.message ?? "The model stopped with an error.");
    }
    yield* parts(chunk);
  }
  throw new RequestFailed(response.status, "The answer broke off: the stream ended early.");
}

function* parts(chunk) {
  const choice = chunk.choices?.[0];
  if (choice?.delta?.reasoning_content) yield { thinking: choice.delta.reasoning_content };
  if (choice?.delta?.content) yield { text: choice.delta.content };
  if (choice?.finish_reason) yield { finish: choice.finish_reason };
  if (chunk.usage) yield { usage: chunk.usage };
}

function parse(data) {
  try {
    return JSON.parse(data);
  } catch {
    throw new RequestFailed(200, "Fairlead sent something that is not JSON.");
  }
}
