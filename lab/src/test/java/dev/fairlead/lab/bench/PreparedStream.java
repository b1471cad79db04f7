package dev.fairlead.lab.bench;

import dev.fairlead.dataplane.net.ServerExchange;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One stream of the upstream: as fast as its reader takes it, or one token a tick. Confined to the
/// exchange's loop.
final class PreparedStream {
  private final ServerExchange exchange;
  private final Ask ask;
  private final boolean usage;
  private int left;
  private @Nullable Future<?> ticks;

  PreparedStream(ServerExchange exchange, Ask ask, boolean usage) {
    this.exchange = exchange;
    this.ask = ask;
    this.usage = usage;
    this.left = ask.tokens();
  }

  void begin() {
    exchange.write(PreparedAnswers.role());
    if (ask.paceMillis() == 0) {
      exchange.onWritable(this::more);
      more();
    } else {
      exchange.onClientGone(this::stop);
      ticks =
          exchange
              .loop()
              .scheduleAtFixedRate(
                  this::tick, ask.paceMillis(), ask.paceMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void more() {
    while (left > 0 && exchange.writable() && !exchange.finished()) {
      token();
    }
    if (left == 0 && !exchange.finished()) {
      end();
    }
  }

  private void tick() {
    token();
    if (left == 0) {
      stop();
      end();
    }
  }

  private void token() {
    left--;
    exchange.write(PreparedAnswers.token());
  }

  private void end() {
    exchange.write(PreparedAnswers.finish());
    if (usage) {
      exchange.write(PreparedAnswers.usage());
    }
    exchange.write(PreparedAnswers.done());
    exchange.finish();
  }

  private void stop() {
    if (ticks != null) {
      ticks.cancel(false);
    }
  }
}
