/**
 * Reads server-sent events from a fetch body: EventSource cannot send an Authorization header or a POST.
 * Yields `{comment}` for a comment line and `{event, data}` for an event. Format: WHATWG HTML, "Server-sent events".
 */
export async function* serverSentEvents(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  let event = "message";
  let data = [];
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      buffer += value;
      // A CR at the end may be half of a CRLF: wait for the rest.
      const lines = buffer.split(/\r\n|\n|\r(?!$)/);
      buffer = lines.pop();
      for (const line of lines) {
        if (line === "") {
          if (data.length > 0) yield { event, data: data.join("\n") };
          event = "message";
          data = [];
        } else if (line.startsWith(":")) {
          yield { comment: line.slice(1).trim() };
        } else {
          const [field, content] = splitField(line);
          if (field === "event") event = content;
          else if (field === "data") data.push(content);
        }
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function splitField(line) {
  const colon = line.indexOf(":");
  if (colon < 0) return [line, ""];
  const content = line.slice(colon + 1);
  return [line.slice(0, colon), content.startsWith(" ") ? content.slice(1) : content];
}
