package dev.fairlead.dataplane.gateway;

import static dev.fairlead.dataplane.gateway.GatewayUnderTest.body;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.core.admit.Ask;
import dev.fairlead.core.admit.Caller;
import dev.fairlead.core.admit.Limits;
import dev.fairlead.core.admit.OpeningBalance;
import dev.fairlead.core.admit.Tenant;
import dev.fairlead.core.admit.WindowShape;
import dev.fairlead.core.usage.UsageRow;
import dev.fairlead.dataplane.gateway.ScriptedAgent.Call;
import dev.fairlead.dataplane.limits.LocalLimitStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What a tenant's limits do to its requests, as its client sees it. The clock of the limits stands
/// still.
final class GatewayLimitsIT {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.500Z");
  private static final String TEXT =
      "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"},\"finish_reason\":null}]}";
  private static final String LAST =
      "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";
  private static final String USAGE =
      "{\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":1,\"total_tokens\":6}}";

  @RegisterExtension final GatewayUnderTest gateway = new GatewayUnderTest();

  private ScriptedAgent agent;
  private int requests;

  @BeforeEach
  void serve() {
    agent = gateway.agent("a");
    gateway.route(agent);
    agent.ready(4);
    countFrom(OpeningBalance.NONE);
  }

  @Test
  void everyAnswerTellsWhereTheTenantStands() throws Exception {
    limit(10, 1_000, 0, 0);

    CompletableFuture<HttpResponse<String>> stream = gateway.ask(body(true, "\"max_tokens\": 7,"));
    stream(agent.next());
    HttpHeaders first = stream.get(5, SECONDS).headers();

    assertThat(first.map())
        .containsEntry("x-ratelimit-limit-requests", one("10"))
        .containsEntry("x-ratelimit-remaining-requests", one("9"))
        .containsEntry("x-ratelimit-reset-requests", one("1m0.5s"))
        .containsEntry("x-ratelimit-limit-tokens", one("1000"))
        .containsEntry("x-ratelimit-remaining-tokens", one("992"))
        .containsEntry("x-ratelimit-reset-tokens", one("1m0.5s"));

    CompletableFuture<HttpResponse<String>> whole = gateway.ask(body(false, "\"max_tokens\": 7,"));
    agent.next().whole("{}", 5, 1);
    assertThat(whole.get(5, SECONDS).headers().map())
        .as("6 tokens were used before, and 8 are reserved")
        .containsEntry("x-ratelimit-remaining-requests", one("8"))
        .containsEntry("x-ratelimit-remaining-tokens", one("986"));

    CompletableFuture<HttpResponse<String>> bad = gateway.ask(body(false, ""));
    agent.next().json(400, "{\"error\":{}}");
    assertThat(bad.get(5, SECONDS).headers().firstValue("x-ratelimit-remaining-requests"))
        .contains("7");
  }

  @Test
  void whoHasNoLimitsHearsOfNone() throws Exception {
    CompletableFuture<HttpResponse<String>> answer = gateway.ask(body(false, ""));
    agent.next().whole("{}", 1, 1);

    assertThat(answer.get(5, SECONDS).headers().map().keySet())
        .noneMatch(name -> name.startsWith("x-ratelimit"));
  }

  @Test
  void tooManyRequestsAreToldWhenToComeBack() throws Exception {
    limit(1, 0, 0, 0);
    answered();

    HttpResponse<String> refused = gateway.ask(body(true, "")).get(5, SECONDS);

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body())
        .contains("\"type\":\"rate_limit_error\"", "\"code\":\"rate_limit_exceeded\"")
        .contains("\"param\":null", "1 requests a minute");
    assertThat(refused.headers().map())
        .containsEntry("retry-after", one("61"))
        .containsEntry("retry-after-ms", one("60500"))
        .containsEntry("x-ratelimit-remaining-requests", one("0"))
        .doesNotContainKeys("x-should-retry", "x-ratelimit-limit-tokens")
        .containsKey("x-request-id");
    assertThat(agent.unread()).isZero();
  }

  @Test
  void aSpentDayIsNotTriedAgainByClients() throws Exception {
    countFrom(new OpeningBalance(LocalDate.of(2026, 3, 1), Map.of("team", 95L)));
    limit(0, 0, 0, 100);

    HttpResponse<String> refused = gateway.ask(body(false, "\"max_tokens\": 20,")).get(5, SECONDS);

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body())
        .contains("\"type\":\"insufficient_quota\"", "\"code\":\"insufficient_quota\"")
        .contains("5 of 100 tokens a day are left and this request may take 21");
    assertThat(refused.headers().map())
        .containsEntry("x-should-retry", one("false"))
        .containsEntry("retry-after", one(Long.toString(12 * 3_600)));
  }

  @Test
  void aRequestLargerThanItsLimitIsNotTriedAgainByClients() throws Exception {
    limit(0, 20, 0, 0);

    HttpResponse<String> refused = gateway.ask(body(false, "\"max_tokens\": 20,")).get(5, SECONDS);

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).contains("21 tokens", "lower max_tokens");
    assertThat(refused.headers().firstValue("x-should-retry")).contains("false");
  }

  @Test
  void aPlaceIsFreeWhenARequestHasEndedHoweverItEnds() throws Exception {
    limit(0, 0, 1, 0);
    CompletableFuture<HttpResponse<String>> first = gateway.ask(body(false, ""));
    Call running = agent.next();

    HttpResponse<String> refused = gateway.ask(body(false, "")).get(5, SECONDS);
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).contains("1 requests at the same time");
    assertThat(refused.headers().firstValue("retry-after-ms")).contains("5000");

    running.json(500, "{}");
    assertThat(first.get(5, SECONDS).statusCode()).isEqualTo(500);
    answered();
    try (Socket _ = client()) {
      agent.next();
    }
    await().untilAsserted(() -> assertThat(gateway.demand().inFlight()).isZero());
    answered();
  }

  @Test
  void aClientThatLeavesWhileItsLimitsAreAskedHoldsNothing() throws Exception {
    limit(1, 0, 0, 0);
    HeldLimitStore store = new HeldLimitStore();
    gateway.countIn(store);
    HeldLimitStore.Held asked;
    try (Socket _ = client()) {
      asked = store.next();
    }
    await()
        .untilAsserted(
            () -> assertThat(gateway.recent().slowest(Duration.ofMinutes(1), 10)).hasSize(1));

    store.reserve(asked.ask(), asked.answer());
    store.admit();

    await().untilAsserted(() -> assertThat(store.settled()).containsExactly(0L));
    assertThat(agent.unread()).isZero();
  }

  @Test
  void theTokensOfAClientThatLeavesInMidStreamAreSettledAsFarAsTheyWent() throws Exception {
    limit(0, 1_000, 0, 0);
    HeldLimitStore store = new HeldLimitStore();
    gateway.countIn(store);
    try (Socket leaving = client()) {
      Ask ask = store.admit();
      assertThat(ask.tokens()).isEqualTo(61);
      Call call = agent.next();
      call.start();
      for (int i = 0; i < 3; i++) {
        call.event(TEXT);
      }
      readUntil(leaving, "Hello", 3);
    }

    await().untilAsserted(() -> assertThat(store.settled()).containsExactly(3L));
  }

  /// A restart opens the day's budget from the ledger: what it does not have is handed out again.
  @Test
  void theLedgerHasWhatTheLimitsWereChargedHoweverARequestEnds() throws Exception {
    limit(0, 0, 0, 1_000);
    HeldLimitStore store = new HeldLimitStore();
    gateway.countIn(store);

    CompletableFuture<HttpResponse<String>> whole = gateway.ask(body(false, ""));
    store.admit();
    agent.next().whole("{}", 5, 3);
    whole.get(5, SECONDS);
    charged(store, new UsageRow.Tokens(5, 0, 3, false));

    CompletableFuture<HttpResponse<String>> failed = gateway.ask(body(false, ""));
    store.admit();
    agent.next().json(500, "{}");
    failed.get(5, SECONDS);
    charged(store, new UsageRow.Tokens(0, 0, 0, false));

    try (Socket _ = client()) {
      store.admit();
      agent.next();
    }
    charged(store, new UsageRow.Tokens(1, 0, 0, true));

    try (Socket leaving = client()) {
      store.admit();
      Call call = agent.next();
      call.start();
      call.event(TEXT);
      call.event(TEXT);
      readUntil(leaving, "Hello", 2);
    }
    charged(store, new UsageRow.Tokens(1, 0, 1, true));

    gateway.route();
    try (Socket _ = client()) {
      store.admit();
      await().until(() -> gateway.demand().waiting() == 1);
    }
    charged(store, new UsageRow.Tokens(0, 0, 0, false));
  }

  @Test
  void aCountOfTokensCostsNoneWhenItsClientLeavesEither() throws Exception {
    limit(0, 0, 0, 1_000);
    HeldLimitStore store = new HeldLimitStore();
    gateway.countIn(store);

    try (Socket _ = client("/v1/messages/count_tokens", body(false, ""))) {
      store.admit();
      agent.next();
    }

    charged(store, new UsageRow.Tokens(0, 0, 0, true));
  }

  /// The request that has just ended is in the ledger with these tokens, and was charged them.
  private void charged(HeldLimitStore store, UsageRow.Tokens tokens) {
    requests++;
    await()
        .untilAsserted(() -> {
          assertThat(gateway.usage()).hasSize(requests);
          assertThat(store.settled()).hasSize(requests);
        });
    assertThat(gateway.usage().getLast().tokens()).isEqualTo(tokens);
    assertThat(store.settled().getLast()).isEqualTo(tokens.prompt() + tokens.completion());
  }

  @Test
  void theLengthOfAnswersIsLearnedForRequestsThatDoNotBoundIt() throws Exception {
    limit(0, 1_000_000, 0, 0);
    HeldLimitStore store = new HeldLimitStore();
    gateway.countIn(store);
    for (int i = 0; i < 20; i++) {
      CompletableFuture<HttpResponse<String>> answer = gateway.ask(body(false, ""));
      assertThat(store.admit().tokens()).as("all that the context holds").isEqualTo(64);
      agent.next().whole("{}", 5, 3);
      answer.get(5, SECONDS);
    }
    await().untilAsserted(() -> assertThat(store.settled()).hasSize(20));

    CompletableFuture<HttpResponse<String>> answer = gateway.ask(body(false, ""));
    assertThat(store.admit().tokens()).isEqualTo(4);
    agent.next().whole("{}", 5, 3);
    answer.get(5, SECONDS);
    await().untilAsserted(() -> assertThat(store.settled()).hasSize(21).containsOnly(8L));
  }

  @Test
  void aHigherPriorityIsServedFirst() throws Exception {
    agent.ready(1);
    CompletableFuture<HttpResponse<String>> running = gateway.ask(body(false, ""));
    Call first = agent.next();
    CompletableFuture<HttpResponse<String>> low = gateway.ask(body(false, "\"user\": \"low\","));
    await().untilAsserted(() -> assertThat(gateway.demand().waiting()).isEqualTo(1));
    gateway.callsAs(
        new Caller(new Tenant("urgent", Limits.NONE, 5, Set.of(), true, Optional.empty()), "key"));
    CompletableFuture<HttpResponse<String>> high = gateway.ask(body(false, "\"user\": \"high\","));
    await().untilAsserted(() -> assertThat(gateway.demand().waiting()).isEqualTo(2));

    first.whole("{}", 1, 1);
    Call second = agent.next();
    assertThat(second.body()).contains("high");
    second.whole("{}", 1, 1);
    agent.next().whole("{}", 1, 1);

    CompletableFuture.allOf(running, low, high).get(5, SECONDS);
  }

  private void countFrom(OpeningBalance opening) {
    gateway.countIn(new LocalLimitStore(InstantSource.fixed(NOON), WindowShape.MINUTE, opening));
  }

  private void answered() throws Exception {
    CompletableFuture<HttpResponse<String>> answer = gateway.ask(body(false, ""));
    agent.next().whole("{}", 1, 1);
    assertThat(answer.get(5, SECONDS).statusCode()).isEqualTo(200);
  }

  /// Zero is no limit.
  private void limit(long requests, long tokens, int concurrency, long day) {
    Limits limits =
        new Limits(
            requests > 0 ? OptionalLong.of(requests) : OptionalLong.empty(),
            tokens > 0 ? OptionalLong.of(tokens) : OptionalLong.empty(),
            concurrency > 0 ? OptionalInt.of(concurrency) : OptionalInt.empty(),
            day > 0 ? OptionalLong.of(day) : OptionalLong.empty());
    gateway.callsAs(
        new Caller(new Tenant("team", limits, 0, Set.of(), true, Optional.empty()), "key"));
  }

  private static List<String> one(String value) {
    return List.of(value);
  }

  private static void stream(Call call) {
    call.start();
    for (String event : List.of(TEXT, LAST, USAGE, "[DONE]")) {
      call.event(event);
    }
    call.finish();
  }

  /// A client that asks for a stream and is closed by the test.
  private Socket client() throws IOException {
    return client("/v1/chat/completions", body(true, "\"max_tokens\": 60,"));
  }

  private Socket client(String path, String json) throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
            .formatted(path, body.length);
    client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    client.getOutputStream().write(body);
    client.getOutputStream().flush();
    return client;
  }

  private static void readUntil(Socket client, String text, int times) throws IOException {
    StringBuilder heard = new StringBuilder();
    byte[] buffer = new byte[1_024];
    while (heard.toString().split(text, -1).length <= times) {
      int read = client.getInputStream().read(buffer);
      if (read < 0) {
        throw new IOException("the stream ended: " + heard);
      }
      heard.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
    }
  }
}
