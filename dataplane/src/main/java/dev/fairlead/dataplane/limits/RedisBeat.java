package dev.fairlead.dataplane.limits;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a gateway does at regular times for the limits that it shares: it says that it lives,
/// learns what others have used, renews the leases of its requests, and opens a new session when
/// there is none, after a pause that doubles with each failure. Confined to its event loop, but for
/// `start` and `close`.
final class RedisBeat {
  private static final Logger log = LoggerFactory.getLogger(RedisLimitStore.class);
  private static final int MAX_PAUSE = 16;

  private final RedisLimitOptions options;
  private final RedisShared shared;
  private final RedisAccounts accounts;
  private final RedisLink link;
  private final EventLoop loop;
  private final InstantSource clock;
  private final String gateway;
  private @Nullable Future<?> beats;
  private @Nullable RedisSession heard;
  private String runId = "";
  private long toldUntil;
  private int toRenewal;
  private int failures;
  private int pause;
  private boolean opening;
  private boolean closed;
  private boolean started;
  private boolean unfitTold;
  private final AtomicInteger answered = new AtomicInteger();

  /// What the beats work with.
  record Parts(
      RedisShared shared,
      RedisAccounts accounts,
      RedisLink link,
      EventLoop loop,
      InstantSource clock,
      String gateway) {}

  RedisBeat(RedisLimitOptions options, Parts parts) {
    this.options = options;
    this.shared = parts.shared();
    this.accounts = parts.accounts();
    this.link = parts.link();
    this.loop = parts.loop();
    this.clock = parts.clock();
    this.gateway = parts.gateway();
  }

  /// Opens the first session and begins to beat; the result fails when Redis is away or unfit, and
  /// the beats go on all the same.
  CompletableFuture<Void> start() {
    CompletableFuture<Void> first = new CompletableFuture<>();
    loop.execute(() -> {
      open(first);
      long nanos = options.beat().toNanos();
      beats = loop.scheduleAtFixedRate(this::tick, nanos, nanos, TimeUnit.NANOSECONDS);
    });
    return first;
  }

  /// How many beats Redis has answered. Any thread.
  int answered() {
    return answered.get();
  }

  /// Ends; a session that is being opened is closed again.
  void close() {
    if (loop.isShuttingDown()) {
      return;
    }
    loop.execute(() -> {
      closed = true;
      if (beats != null) {
        beats.cancel(false);
      }
    });
  }

  private void tick() {
    Optional<RedisSession> now = shared.session();
    if (now.isPresent()) {
      beat(now.orElseThrow(), new CompletableFuture<>());
    } else if (!opening && --pause < 0) {
      open(new CompletableFuture<>());
    }
  }

  private void open(CompletableFuture<Void> done) {
    opening = true;
    link.open()
        .whenComplete((fresh, failure) ->
            loop.execute(() -> {
              opening = false;
              if (failure != null) {
                failed(failure, done);
              } else if (closed) {
                fresh.close();
              } else {
                shared.begin(fresh, !fresh.runId().equals(runId));
                beat(fresh, done);
              }
            }));
  }

  private void beat(RedisSession now, CompletableFuture<Void> done) {
    shared.attachAll(now, false);
    renew(now);
    Instant sent = clock.instant();
    accounts
        .beat(now, gateway, toldUntil)
        .whenComplete((beat, failure) -> {
          if (failure == null) {
            // Here, in the order of the answers: what is booked after it is not in its accounts.
            shared.heard(beat, sent);
          }
          loop.execute(() -> {
            if (failure == null) {
              heard(now, beat.told());
              done.complete(null);
            } else {
              shared.lost(now, failure.toString());
              failed(failure, done);
            }
          });
        });
  }

  private void heard(RedisSession now, long told) {
    toldUntil = told;
    answered.incrementAndGet();
    failures = 0;
    started = true;
    if (!now.equals(heard)) {
      heard = now;
      // Not before: until then it is not sure that it knows again what it had forgotten.
      runId = now.runId();
      log.info("limits shared redis={} gateways={}", link.address(), shared.gateways());
    }
  }

  private void renew(RedisSession now) {
    if (--toRenewal < 0) {
      toRenewal = (int) (options.lease().toMillis() / options.beat().toMillis() / 3);
      for (TenantUse use : shared.uses()) {
        shared.lease(now, use.tenant(), use.running());
      }
    }
  }

  private void failed(Throwable failure, CompletableFuture<Void> done) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    pause = Math.min(MAX_PAUSE, 1 << Math.min(failures, 8)) - 1;
    failures++;
    if (cause instanceof UnfitRedisException && started && !unfitTold) {
      unfitTold = true;
      log.error("limits not shared redis={} why=\"{}\"", link.address(), cause.getMessage());
    }
    started = true;
    done.completeExceptionally(cause);
  }
}
