package dev.fairlead.app.config;

import dev.fairlead.dataplane.limits.RedisLimitOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Where the use of tenants is counted.
///
/// @param redis empty where this process counts for itself
/// @param passwordFile holds the password of Redis
/// @param gateways for how many limits are divided that start while Redis is away
public record SharedLimits(
    Optional<URI> redis, Optional<Path> passwordFile, Duration timeout, int gateways) {
  private static final RedisLimitOptions DEFAULTS = RedisLimitOptions.defaults("redis://localhost");
  private static final int MOST_GATEWAYS = 1_000;

  private static final Option<URI> REDIS =
      Option.of(
              "redis",
              OptionTypes.url("redis", "rediss", "redis-sentinel"),
              "The Redis or Valkey in which several gateways count together, such as"
                  + " `rediss://limits.example:6379/0`; its `maxmemory-policy` must be"
                  + " `noeviction`. Without a password.")
          .otherwise("counted in this process");
  private static final Option<Path> PASSWORD =
      Option.of(
              "passwordFile",
              OptionTypes.file(),
              "The password of Redis; the file's last line break is not part of it.")
          .otherwise("`FAIRLEAD_REDIS_PASSWORD`, else none");
  private static final Option<Duration> TIMEOUT =
      Option.of(
              "timeout",
              OptionTypes.duration(Duration.ofMillis(10), Duration.ofSeconds(10)),
              "How long Redis may take for one question before this gateway goes on alone.")
          .byDefault(DEFAULTS.timeout());
  private static final Option<Integer> GATEWAYS =
      Option.of(
              "gateways",
              OptionTypes.whole(1, MOST_GATEWAYS),
              "How many gateways share the limits, for one that starts while Redis is away.")
          .byDefault(DEFAULTS.gatewaysAtStart());

  /// The section `limits`.
  public static final Section<SharedLimits> SECTION =
      Section.of(
          "limits",
          "Where it is counted what tenants use; the limits themselves are the tenants'.",
          List.of(REDIS, PASSWORD, TIMEOUT, GATEWAYS),
          values ->
              new SharedLimits(
                  values.find(REDIS),
                  values.find(PASSWORD),
                  values.get(TIMEOUT),
                  values.get(GATEWAYS)));
}
