package dev.fairlead.lab.limits;

import dev.fairlead.core.admit.WindowShape;
import java.time.Duration;

/// A flood over gateways that share their limits.
///
/// @param gateways that share one Redis
/// @param shape of the window that "a minute" is
/// @param requests that a window allows the one tenant
/// @param tokens that a window allows the other
/// @param eachPerSecond requests a second of each tenant to each gateway
/// @param lasts from the first to the last request
/// @param killAfter then Redis is killed for good
/// @param beat of the gateways
public record FloodPlan(
    int gateways,
    WindowShape shape,
    long requests,
    long tokens,
    int eachPerSecond,
    Duration lasts,
    Duration killAfter,
    Duration beat) {

  /// Seconds for `make test`: a window of 2 s, and a Redis that dies in the middle of a burst.
  public static FloodPlan ofSeconds() {
    return new FloodPlan(
        3,
        new WindowShape(Duration.ofSeconds(2), 40),
        100,
        2_000,
        40,
        Duration.ofSeconds(8),
        Duration.ofMillis(2_500),
        Duration.ofMillis(100));
  }

  /// Three minutes, of which Redis lives the first half.
  public static FloodPlan ofMinutes() {
    return new FloodPlan(
        3,
        WindowShape.MINUTE,
        600,
        12_000,
        20,
        Duration.ofSeconds(180),
        Duration.ofSeconds(90),
        Duration.ofSeconds(1));
  }
}
