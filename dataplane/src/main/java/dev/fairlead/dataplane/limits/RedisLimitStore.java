package dev.fairlead.dataplane.limits;

import dev.fairlead.core.admit.Account.Booking;
import dev.fairlead.core.admit.Ask;
import dev.fairlead.core.admit.LimitStore;
import dev.fairlead.core.admit.OpeningBalance;
import dev.fairlead.core.admit.Verdict;
import dev.fairlead.dataplane.limits.TenantUse.Ended;
import dev.fairlead.dataplane.net.EventLoops;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts in a Redis that several gateways share, by one script for each request, on Redis' clock.
/// Safe for every thread; answers come on an event loop.
///
/// 1. A request is decided by Redis ({@link Script#RESERVE}). What it holds has a lease there,
///    which the gateway renews while it lives, so that the places of one that crashed become free.
/// 2. With each {@link RedisBeat} a gateway learns how many there are, and the accounts that have
///    changed.
/// 3. At the first failure or time-out the session is given up, and the gateway goes on alone: each
///    tenant's limits are divided by the gateways that were last seen, and so is what was used
///    ({@link TenantUse#decideAlone}). No request waits longer than the time-out, and none fails.
/// 4. When Redis is back it is told what was let through meanwhile ({@link Script#RESTORE}) and,
///    where it has lost its memory, what it had told before. Then step 1 again.
public final class RedisLimitStore implements LimitStore {
  private static final Logger log = LoggerFactory.getLogger(RedisLimitStore.class);
  private static final int START_SECONDS = 5;

  private final RedisLink link;
  private final RedisAccounts accounts;
  private final RedisShared shared;
  private final RedisBeat beat;
  private final String gateway;
  private final AtomicLong ids = new AtomicLong();

  /// What the store works with.
  ///
  /// @param opening what tenants used today as far as this gateway knows; where Redis knows of
  ///   more, that counts
  public record Wiring(
      EventLoops loops,
      InstantSource clock,
      RandomGenerator random,
      PrometheusRegistry metrics,
      OpeningBalance opening) {}

  private RedisLimitStore(RedisLimitOptions options, Wiring wiring) {
    gateway = "%016x".formatted(wiring.random().nextLong());
    link = new RedisLink(options, wiring.loops());
    accounts = new RedisAccounts(options);
    shared = new RedisShared(options, accounts, wiring.clock(), wiring.opening());
    beat =
        new RedisBeat(
            options,
            new RedisBeat.Parts(
                shared, accounts, link, wiring.loops().next(), wiring.clock(), gateway));
    degradedGauge(wiring.metrics(), () -> shared.session().isEmpty());
  }

  /// Registers the metric that says whether this gateway is alone.
  public static void degradedGauge(PrometheusRegistry registry, BooleanSupplier alone) {
    GaugeWithCallback.builder()
        .name("fairlead_limits_degraded")
        .help("1 while Redis is lost and each gateway enforces its share of the limits")
        .callback(callback -> callback.call(alone.getAsBoolean() ? 1 : 0))
        .register(registry);
  }

  /// Connects; waits some seconds at most. A Redis that is away does not keep a gateway from its
  /// start: it begins alone.
  ///
  /// @throws UnfitRedisException when the Redis must not be used
  public static RedisLimitStore connect(RedisLimitOptions options, Wiring wiring) {
    RedisLimitStore store = new RedisLimitStore(options, wiring);
    try {
      store.beat.start().get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnfitRedisException unfit) {
        store.close();
        throw unfit;
      }
      store.startsAlone(String.valueOf(e.getCause()));
    } catch (TimeoutException e) {
      store.startsAlone("no answer in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      store.startsAlone("interrupted");
    }
    return store;
  }

  private void startsAlone(String why) {
    log.warn(
        "limits degraded why=\"{}\" redis={} gateways={}: each lets through its share until Redis"
            + " is there",
        why,
        link.address(),
        shared.gateways());
  }

  @Override
  public void reserve(Ask ask, Consumer<Verdict> answer) {
    TenantUse use = shared.use(ask.tenant());
    String id = gateway + ":" + ids.incrementAndGet();
    Optional<RedisSession> session = shared.session().filter(use::attachedTo);
    if (session.isEmpty()) {
      answer.accept(use.decideAlone(ask, id, shared.gateways()));
      return;
    }
    RedisSession asked = session.orElseThrow();
    accounts
        .reserve(asked, ask, id)
        .whenComplete((reply, failure) ->
            answer.accept(
                failure == null
                    ? accounts.verdict(
                        ask, reply, (at, tokens) -> use.booked(id, new Booking(at, tokens)))
                    : unanswered(asked, use, ask, id, failure)));
  }

  /// Redis may have let the request pass and may not: what it holds there is given back when it can
  /// be asked again, and the request is decided here, under another id.
  private Verdict unanswered(
      RedisSession asked, TenantUse use, Ask ask, String id, Throwable failure) {
    shared.lost(asked, failure.toString());
    shared.unsure(new Ended(ask.tenant(), id, new Booking(shared.now(), ask.tokens()), 0));
    return use.decideAlone(ask, gateway + ":" + ids.incrementAndGet(), shared.gateways());
  }

  /// How often this gateway has heard of the others.
  int beats() {
    return beat.answered();
  }

  @Override
  public void close() {
    beat.close();
    Optional<RedisSession> last = shared.end();
    CompletableFuture<?> left =
        last.map(session -> accounts.leave(session, gateway).toCompletableFuture())
            .orElseGet(() -> CompletableFuture.completedFuture(0L));
    left.completeOnTimeout(null, 1, TimeUnit.SECONDS).exceptionally(_ -> null).join();
    link.close();
  }
}
