package dev.fairlead.dataplane.limits;

import dev.fairlead.core.admit.OpeningBalance;
import dev.fairlead.core.admit.Tally;
import dev.fairlead.dataplane.limits.TenantUse.Debt;
import dev.fairlead.dataplane.limits.TenantUse.Ended;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The state of a {@link RedisLimitStore} that its questions and its beats share: the session, if
/// there is one, and what is known of tenants. Safe for every thread.
final class RedisShared implements TenantUse.Owner {
  private static final Logger log = LoggerFactory.getLogger(RedisLimitStore.class);

  /// Settlements whose fate is not known; when there are more, the oldest are left to their leases.
  private static final int MAX_UNSURE = 10_000;

  private final RedisLimitOptions options;
  private final RedisAccounts accounts;
  private final InstantSource clock;
  private final OpeningBalance opening;
  private final Map<String, TenantUse> uses = new ConcurrentHashMap<>();
  private final LinkedBlockingDeque<Ended> unsure = new LinkedBlockingDeque<>(MAX_UNSURE);
  private final AtomicReference<@Nullable RedisSession> session = new AtomicReference<>();
  private final GatewayCount gateways;
  private volatile Duration ahead = Duration.ZERO;

  RedisShared(
      RedisLimitOptions options,
      RedisAccounts accounts,
      InstantSource clock,
      OpeningBalance opening) {
    this.options = options;
    this.accounts = accounts;
    this.clock = clock;
    this.opening = opening;
    this.gateways = new GatewayCount(options.gatewaysAtStart());
    opening.tokens().keySet().forEach(this::use);
  }

  /// Redis' time, as far as it is known.
  @Override
  public Instant now() {
    return clock.instant().plus(ahead);
  }

  int gateways() {
    return gateways.most();
  }

  Optional<RedisSession> session() {
    return Optional.ofNullable(session.get());
  }

  TenantUse use(String tenant) {
    return uses.computeIfAbsent(
        tenant,
        name -> {
          Tally told = new Tally(options.shape());
          opening.addTo(told, name);
          return new TenantUse(name, options.shape(), this, told, session.get());
        });
  }

  Iterable<TenantUse> uses() {
    return uses.values();
  }

  /// Redis can be asked from now on. Every tenant's debt goes there before its next question.
  ///
  /// @param memoryLost whether it does not know any more what it told
  void begin(RedisSession fresh, boolean memoryLost) {
    session.set(fresh);
    fresh.onClosed(() -> lost(fresh, "the connection is closed"));
    if (!fresh.open()) {
      lost(fresh, "the connection is closed");
      return;
    }
    attachAll(fresh, memoryLost);
    List<Ended> again = new ArrayList<>();
    unsure.drainTo(again);
    again.forEach(ended -> settle(fresh, ended));
  }

  /// Attaches tenants that came while the session began, too.
  void attachAll(RedisSession now, boolean memoryLost) {
    for (TenantUse use : uses.values()) {
      if (!use.attachedTo(now)) {
        use.attach(now, debt -> tell(now, use, debt, memoryLost));
      }
    }
  }

  private void tell(RedisSession now, TenantUse use, Debt debt, boolean memoryLost) {
    if (!debt.owed().isEmpty() || (memoryLost && !debt.told().isEmpty())) {
      accounts
          .restore(now, use.tenant(), debt, memoryLost)
          .whenComplete((_, failure) -> {
            if (failure != null) {
              use.owe(debt.owed());
              lost(now, failure.toString());
            }
          });
    }
    lease(now, use.tenant(), debt.running());
  }

  /// Keeps the places of requests that run for one more lease.
  void lease(RedisSession now, String tenant, List<String> running) {
    if (!running.isEmpty()) {
      accounts
          .lease(now, tenant, running, now().plus(options.lease()))
          .whenComplete((_, failure) -> {
            if (failure != null) {
              lost(now, failure.toString());
            }
          });
    }
  }

  @Override
  public void settle(RedisSession now, Ended ended) {
    accounts
        .settle(now, ended)
        .whenComplete((_, failure) -> {
          if (failure != null) {
            unsure(ended);
            lost(now, failure.toString());
          }
        });
  }

  /// Redis may or may not have heard of it: it is told again, and does it once.
  void unsure(Ended ended) {
    while (!unsure.offerLast(ended)) {
      unsure.pollFirst();
    }
  }

  void heard(RedisAccounts.Beat beat, Instant sent) {
    Duration half = Duration.between(sent, clock.instant()).dividedBy(2);
    ahead = Duration.between(sent.plus(half), beat.now());
    gateways.see(beat.gateways());
    beat.accounts().forEach((tenant, tally) -> use(tenant).told(tally));
  }

  /// The session has failed: from now on this gateway is alone.
  void lost(RedisSession failed, String why) {
    if (session.compareAndSet(failed, null)) {
      int sharing = gateways();
      log.warn(
          "limits degraded why=\"{}\" gateways={}: each lets through 1/{} of what was left until"
              + " Redis is back",
          why,
          sharing,
          sharing);
      failed.close();
    }
  }

  /// Ends without a word; returns the session that there was.
  Optional<RedisSession> end() {
    return Optional.ofNullable(session.getAndSet(null));
  }
}
