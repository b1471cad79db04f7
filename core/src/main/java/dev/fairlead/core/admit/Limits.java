package dev.fairlead.core.admit;

import java.util.OptionalInt;
import java.util.OptionalLong;

/// What a tenant may use at most; an absent one does not limit.
///
/// @param requestsPerMinute over any 60 s
/// @param tokensPerMinute prompt and completion together, over any 60 s
/// @param concurrency requests at the same time, waiting ones included
/// @param tokensPerDay prompt and completion together, a day of UTC
public record Limits(
    OptionalLong requestsPerMinute,
    OptionalLong tokensPerMinute,
    OptionalInt concurrency,
    OptionalLong tokensPerDay) {
  public static final Limits NONE =
      new Limits(
          OptionalLong.empty(), OptionalLong.empty(), OptionalInt.empty(), OptionalLong.empty());

  public Limits {
    positive("requestsPerMinute", requestsPerMinute);
    positive("tokensPerMinute", tokensPerMinute);
    positive("tokensPerDay", tokensPerDay);
    if (concurrency.isPresent() && concurrency.getAsInt() <= 0) {
      throw new IllegalArgumentException("concurrency is not positive: " + concurrency);
    }
  }

  /// The part of them that one of several gateways enforces alone: an equal one, but at least 1, so
  /// that no gateway refuses everything.
  public Limits share(int gateways) {
    return new Limits(
        part(requestsPerMinute, gateways),
        part(tokensPerMinute, gateways),
        concurrency.isPresent()
            ? OptionalInt.of(Math.max(1, concurrency.getAsInt() / gateways))
            : concurrency,
        part(tokensPerDay, gateways));
  }

  private static OptionalLong part(OptionalLong limit, int gateways) {
    return limit.isPresent() ? OptionalLong.of(Math.max(1, limit.getAsLong() / gateways)) : limit;
  }

  /// Whether there is anything to count for.
  public boolean any() {
    return requestsPerMinute.isPresent()
        || tokensPerMinute.isPresent()
        || concurrency.isPresent()
        || tokensPerDay.isPresent();
  }

  private static void positive(String name, OptionalLong limit) {
    if (limit.isPresent() && limit.getAsLong() <= 0) {
      throw new IllegalArgumentException(name + " is not positive: " + limit);
    }
  }
}
