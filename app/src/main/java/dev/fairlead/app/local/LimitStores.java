package dev.fairlead.app.local;

import dev.fairlead.app.config.SharedLimits;
import dev.fairlead.core.admit.LimitStore;
import dev.fairlead.core.admit.OpeningBalance;
import dev.fairlead.core.admit.WindowShape;
import dev.fairlead.core.usage.UsageLedger;
import dev.fairlead.dataplane.limits.LocalLimitStore;
import dev.fairlead.dataplane.limits.RedisLimitOptions;
import dev.fairlead.dataplane.limits.RedisLimitStore;
import dev.fairlead.dataplane.net.EventLoops;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens the store that counts what tenants use, as it is configured, with what the ledger knows of
/// this day.
final class LimitStores {
  private static final Logger log = LoggerFactory.getLogger(LimitStores.class);

  /// The variable that holds the password of Redis where no file does.
  private static final String PASSWORD = "FAIRLEAD_REDIS_PASSWORD";

  private LimitStores() {}

  /// What a store is opened with.
  record Surroundings(
      EventLoops loops,
      PrometheusRegistry metrics,
      InstantSource clock,
      RandomGenerator random,
      Map<String, String> environment) {}

  /// @throws dev.fairlead.dataplane.limits.UnfitRedisException when the Redis must not be used
  static LimitStore open(SharedLimits configured, UsageLedger ledger, Surroundings surroundings) {
    OpeningBalance opening = opening(ledger, surroundings.clock());
    if (configured.redis().isEmpty()) {
      return new LocalLimitStore(surroundings.clock(), WindowShape.MINUTE, opening);
    }
    RedisLimitOptions options =
        RedisLimitOptions.defaults(configured.redis().orElseThrow().toString())
            .withPassword(
                configured
                    .passwordFile()
                    .map(LimitStores::read)
                    .or(() -> Optional.ofNullable(surroundings.environment().get(PASSWORD))))
            .within(configured.timeout())
            .among(configured.gateways());
    return RedisLimitStore.connect(
        options,
        new RedisLimitStore.Wiring(
            surroundings.loops(),
            surroundings.clock(),
            surroundings.random(),
            surroundings.metrics(),
            opening));
  }

  private static OpeningBalance opening(UsageLedger ledger, InstantSource clock) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    try {
      return new OpeningBalance(
          today, ledger.tokensSince(today.atStartOfDay(ZoneOffset.UTC).toInstant()));
    } catch (UsageLedger.UnavailableException e) {
      log.warn("limits begin with an unspent day why=\"{}\"", e.getMessage());
      return OpeningBalance.NONE;
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).replaceFirst("\\R$", "");
    } catch (IOException e) {
      throw new UncheckedIOException("limits.passwordFile cannot be read", e);
    }
  }
}
