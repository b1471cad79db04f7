package dev.fairlead.lab.limits;

import static org.awaitility.Awaitility.await;

import dev.fairlead.core.admit.Limits;
import dev.fairlead.core.admit.Tenant;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Asks every gateway, for two tenants, more than their limits allow, whatever is answered.
///
/// 1. The gateways start, and know of each other.
/// 2. Requests come at a steady pace, each gateway as many.
/// 3. After a while Redis is killed, and stays away; the requests go on.
/// 4. Every answer is awaited.
public final class Flood {
  /// The tenant with a limit of requests.
  static final String REQUESTS = "many-requests";

  /// The tenant with a limit of tokens.
  static final String TOKENS = "many-tokens";

  /// A time is taken when a gateway's loop gets to it; so late it may be on a busy machine.
  static final Duration LATE = Duration.ofMillis(50);

  private final FloodPlan plan;
  private final Map<Integer, Integer> statuses = new ConcurrentHashMap<>();
  private final AtomicInteger unanswered = new AtomicInteger();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Flood(FloodPlan plan) {
    this.plan = plan;
  }

  /// Takes as long as the plan says, and some seconds.
  public static FloodFindings run(FloodPlan plan) throws Exception {
    Map<String, Tenant> tenants =
        Map.of(
            REQUESTS, tenant(REQUESTS, OptionalLong.of(plan.requests()), OptionalLong.empty()),
            TOKENS, tenant(TOKENS, OptionalLong.empty(), OptionalLong.of(plan.tokens())));
    try (SharedGateways gateways = new SharedGateways(plan, tenants)) {
      return new Flood(plan).over(gateways);
    }
  }

  private static Tenant tenant(String name, OptionalLong requests, OptionalLong tokens) {
    Limits limits = new Limits(requests, tokens, OptionalInt.empty(), OptionalLong.empty());
    return new Tenant(name, limits, 0, Set.of(), true, Optional.empty());
  }

  private FloodFindings over(SharedGateways gateways) throws Exception {
    await().atMost(Duration.ofSeconds(20)).until(gateways::ready);
    Instant killed;
    try (ScheduledExecutorService clock = Executors.newScheduledThreadPool(2)) {
      long nanos = TimeUnit.SECONDS.toNanos(1) / plan.eachPerSecond();
      for (int port : gateways.ports()) {
        for (String tenant : List.of(REQUESTS, TOKENS)) {
          var _ =
              clock.scheduleAtFixedRate(
                  () -> ask(port, tenant), nanos, nanos, TimeUnit.NANOSECONDS);
        }
      }
      after(clock, plan.killAfter());
      gateways.redis.kill();
      killed = InstantSource.system().instant();
      after(clock, plan.lasts().minus(plan.killAfter()));
      clock.shutdownNow();
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> unanswered.get() == 0 && gateways.inFlight.now() == 0);
    return new FloodFindings(
        plan, List.copyOf(gateways.passed), statuses, killed, gateways.inFlight.most());
  }

  private static void after(ScheduledExecutorService clock, Duration wait) throws Exception {
    clock.schedule(() -> {}, wait.toMillis(), TimeUnit.MILLISECONDS).get();
  }

  private void ask(int port, String tenant) {
    String body =
        """
        {"model": "chat", "max_tokens": 16, "messages": [{"role": "user", "content": "What is the time?"}]}
        """;
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
            .header("Authorization", tenant)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    unanswered.incrementAndGet();
    var _ =
        client
            .sendAsync(request, HttpResponse.BodyHandlers.discarding())
            .whenComplete((answer, failure) -> {
              statuses.merge(failure == null ? answer.statusCode() : 0, 1, Integer::sum);
              unanswered.decrementAndGet();
            });
  }
}
