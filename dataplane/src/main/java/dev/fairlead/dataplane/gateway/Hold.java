package dev.fairlead.dataplane.gateway;

import dev.fairlead.dataplane.net.ServerExchange;
import dev.fairlead.dataplane.net.Sse;
import dev.fairlead.dataplane.net.TimerWheel;
import dev.fairlead.dataplane.net.TimerWheel.Timer;
import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// The time in which a request waits for a replica: a stream hears comments about why and how long,
/// and an end is set to the wait. Confined to the event loop of the request's client.
final class Hold {
  /// The request that waits.
  interface Owner {
    /// One line about what it waits for.
    String waitingFor();

    /// The wait has lasted as long as it may.
    void waitedTooLong();
  }

  private final Owner owner;
  private final ServerExchange exchange;
  private final GatewayOptions options;
  private final InstantSource clock;
  private final String requestId;
  private @Nullable Timer comment;
  private @Nullable Timer limit;
  private @Nullable Duration left;
  private Instant since = Instant.EPOCH;

  Hold(Owner owner, ServerExchange exchange, InferenceParts parts, String requestId) {
    this.owner = owner;
    this.exchange = exchange;
    this.options = parts.options();
    this.clock = parts.clock();
    this.requestId = requestId;
  }

  /// Begins to wait; `speaking` is false for a client that can hear nothing before the status line.
  void begin(boolean speaking, Duration longest) {
    if (limit == null) {
      // A request that comes back has waited before: all its waits together count.
      Duration rest = left == null ? longest : left;
      left = rest;
      since = clock.instant();
      limit = schedule(owner::waitedTooLong, rest);
    }
    if (speaking && comment == null) {
      comment =
          schedule(
              this::speak, exchange.started() ? options.commentEvery() : options.firstComment());
    }
  }

  /// A replica has the request. A stream that has heard comments goes on hearing them while its
  /// prompt is read; another one may still get a status of the engine's.
  void granted() {
    if (exchange.started()) {
      liftLimit();
    } else {
      end();
    }
  }

  /// The wait is over, for now or for good.
  void end() {
    liftLimit();
    if (comment != null) {
      comment.cancel();
      comment = null;
    }
  }

  private void liftLimit() {
    if (limit != null) {
      if (left != null) {
        Duration rest = left.minus(Duration.between(since, clock.instant()));
        left = rest.isNegative() ? Duration.ZERO : rest;
      }
      limit.cancel();
      limit = null;
    }
  }

  private void speak() {
    if (exchange.finished()) {
      return;
    }
    if (!exchange.started()) {
      exchange.start(200, Sse.headers().set(Answers.REQUEST_ID, requestId));
    }
    exchange.write(Sse.comment(ByteBufAllocator.DEFAULT, owner.waitingFor()));
    comment = schedule(this::speak, options.commentEvery());
  }

  private Timer schedule(Runnable action, Duration after) {
    return TimerWheel.of(exchange.loop()).schedule(action, after);
  }
}
