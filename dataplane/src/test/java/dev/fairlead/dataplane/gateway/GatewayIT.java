package dev.fairlead.dataplane.gateway;

import static dev.fairlead.dataplane.gateway.GatewayUnderTest.body;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.dataplane.gateway.ScriptedAgent.Call;
import dev.fairlead.dataplane.link.LinkHeaders;
import dev.fairlead.dataplane.link.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class GatewayIT {
  private static final String FIRST =
      "{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}";
  private static final String TEXT =
      "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"},\"finish_reason\":null}]}";
  private static final String LAST =
      "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";
  private static final String USAGE =
      "{\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":1,\"total_tokens\":6}}";

  @RegisterExtension final GatewayUnderTest gateway = new GatewayUnderTest();

  @Test
  void anUnknownModelIsToldTheNamesThatExist() throws Exception {
    gateway.route();

    HttpResponse<String> answer =
        gateway.ask(body(true, "").replace("\"chat\"", "\"chatt\"")).get(5, SECONDS);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("model_not_found").contains("chat");
    assertThat(answer.headers().firstValue("x-request-id")).isPresent();
  }

  @Test
  void modelsAreListedAtZeroReplicasAndFoundByNameAndAlias() throws Exception {
    gateway.route();

    assertThat(gateway.get("/v1/models").get(5, SECONDS).body())
        .contains("\"id\":\"chat\"")
        .contains("\"id\":\"gpt\"");
    assertThat(gateway.get("/v1/models/gpt").get(5, SECONDS).body()).contains("\"id\":\"chat\"");
    assertThat(gateway.get("/v1/models/none").get(5, SECONDS).statusCode()).isEqualTo(404);
    var wrongMethod = gateway.get("/v1/chat/completions").get(5, SECONDS);
    assertThat(wrongMethod.statusCode()).isEqualTo(405);
    assertThat(wrongMethod.headers().firstValue("allow")).contains("POST");
  }

  @Test
  void aStreamIsRelayedWithoutTheUsageThatNobodyAskedFor() throws Exception {
    ScriptedAgent agent = ready("a");

    CompletableFuture<HttpResponse<String>> answer = gateway.ask(body(true, ""));
    serve(agent.next());

    assertThat(answer.get(5, SECONDS).body())
        .isEqualTo(events(FIRST, TEXT, LAST) + "data: [DONE]\n\n");
    assertThat(gateway.stats().totals().promptTokens()).isEqualTo(5);
  }

  @Test
  void usageIsRelayedToWhomAskedForIt() throws Exception {
    ScriptedAgent agent = ready("a");

    CompletableFuture<HttpResponse<String>> answer =
        gateway.ask(body(true, "\"stream_options\": {\"include_usage\": true},"));
    Call call = agent.next();
    assertThat(call.header("fairlead-usage")).isEqualTo("not-asked");
    serve(call);

    assertThat(answer.get(5, SECONDS).body()).contains("\"prompt_tokens\":5");
  }

  @Test
  void clientsThatLeaveAtTheFinishReasonGetTheUsageThere() throws Exception {
    ScriptedAgent agent = ready("a");

    CompletableFuture<HttpResponse<String>> answer =
        gateway.ask(
            body(true, "\"stream_options\": {\"include_usage\": true},"), "x-stainless-lang", "js");
    Call call = agent.next();
    assertThat(call.header("fairlead-usage")).isEqualTo("asked");
    serve(call);

    assertThat(answer.get(5, SECONDS).statusCode()).isEqualTo(200);
  }

  @Test
  void theAgentGetsAStreamOfTheVersionAndNothingOfTheClientsHeaders() throws Exception {
    ScriptedAgent agent = ready("a");

    CompletableFuture<HttpResponse<String>> answer = gateway.ask(body(false, ""));
    Call call = agent.next();

    assertThat(call.body()).contains("\"stream\": true").contains("\"include_usage\":true");
    assertThat(call.header("fairlead-answer")).isEqualTo("whole");
    assertThat(call.header("fairlead-replica")).isEqualTo("a");
    assertThat(call.header("authorization")).isEqualTo("Bearer agent-token");
    assertThat(call.header("user-agent")).isEqualTo("null");
    call.whole("{\"object\":\"chat.completion\"}", 7, 3);

    HttpResponse<String> whole = answer.get(5, SECONDS);
    assertThat(whole.body()).isEqualTo("{\"object\":\"chat.completion\"}");
    assertThat(whole.headers().map()).doesNotContainKey("fairlead-tokens");
    assertThat(gateway.stats().totals().generatedTokens()).isEqualTo(3);
  }

  @Test
  void aHeldStreamIsToldThatAReplicaStarts() throws Exception {
    ScriptedAgent agent = gateway.agent("a");
    gateway.route(agent);

    HttpResponse<Stream<String>> answer = gateway.stream(body(true, "")).get(5, SECONDS);
    Iterator<String> lines = answer.body().iterator();

    assertThat(lines.next()).matches(": starting a replica of chat, ready in about [1-7] s");
    assertThat(lines.next()).isEmpty();
    assertThat(lines.next()).startsWith(": starting");
    assertThat(gateway.demandSignals()).isPositive();
    assertThat(gateway.demand().waiting()).isEqualTo(1);

    agent.ready(4);
    serve(agent.next());
    assertThat(rest(lines)).endsWith("data: [DONE]");
  }

  @Test
  void aHeldWholeRequestIsAnsweredWhenTheReplicaIsThere() throws Exception {
    ScriptedAgent agent = gateway.agent("a");
    gateway.route(agent);

    CompletableFuture<HttpResponse<String>> answer = gateway.ask(body(false, ""));
    await().until(() -> gateway.demand().waiting() == 1);
    agent.ready(4);
    agent.next().whole("{}", 1, 1);

    assertThat(answer.get(5, SECONDS).statusCode()).isEqualTo(200);
  }

  @Test
  void aWholeRequestIsHeldSoLongAndNoLonger() throws Exception {
    gateway.route(Optional.empty(), Duration.ofMillis(200));

    HttpResponse<String> answer = gateway.ask(body(false, "")).get(5, SECONDS);

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("retry-after")).hasValue("7");
    assertThat(answer.body()).contains("is still starting");
  }

  @Test
  void aPromptThatMayBeTooLongHearsTheEnginesRefusalAsAStatus() throws Exception {
    ScriptedAgent agent = gateway.agent("a");
    gateway.route(agent);
    String longPrompt = body(true, "").replace("Hi", "word ".repeat(100));

    CompletableFuture<HttpResponse<String>> answer = gateway.ask(longPrompt);
    await().until(() -> gateway.demand().waiting() == 1);
    await().during(Duration.ofMillis(250)).until(() -> !answer.isDone());
    agent.ready(4);
    agent.next().json(400, "{\"error\":{\"message\":\"too long: the limit is 64\"}}");

    assertThat(answer.get(5, SECONDS).statusCode()).isEqualTo(400);
    assertThat(answer.get(5, SECONDS).body()).contains("the limit is 64");
  }

  @Test
  void anErrorAfterCommentsIsAnEventAndNoCleanEnd() throws Exception {
    ScriptedAgent agent = gateway.agent("a");
    gateway.route(agent);

    HttpResponse<Stream<String>> answer = gateway.stream(body(true, "")).get(5, SECONDS);
    Iterator<String> lines = answer.body().iterator();
    lines.next();
    agent.ready(4);
    agent.next().json(400, "{\"error\":{\"message\":\"no\"}}");

    assertThatThrownBy(() -> readAll(lines)).isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void aBusyReplicaIsPassedOverForAnother() throws Exception {
    ScriptedAgent one = gateway.agent("a");
    ScriptedAgent other = gateway.agent("b");
    gateway.route(one, other);
    one.ready(4);
    await().atMost(Duration.ofSeconds(5)).until(() -> canPlace(one));

    CompletableFuture<HttpResponse<String>> answer = gateway.ask(body(true, ""));
    one.next().refuse(Refusal.BUSY);
    other.ready(4);
    serve(other.next());

    assertThat(answer.get(5, SECONDS).statusCode()).isEqualTo(200);
    assertThat(one.unread()).isZero();
  }

  @Test
  void aReplicaThatFailsBeforeItsFirstByteIsNotSeenByTheClient() throws Exception {
    ScriptedAgent one = gateway.agent("a");
    ScriptedAgent other = gateway.agent("b");
    gateway.route(one, other);
    one.ready(4);
    await().atMost(Duration.ofSeconds(5)).until(() -> canPlace(one));

    CompletableFuture<HttpResponse<String>> answer = gateway.ask(body(true, ""));
    one.next();
    other.ready(4);
    one.close();
    serve(other.next());

    assertThat(answer.get(5, SECONDS).body()).endsWith("data: [DONE]\n\n");
  }

  @Test
  void aReplicaThatDiesInMidStreamIsAnErrorEventAndNoCleanEnd() throws Exception {
    ScriptedAgent agent = ready("a");

    HttpResponse<Stream<String>> answer = streaming(agent);
    Iterator<String> lines = answer.body().iterator();
    assertThat(lines.next()).contains("assistant");
    lines.next();
    List<String> heard = new java.util.ArrayList<>();

    assertThatThrownBy(() -> lines.forEachRemaining(heard::add))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(heard).contains("event: error").noneMatch(line -> line.contains("[DONE]"));
  }

  @Test
  void aCleanEndWithoutDoneIsAFailureToo() throws Exception {
    ScriptedAgent agent = ready("a");

    CompletableFuture<HttpResponse<Stream<String>>> answer = gateway.stream(body(true, ""));
    Call call = agent.next();
    call.start();
    call.event(FIRST);
    call.finish();

    assertThatThrownBy(() -> readAll(answer.get(5, SECONDS).body().iterator()))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void aClientThatLeavesBeforeTheFirstTokenStopsTheEngine() throws Exception {
    ScriptedAgent agent = ready("a");

    Call call;
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
      post(client);
      call = agent.next();
    }

    assertThat(call.leftWithinASecond()).isTrue();
  }

  @Test
  void aClientThatLeavesAfterTheFinishReasonIsCountedWithItsUsage() throws Exception {
    ScriptedAgent agent = ready("a");

    Call call;
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
      post(client);
      call = agent.next();
      call.start();
      call.event(FIRST);
      call.event(LAST);
      StringBuilder heard = new StringBuilder();
      while (heard.indexOf("\"stop\"") < 0) {
        heard.append((char) client.getInputStream().read());
      }
    }
    assertThat(call.leftWithinASecond()).isFalse();
    call.event(USAGE);
    call.event("[DONE]");
    call.finish();

    await().atMost(Duration.ofSeconds(5)).until(() -> gateway.stats().totals().promptTokens() == 5);
  }

  @Test
  void whatBecameOfARequestIsKeptUnderItsId() throws Exception {
    ScriptedAgent agent = gateway.agent("a");
    gateway.route(agent);

    CompletableFuture<HttpResponse<String>> answer = gateway.ask(body(true, ""));
    await().until(() -> gateway.demand().waiting() == 1);
    agent.ready(4);
    serve(agent.next());

    String id = answer.get(5, SECONDS).headers().firstValue("x-request-id").orElseThrow();
    await().atMost(Duration.ofSeconds(5)).until(() -> gateway.recent().find(id).isPresent());
    RequestRecord settled = gateway.recent().find(id).orElseThrow();
    assertThat(settled.outcome()).isEqualTo("success");
    assertThat(settled.path())
        .isEqualTo(new RequestRecord.Path(GatewayUnderTest.VERSION, "a", 0, true, 0));
    assertThat(settled.tokens()).isEqualTo(new RequestRecord.Tokens(5, 0, 1, false));
    assertThat(settled.times().firstEvent()).isPresent();
    assertThat(settled.times().total()).isGreaterThanOrEqualTo(settled.times().queue());
  }

  @Test
  void everyAnswerTellsWhereItsTimeWent() throws Exception {
    ScriptedAgent agent = ready("a");

    CompletableFuture<HttpResponse<String>> answer = gateway.ask(body(false, ""));
    agent.next().whole("{}", 1, 1);

    assertThat(answer.get(5, SECONDS).headers().firstValue("server-timing"))
        .hasValueSatisfying(
            timing -> assertThat(timing).matches("queue;dur=[0-9.]+, engine;dur=[0-9.]+"));
  }

  @Test
  void whatCannotComeUpIsRefusedWithItsCause() throws Exception {
    gateway.route(Optional.of("the file is incomplete: fetch it again"), Duration.ofSeconds(10));

    HttpResponse<String> answer = gateway.ask(body(true, "")).get(5, SECONDS);

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("the file is incomplete: fetch it again");
    assertThat(answer.headers().firstValue("x-should-retry")).hasValue("false");
  }

  @Test
  void whoWaitsMovesToTheVersionThatTakesOver() throws Exception {
    ScriptedAgent old = gateway.agent("a", "chat-0");
    gateway.route(old);
    CompletableFuture<HttpResponse<String>> answer = gateway.ask(body(false, ""));
    await().until(() -> gateway.demandSignals() > 0);

    ScriptedAgent agent = gateway.agent("b");
    gateway.route(agent);
    agent.ready(4);
    agent.next().whole("{\"v\":1}", 1, 1);

    assertThat(answer.get(5, SECONDS).body()).isEqualTo("{\"v\":1}");
  }

  @Test
  void moreRequestsThanSlotsAreServedInTurn() throws Exception {
    ScriptedAgent agent = gateway.agent("a");
    gateway.route(agent);
    agent.ready(2);
    await().atMost(Duration.ofSeconds(5)).until(() -> canPlace(agent));

    List<CompletableFuture<HttpResponse<String>>> answers =
        Stream.generate(() -> gateway.ask(body(false, ""))).limit(7).toList();
    for (int served = 0; served < 7; served++) {
      Call call = agent.next();
      assertThat(gateway.demand().inFlight()).isLessThanOrEqualTo(2);
      call.whole("{}", 1, 1);
    }

    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      assertThat(answer.get(5, SECONDS).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aNameOfAnyCharactersReachesTheAgentAsItIs() throws Exception {
    ScriptedAgent agent = gateway.agent("a");
    gateway.serveAs("模型/ü +\u0007", agent);
    agent.ready(4);

    CompletableFuture<HttpResponse<String>> answer =
        gateway.ask(body(false, "").replace("\"chat\"", "\"gpt\""));
    Call call = agent.next();
    call.whole("{}", 1, 1);

    assertThat(answer.get(5, SECONDS).statusCode()).isEqualTo(200);
    assertThat(LinkHeaders.decoded(call.header("fairlead-model"))).isEqualTo("模型/ü +\u0007");
  }

  @Test
  void aRefusedStreamIsNoTimeToFirstToken() throws Exception {
    ScriptedAgent agent = ready("a");

    CompletableFuture<HttpResponse<String>> answer = gateway.ask(body(true, ""));
    agent.next().json(400, "{\"error\":{\"message\":\"too long\"}}");

    assertThat(answer.get(5, SECONDS).statusCode()).isEqualTo(400);
    assertThat(gateway.stats().firstTokenQuantile(0.5, Instant.EPOCH)).isEmpty();
  }

  @Test
  void theCountersOfAVersionThatIsNotRoutedAnyMoreAreDropped() throws Exception {
    ScriptedAgent old = ready("a");
    assertThat(canPlace(old)).isTrue();
    assertThat(gateway.stats().totals().arrivals()).isEqualTo(1);

    gateway.route(gateway.agent("b", "chat-2"));

    assertThat(gateway.stats().totals().arrivals()).isZero();
  }

  @Test
  void aRequestThatIsServedAtOnceWakesNobody() throws Exception {
    ScriptedAgent agent = ready("a");
    assertThat(canPlace(agent)).isTrue();
    int before = gateway.demandSignals();

    assertThat(canPlace(agent)).isTrue();

    assertThat(gateway.demandSignals()).isEqualTo(before);
  }

  private ScriptedAgent ready(String replica) {
    ScriptedAgent agent = gateway.agent(replica);
    gateway.route(agent);
    agent.ready(4);
    return agent;
  }

  /// Whether the gateway has heard that the agent is ready: a request to it is answered.
  private boolean canPlace(ScriptedAgent agent) throws Exception {
    CompletableFuture<HttpResponse<String>> probe = gateway.ask(body(false, ""));
    agent.next().whole("{}", 1, 1);
    return probe.get(5, SECONDS).statusCode() == 200;
  }

  private static void post(Socket client) throws IOException {
    String body = body(true, "");
    String request =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(body.length(), body);
    client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  private HttpResponse<Stream<String>> streaming(ScriptedAgent agent) throws Exception {
    CompletableFuture<HttpResponse<Stream<String>>> answer = gateway.stream(body(true, ""));
    Call call = agent.next();
    call.start();
    call.event(FIRST);
    HttpResponse<Stream<String>> heard = answer.get(5, SECONDS);
    call.die();
    return heard;
  }

  private static void serve(Call call) {
    call.start();
    for (String event : List.of(FIRST, TEXT, LAST, USAGE, "[DONE]")) {
      call.event(event);
    }
    call.finish();
  }

  private static String events(String... data) {
    StringBuilder all = new StringBuilder();
    for (String event : data) {
      all.append("data: ").append(event).append("\n\n");
    }
    return all.toString();
  }

  private static String rest(Iterator<String> lines) {
    StringBuilder all = new StringBuilder();
    lines.forEachRemaining(line -> all.append(line).append('\n'));
    return all.toString().strip();
  }

  private static void readAll(Iterator<String> lines) {
    lines.forEachRemaining(_ -> {});
  }
}
