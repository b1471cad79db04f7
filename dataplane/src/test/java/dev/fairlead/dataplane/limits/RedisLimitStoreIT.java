package dev.fairlead.dataplane.limits;

import static dev.fairlead.dataplane.limits.LimitStoreContract.admit;
import static dev.fairlead.dataplane.limits.LimitStoreContract.limits;
import static dev.fairlead.dataplane.limits.LimitStoreContract.refuse;
import static dev.fairlead.dataplane.limits.LimitStoreContract.verdict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.core.admit.Limit;
import dev.fairlead.core.admit.LimitStore;
import dev.fairlead.core.admit.Limits;
import dev.fairlead.core.admit.OpeningBalance;
import dev.fairlead.core.admit.Reservation;
import dev.fairlead.core.admit.Verdict;
import dev.fairlead.core.admit.WindowShape;
import dev.fairlead.dataplane.net.EventLoops;
import dev.fairlead.testkit.RedisServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The store in a real Redis, and what it does when that is lost.
final class RedisLimitStoreIT implements LimitStoreContract {
  private static final Duration SOON = Duration.ofSeconds(10);

  private static EventLoops loops;
  private static RedisServer redis;
  private static int prefixes;

  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<PrometheusRegistry> registries = new ArrayList<>();

  @BeforeAll
  static void startRedis() {
    loops = EventLoops.start(2, "limits-test");
    redis = RedisServer.start();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
    loops.close();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  @Override
  public LimitStore store(WindowShape shape, OpeningBalance opening) {
    return store(options(redis, shape), opening);
  }

  @Test
  void aRedisThatMayForgetIsRefusedWithWhatToDo() {
    RedisServer forgetful = RedisServer.start("--maxmemory-policy", "allkeys-lru");
    open.add(forgetful);

    assertThatThrownBy(() -> store(options(forgetful, LONG), OpeningBalance.NONE))
        .isInstanceOf(UnfitRedisException.class)
        .hasMessageContaining("allkeys-lru")
        .hasMessageContaining("CONFIG SET maxmemory-policy noeviction");
  }

  @Test
  void aRedisWithAPasswordIsAskedWithIt() {
    RedisServer locked = RedisServer.start("--requirepass", "open sesame");
    open.add(locked);

    LimitStore store =
        store(options(locked, LONG).withPassword(Optional.of("open sesame")), OpeningBalance.NONE);

    admit(store, limits(1, 0, 0, 0), 10);
    assertThat(degraded()).containsOnly(0.0);
  }

  @Test
  void gatewaysShareALimit() {
    RedisLimitOptions options = options(redis, LONG);
    LimitStore one = store(options, OpeningBalance.NONE);
    LimitStore two = store(options, OpeningBalance.NONE);
    Limits limits = limits(3, 0, 2, 0);
    Reservation first = admit(one, limits, 10).reservation();
    admit(two, limits, 10);
    assertThat(refuse(one, limits, 10).limit()).isEqualTo(Limit.CONCURRENCY);

    first.settle(10);

    await().atMost(SOON).until(() -> verdict(two, limits, 10) instanceof Verdict.Admitted);
    assertThat(refuse(one, limits, 10).limit()).isEqualTo(Limit.REQUESTS_PER_MINUTE);
  }

  @Test
  void thePlacesOfAGatewayThatCrashedBecomeFreeAndThoseOfOneThatLivesDoNot() throws Exception {
    RedisLimitOptions options = options(redis, LONG);
    EventLoops doomed = EventLoops.start(1, "doomed");
    LimitStore crashed = connect(options, OpeningBalance.NONE, doomed);
    open.add(crashed);
    LimitStore living = store(options, OpeningBalance.NONE);
    Limits limits = limits(0, 0, 2, 0);
    admit(crashed, limits, 1);
    Reservation kept = admit(living, limits, 1).reservation();
    assertThat(refuse(living, limits, 1).limit()).isEqualTo(Limit.CONCURRENCY);

    doomed.close();

    await().atMost(SOON).until(() -> verdict(living, limits, 1) instanceof Verdict.Admitted);
    assertThat(refuse(living, limits, 1).limit()).isEqualTo(Limit.CONCURRENCY);
    kept.settle(1);
    await().atMost(SOON).until(() -> verdict(living, limits, 1) instanceof Verdict.Admitted);
  }

  @Test
  void withoutRedisEachGatewayLetsThroughItsShareOfWhatWasLeft() {
    RedisServer mortal = RedisServer.start();
    open.add(mortal);
    List<LimitStore> gateways = gateways(options(mortal, LONG), 3);
    Limits limits = limits(90, 0, 0, 30_000);
    for (int i = 0; i < 30; i++) {
      admit(gateways.getFirst(), limits, 100).reservation().settle(100);
    }
    heardOf(gateways);

    mortal.kill();

    for (LimitStore gateway : gateways) {
      assertThat(admitted(gateway, limits, 100)).as("a third of 60").isEqualTo(20);
      assertThat(refuse(gateway, limits, 100).limit()).isEqualTo(Limit.REQUESTS_PER_MINUTE);
    }
    assertThat(degraded()).containsOnly(1.0);
  }

  @Test
  void aDayThatIsSharedIsSharedWithoutRedisToo() {
    RedisServer mortal = RedisServer.start();
    open.add(mortal);
    List<LimitStore> gateways = gateways(options(mortal, LONG), 2);
    Limits limits = limits(0, 0, 0, 1_000);
    admit(gateways.getFirst(), limits, 600).reservation().settle(600);
    heardOf(gateways);

    mortal.kill();

    for (LimitStore gateway : gateways) {
      assertThat(admitted(gateway, limits, 100)).isEqualTo(2);
      assertThat(refuse(gateway, limits, 100).limit().budget()).isTrue();
    }
  }

  @Test
  void aRedisThatComesBackEmptyIsToldWhatWasUsed() {
    RedisServer mortal = RedisServer.start();
    open.add(mortal);
    List<LimitStore> gateways = gateways(options(mortal, LONG), 2);
    Limits limits = limits(100, 0, 0, 10_000);
    Reservation running = admit(gateways.getFirst(), limits(0, 0, 1, 0), 10).reservation();
    for (int i = 0; i < 39; i++) {
      admit(gateways.getFirst(), limits, 100).reservation().settle(50);
    }
    heardOf(gateways);
    mortal.kill();
    for (LimitStore gateway : gateways) {
      for (int i = 0; i < 10; i++) {
        admit(gateway, limits, 100).reservation().settle(60);
      }
    }

    mortal.launch();
    await().atMost(SOON).untilAsserted(() -> assertThat(degraded()).containsOnly(0.0));
    heardOf(gateways);

    assertThat(refuse(gateways.get(1), limits(0, 0, 1, 0), 10).limit())
        .as("what runs still has its place")
        .isEqualTo(Limit.CONCURRENCY);
    assertThat(refuse(gateways.get(1), limits(0, 0, 0, 10_000), 10_000).left())
        .isEqualTo(10_000 - 10 - 39 * 50 - 20 * 60);
    running.settle(10);
    assertThat(admitted(gateways.get(1), limits, 10)).isEqualTo(40);
  }

  @Test
  void aRedisThatIsSlowIsPassedOverAndHeardAgain() {
    RedisServer slow = RedisServer.start();
    open.add(slow);
    LimitStore store = store(options(slow, LONG), OpeningBalance.NONE);
    Limits limits = limits(10, 0, 5, 0);
    Reservation before = admit(store, limits, 10).reservation();
    heardOf(List.of(store));

    slow.freeze();
    try {
      admit(store, limits, 10).reservation().settle(10);
      before.settle(10);
      assertThat(degraded()).containsOnly(1.0);
    } finally {
      slow.thaw();
    }
    await().atMost(SOON).untilAsserted(() -> assertThat(degraded()).containsOnly(0.0));

    assertThat(admitted(store, limits(10, 0, 0, 0), 10))
        .as("two were used, and the one that was not answered counts once more at most")
        .isBetween(7, 8);
    assertThat(admitted(store, limits(0, 0, 13, 0), 10)).isBetween(5, 6);
  }

  @Test
  void whoStartsWithoutRedisBeginsAloneAndJoins() {
    RedisServer late = RedisServer.start();
    open.add(late);
    late.kill();
    RedisLimitOptions options = options(late, LONG);

    LimitStore store = store(options, OpeningBalance.NONE);
    assertThat(degraded()).containsOnly(1.0);
    assertThat(admitted(store, limits(5, 0, 0, 0), 10)).isEqualTo(5);
    late.launch();
    await().atMost(SOON).untilAsserted(() -> assertThat(degraded()).containsOnly(0.0));

    assertThat(refuse(store(options, OpeningBalance.NONE), limits(5, 0, 0, 0), 10).limit())
        .isEqualTo(Limit.REQUESTS_PER_MINUTE);
  }

  @Test
  void whatRedisKeepsExpiresByItself() {
    LimitStore store = store(LONG, OpeningBalance.NONE);
    admit(store, limits(1, 0, 0, 0), 10);

    String prefix = "t" + prefixes + ":";
    for (String key : List.of("account:team", "running:team", "active", "gateways")) {
      assertThat(Long.parseLong(redis.ask("PTTL " + prefix + key).substring(1)))
          .as(key)
          .isPositive();
    }
  }

  /// Waits for a beat of each that began after now.
  private static void heardOf(List<LimitStore> gateways) {
    for (LimitStore gateway : gateways) {
      RedisLimitStore store = (RedisLimitStore) gateway;
      int before = store.beats();
      await().atMost(SOON).until(() -> store.beats() >= before + 2);
    }
  }

  private List<LimitStore> gateways(RedisLimitOptions options, int count) {
    List<LimitStore> gateways = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      gateways.add(store(options, OpeningBalance.NONE));
    }
    heardOf(gateways);
    return gateways;
  }

  private static int admitted(LimitStore store, Limits limits, long tokens) {
    int admitted = 0;
    while (admitted < 1_000 && verdict(store, limits, tokens) instanceof Verdict.Admitted) {
      admitted++;
    }
    return admitted;
  }

  private List<Double> degraded() {
    return registries.stream()
        .flatMap(registry -> registry.scrape().stream())
        .map(snapshot -> ((GaugeSnapshot) snapshot).getDataPoints().getFirst().getValue())
        .toList();
  }

  private LimitStore store(RedisLimitOptions options, OpeningBalance opening) {
    LimitStore store = connect(options, opening, loops);
    open.add(store);
    return store;
  }

  private LimitStore connect(RedisLimitOptions options, OpeningBalance opening, EventLoops on) {
    PrometheusRegistry registry = new PrometheusRegistry();
    registries.add(registry);
    return RedisLimitStore.connect(
        options,
        new RedisLimitStore.Wiring(
            on, InstantSource.system(), new Random(registries.size()), registry, opening));
  }

  private static RedisLimitOptions options(RedisServer server, WindowShape shape) {
    prefixes++;
    return new RedisLimitOptions(
        server.uri(),
        Optional.empty(),
        "t" + prefixes + ":",
        shape,
        Duration.ofMillis(500),
        Duration.ofMillis(50),
        Duration.ofMillis(600),
        1);
  }
}
