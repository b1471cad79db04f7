package dev.fairlead.dataplane.gateway;

import static java.util.Objects.requireNonNull;

import dev.fairlead.dataplane.openai.ScanLimits;
import java.time.Duration;
import java.util.function.Supplier;

/// How a gateway behaves where the models do not say.
///
/// @param agentToken what it shows to agents, which accept nobody else
/// @param limits of a request's body, asked for with each request
/// @param firstComment after so long a held stream hears the first word
/// @param commentEvery and then one so often
/// @param streamHold how long a stream may be held before its first token
/// @param resilience what it does about replicas that fail
public record GatewayOptions(
    String agentToken,
    Supplier<ScanLimits> limits,
    Duration firstComment,
    Duration commentEvery,
    Duration streamHold,
    Resilience resilience) {
  public GatewayOptions {
    requireNonNull(agentToken, "agentToken is null");
    requireNonNull(limits, "limits is null");
    requireNonNull(firstComment, "firstComment is null");
    requireNonNull(commentEvery, "commentEvery is null");
    requireNonNull(streamHold, "streamHold is null");
    requireNonNull(resilience, "resilience is null");
  }

  /// A word within 1 s and then every 5 s at the latest, with a margin; 10 min to hold, which is
  /// the time-out of OpenAI's own clients.
  public static GatewayOptions defaults(String agentToken) {
    return new GatewayOptions(
        agentToken,
        () -> ScanLimits.DEFAULT,
        Duration.ofMillis(700),
        Duration.ofSeconds(4),
        Duration.ofMinutes(10),
        Resilience.defaults());
  }

  /// The same with another way with failures.
  public GatewayOptions withResilience(Resilience other) {
    return new GatewayOptions(agentToken, limits, firstComment, commentEvery, streamHold, other);
  }

  /// The same with other limits.
  public GatewayOptions withLimits(Supplier<ScanLimits> other) {
    return new GatewayOptions(
        agentToken, other, firstComment, commentEvery, streamHold, resilience);
  }
}
