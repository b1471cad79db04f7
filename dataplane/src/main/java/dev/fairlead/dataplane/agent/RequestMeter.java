package dev.fairlead.dataplane.agent;

import dev.fairlead.dataplane.openai.Usage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Takes the times of one request, from its arrival on. A clock that was set back in between gives
/// zeroes. Confined to the agent's loop.
final class RequestMeter {
  private final AgentMetrics metrics;
  private final InstantSource clock;
  private final Instant arrival;
  private Instant lastToken = Instant.MIN;
  private long tokens;
  private boolean started;

  RequestMeter(AgentMetrics metrics, InstantSource clock) {
    this.metrics = metrics;
    this.clock = clock;
    this.arrival = clock.instant();
  }

  /// It goes to the engine.
  void started() {
    started = true;
    metrics.queued(since(arrival));
  }

  /// So many more tokens have come.
  void generated(long more) {
    if (more <= 0) {
      return;
    }
    Instant now = clock.instant();
    if (tokens == 0) {
      metrics.firstToken(since(arrival));
      if (more > 1) {
        metrics.tokens(more - 1, Duration.ZERO);
      }
    } else {
      metrics.tokens(more, since(lastToken));
    }
    lastToken = now;
    tokens += more;
  }

  /// It was answered in full.
  void finished(Optional<Usage> usage, String finishReason) {
    metrics.succeeded(finishReason, since(arrival));
    usage.ifPresentOrElse(metrics::usage, this::brokenOff);
  }

  /// It ended otherwise, or nobody told what it took.
  void brokenOff() {
    if (started) {
      metrics.generatedWithoutUsage(tokens);
    }
  }

  private Duration since(Instant start) {
    Duration time = Duration.between(start, clock.instant());
    return time.isNegative() ? Duration.ZERO : time;
  }
}
