package dev.fairlead.dataplane.limits;

import static java.util.Objects.requireNonNull;

import dev.fairlead.core.admit.WindowShape;
import java.time.Duration;
import java.util.Optional;

/// How gateways share limits through a Redis (or Valkey), alone or behind a Sentinel; a Redis
/// Cluster is not meant.
///
/// @param uri such as `redis://host:6379/0`, `rediss://…` for TLS or
///   `redis-sentinel://host:26379#name`
/// @param password for a URI that has none
/// @param prefix of every key, for installations that share a Redis
/// @param timeout of one question; after that the gateway goes on alone
/// @param beat so often a gateway says that it lives, learns what the others used, and tries to
///   come back to a Redis that was lost
/// @param lease a place of a gateway that crashed is free after so long
/// @param gatewaysAtStart for how many gateways limits are divided while Redis was never reached
public record RedisLimitOptions(
    String uri,
    Optional<String> password,
    String prefix,
    WindowShape shape,
    Duration timeout,
    Duration beat,
    Duration lease,
    int gatewaysAtStart) {
  public RedisLimitOptions {
    requireNonNull(uri, "uri is null");
    requireNonNull(password, "password is null");
    requireNonNull(prefix, "prefix is null");
    requireNonNull(shape, "shape is null");
    positive(timeout, "timeout");
    positive(beat, "beat");
    if (lease.compareTo(beat.multipliedBy(3)) < 0) {
      throw new IllegalArgumentException("lease is shorter than 3 beats: " + lease);
    }
    if (gatewaysAtStart <= 0) {
      throw new IllegalArgumentException("gatewaysAtStart is not positive: " + gatewaysAtStart);
    }
  }

  public static RedisLimitOptions defaults(String uri) {
    return new RedisLimitOptions(
        uri,
        Optional.empty(),
        "fairlead:limits:",
        WindowShape.MINUTE,
        Duration.ofMillis(100),
        Duration.ofSeconds(1),
        Duration.ofSeconds(30),
        1);
  }

  /// The same with another password.
  public RedisLimitOptions withPassword(Optional<String> other) {
    return new RedisLimitOptions(uri, other, prefix, shape, timeout, beat, lease, gatewaysAtStart);
  }

  /// The same with another time-out.
  public RedisLimitOptions within(Duration other) {
    return new RedisLimitOptions(uri, password, prefix, shape, other, beat, lease, gatewaysAtStart);
  }

  /// The same for another number of gateways.
  public RedisLimitOptions among(int gateways) {
    return new RedisLimitOptions(uri, password, prefix, shape, timeout, beat, lease, gateways);
  }

  private static void positive(Duration value, String name) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + " is not positive: " + value);
    }
  }
}
