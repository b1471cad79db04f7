package dev.fairlead.lab.canary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.lab.harness.Answer;
import dev.fairlead.lab.harness.Json;
import dev.fairlead.lab.harness.OpenAi;
import dev.fairlead.lab.harness.Streamed;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Asks with canaries in bodies and headers, and keeps the ids of its requests. Safe for every
/// thread.
final class Asked {
  private static final String TRACEPARENT =
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private final OpenAi door;
  private final Canaries canaries;
  private final List<String> ids = new CopyOnWriteArrayList<>();

  Asked(OpenAi door, Canaries canaries) {
    this.door = door;
    this.canaries = canaries;
  }

  Answer whole(String path, String json) {
    Answer answer = door.send(request(path, json));
    answer.header("x-request-id").ifPresent(ids::add);
    return answer;
  }

  Answer get(String target) {
    return door.get(target);
  }

  Streamed stream(String path, String json) {
    return door.stream(request(path, json));
  }

  /// A stream to its end.
  Streamed streamed(String path, String json) {
    Streamed answer = stream(path, json);
    var _ = answer.awaitEnd();
    answer.header("x-request-id").ifPresent(ids::add);
    return answer;
  }

  /// A chat with a system message of its own.
  String chat(String model, String user, String more) {
    return """
    {"model":"%s",%s"messages":[{"role":"system","content":"%s"},{"role":"user","content":%s}]}\
    """
        .formatted(model, more, canaries.word("a system prompt"), Json.quoted(user));
  }

  Canaries canaries() {
    return canaries;
  }

  List<String> ids() {
    assertThat(ids).as("requests with an id").isNotEmpty();
    return List.copyOf(ids);
  }

  private HttpRequest.Builder request(String path, String json) {
    return door.request(path)
        .header("content-type", "application/json")
        .header("user-agent", canaries.word("the header user-agent"))
        .header("x-conversation-id", canaries.word("the header x-conversation-id"))
        .header("cookie", "session=" + canaries.word("a cookie"))
        .header("traceparent", TRACEPARENT)
        .header("tracestate", "vendor=" + canaries.word("the header tracestate"))
        .header("baggage", "user=" + canaries.word("the header baggage"))
        .POST(BodyPublishers.ofString(json));
  }
}
