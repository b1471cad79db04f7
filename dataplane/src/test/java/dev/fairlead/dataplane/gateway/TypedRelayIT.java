package dev.fairlead.dataplane.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.dataplane.gateway.ScriptedAgent.Call;
import dev.fairlead.dataplane.link.Refusal;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The Responses and the Messages API have the same care as a chat.
final class TypedRelayIT {
  private static final String RESPONSE = "{\"model\":\"chat\",\"stream\":true,\"input\":\"Hi\"}";
  private static final String MESSAGE =
      "{\"model\":\"chat\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  private static final String DELTA = event("response.output_text.delta", "\"delta\":\"Hi\"");
  private static final String COMPLETED =
      event(
          "response.completed",
          "\"response\":{\"usage\":{\"input_tokens\":5,\"output_tokens\":1}}");

  @RegisterExtension final GatewayUnderTest gateway = new GatewayUnderTest();

  private static String event(String type, String rest) {
    return "event: %s\ndata: {\"type\":\"%s\",%s}\n\n".formatted(type, type, rest);
  }

  private ScriptedAgent ready(String replica) {
    ScriptedAgent agent = gateway.agent(replica);
    agent.ready(4);
    return agent;
  }

  @Test
  void aResponseIsRelayedAsItIsAndSettledWithItsUsage() throws Exception {
    ScriptedAgent agent = ready("a");
    gateway.route(agent);

    CompletableFuture<HttpResponse<String>> answer = gateway.askAt("/v1/responses", RESPONSE);
    Call call = agent.next();
    assertThat(call.body()).contains("\"stream\":true").doesNotContain("stream_options");
    call.start();
    call.raw(DELTA + COMPLETED);
    call.finish();

    assertThat(answer.get(5, SECONDS).body()).isEqualTo(DELTA + COMPLETED);
    await().until(() -> gateway.stats().totals().promptTokens() == 5);
    RequestRecord record = settled(answer.get());
    assertThat(record.outcome()).isEqualTo("success");
    assertThat(record.tokens().completion()).isEqualTo(1);
    assertThat(record.times().firstEvent()).isPresent();
  }

  private RequestRecord settled(HttpResponse<String> answer) {
    String id = answer.headers().firstValue("x-request-id").orElseThrow();
    return await().until(() -> gateway.recent().find(id), found -> found.isPresent()).orElseThrow();
  }

  @Test
  void aReplicaThatFailsBeforeTheFirstEventIsNotSeen() throws Exception {
    ScriptedAgent first = ready("a");
    ScriptedAgent second = ready("b");
    gateway.route(first, second);

    CompletableFuture<HttpResponse<String>> answer = gateway.askAt("/v1/responses", RESPONSE);
    await().until(() -> first.unread() + second.unread() == 1);
    ScriptedAgent chosen = first.unread() == 1 ? first : second;
    chosen.next().refuse(Refusal.ENGINE_FAILED);
    Call call = (chosen == first ? second : first).next();
    call.start();
    call.raw(DELTA + COMPLETED);
    call.finish();

    assertThat(answer.get(5, SECONDS).body()).isEqualTo(DELTA + COMPLETED);
  }

  @Test
  void aReplicaThatIsLostAfterItIsAnErrorInTheFormOfTheApiAndNeverAnEnd() throws Exception {
    ScriptedAgent agent = ready("a");
    gateway.route(agent);

    var answer = gateway.streamAt("/v1/messages", MESSAGE);
    Call call = agent.next();
    call.start();
    call.raw(event("content_block_delta", "\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}"));
    var lines = answer.get(5, SECONDS).body().iterator();
    assertThat(lines.next()).isEqualTo("event: content_block_delta");
    call.die();

    assertThat(untilTheCut(lines)).contains("event: error\ndata: {\"type\":\"error\",\"error\":");
  }

  @Test
  void whileAMessageWaitsItHearsCommentsAndThenAnErrorOfItsForm() throws Exception {
    ScriptedAgent agent = gateway.agent("a");
    gateway.route(agent);

    var answer = gateway.streamAt("/v1/messages", MESSAGE);
    var lines = answer.get(5, SECONDS).body().iterator();
    assertThat(lines.next()).startsWith(": starting a replica of chat");
    agent.ready(4);
    Call call = agent.next();
    call.json(
        400,
        "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"no\"}}");

    assertThat(untilTheCut(lines)).contains("event: error\ndata: {\"type\":\"error\"");
  }

  /// The rest of a body, which must not end cleanly.
  private static String untilTheCut(Iterator<String> lines) {
    StringBuilder rest = new StringBuilder();
    assertThatThrownBy(() -> lines.forEachRemaining(line -> rest.append(line).append('\n')))
        .isInstanceOf(UncheckedIOException.class);
    return rest.toString();
  }

  @Test
  void anUnknownModelIsAnErrorOfAnthropicsForm() throws Exception {
    gateway.route();

    HttpResponse<String> answer =
        gateway.askAt("/v1/messages", MESSAGE.replace("\"chat\"", "\"claude\"")).get(5, SECONDS);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body())
        .startsWith("{\"type\":\"error\",\"error\":{\"type\":\"not_found_error\"");
  }
}
