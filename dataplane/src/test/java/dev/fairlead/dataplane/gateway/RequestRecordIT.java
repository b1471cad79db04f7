package dev.fairlead.dataplane.gateway;

import static dev.fairlead.dataplane.gateway.GatewayUnderTest.body;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.dataplane.gateway.ScriptedAgent.Call;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What is told of a request once it has ended.
final class RequestRecordIT {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";

  @RegisterExtension final GatewayUnderTest gateway = new GatewayUnderTest();

  @Test
  void aStreamIsToldWithItsFinishReasonAndTheTraceOfItsClient() throws Exception {
    ScriptedAgent agent = ready();

    CompletableFuture<HttpResponse<String>> answer =
        gateway.ask(body(true, ""), "traceparent", "00-" + TRACE + "-" + SPAN + "-01");
    Call call = agent.next();
    stream(call, "length");

    RequestRecord settled = settled(answer);
    assertThat(settled.ending()).isEqualTo(new RequestRecord.Ending(200, "", "length"));
    assertThat(settled.trace()).contains(new TraceParent(TRACE, SPAN, true));
    assertThat(settled.times().auth()).isPositive();
    assertThat(call.header("traceparent")).as("what the agent gets").isEqualTo("null");
  }

  @Test
  void anEngineCannotPutItsWordsWhereReasonsAreCounted() throws Exception {
    ScriptedAgent agent = ready();

    CompletableFuture<HttpResponse<String>> answer = gateway.ask(body(true, ""));
    stream(agent.next(), "because the user said so");

    assertThat(settled(answer).ending().finishReason()).isEqualTo("other");
  }

  @Test
  void aWholeAnswerIsToldWithTheFinishReasonThatItsAgentNames() throws Exception {
    ScriptedAgent agent = ready();

    CompletableFuture<HttpResponse<String>> answer = gateway.ask(body(false, ""));
    agent.next().whole("{}", 1, 1, "tool_calls");

    RequestRecord settled = settled(answer);
    assertThat(settled.ending()).isEqualTo(new RequestRecord.Ending(200, "", "tool_calls"));
    assertThat(answer.get().headers().map()).doesNotContainKey("fairlead-finish");
  }

  @Test
  void aRefusalIsToldWithItsCodeAndAnEnginesErrorWithItsStatus() throws Exception {
    ScriptedAgent agent = ready();

    RequestRecord unknown =
        settled(gateway.ask(body(true, "").replace("\"chat\"", "\"a secret\"")));
    assertThat(unknown.ending()).isEqualTo(new RequestRecord.Ending(404, "model_not_found", ""));
    assertThat(unknown.model()).isEmpty();

    CompletableFuture<HttpResponse<String>> answer = gateway.ask(body(false, ""));
    agent.next().json(400, "{\"error\":{\"code\":\"a secret\"}}");
    assertThat(settled(answer).ending()).isEqualTo(new RequestRecord.Ending(400, "", ""));
  }

  @Test
  void theTimeWithoutAReadyReplicaIsToldApart() throws Exception {
    ScriptedAgent agent = gateway.agent("a");
    gateway.route(agent);
    CompletableFuture<HttpResponse<String>> first = gateway.ask(body(false, ""));
    await().until(() -> gateway.demand().waiting() == 1);
    CompletableFuture<HttpResponse<String>> second = gateway.ask(body(false, ""));
    await().until(() -> gateway.demand().waiting() == 2);

    agent.ready(1);
    Call one = agent.next();
    await().during(Duration.ofMillis(60)).until(() -> gateway.demand().waiting() == 1);
    one.whole("{}", 1, 1);
    agent.next().whole("{}", 1, 1);

    RequestRecord.Times cold = settled(first).times();
    assertThat(cold.coldStart()).isPositive().isLessThanOrEqualTo(cold.queue());
    RequestRecord.Times then = settled(second).times();
    assertThat(then.coldStart()).isPositive();
    assertThat(then.queue().minus(then.coldStart())).isGreaterThan(Duration.ofMillis(50));

    CompletableFuture<HttpResponse<String>> warm = gateway.ask(body(false, ""));
    agent.next().whole("{}", 1, 1);
    assertThat(settled(warm).times().coldStart()).isZero();
  }

  private ScriptedAgent ready() {
    ScriptedAgent agent = gateway.agent("a");
    gateway.route(agent);
    agent.ready(4);
    return agent;
  }

  private static void stream(Call call, String reason) {
    call.start();
    call.event(
        "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":null}]}");
    call.event(
        "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"%s\"}]}".formatted(reason));
    call.event("[DONE]");
    call.finish();
  }

  private RequestRecord settled(CompletableFuture<HttpResponse<String>> answer) throws Exception {
    String id = answer.get(5, SECONDS).headers().firstValue("x-request-id").orElseThrow();
    await().until(() -> gateway.recent().find(id).isPresent());
    return gateway.recent().find(id).orElseThrow();
  }
}
