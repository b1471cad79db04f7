package dev.fairlead.app.usage;

import dev.fairlead.app.config.Ledger;
import dev.fairlead.core.usage.UsageLedger;
import dev.fairlead.ledger.Database;
import dev.fairlead.ledger.JdbcUsageLedger;
import dev.fairlead.ledger.LedgerException;
import dev.fairlead.ledger.LedgerOptions;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Opens the usage ledger that the configuration asks for.
public final class Ledgers {
  /// The variable that holds the password of PostgreSQL where no file does.
  private static final String PASSWORD = "FAIRLEAD_LEDGER_PASSWORD";

  private Ledgers() {}

  /// What a ledger is opened with.
  ///
  /// @param folder where the file lies that is used without a URL; Fairleads of one folder share it
  public record Surroundings(
      Path folder,
      Map<String, String> environment,
      PrometheusRegistry metrics,
      InstantSource clock,
      RandomGenerator random) {}

  /// Opens the ledger as it is configured.
  ///
  /// @throws LedgerException when it cannot work so
  public static UsageLedger open(Ledger configured, Surroundings surroundings) {
    Database database =
        configured
            .url()
            .map(url -> Database.of(url, password(configured, surroundings.environment())))
            .orElseGet(() -> Database.file(surroundings.folder().resolve("usage.db")));
    UsageLedger ledger =
        JdbcUsageLedger.open(
            database,
            LedgerOptions.DEFAULT.retention(Optional.of(configured.retention())),
            surroundings.clock(),
            surroundings.random());
    tell(ledger, surroundings.metrics());
    return ledger;
  }

  private static Optional<String> password(Ledger configured, Map<String, String> environment) {
    return configured
        .passwordFile()
        .map(Ledgers::read)
        .or(() -> Optional.ofNullable(environment.get(PASSWORD)));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).replaceFirst("\\R$", "");
    } catch (IOException e) {
      throw new LedgerException(
          "the password of the ledger cannot be read from %s: %s"
              .formatted(file, e.getClass().getSimpleName()),
          e);
    }
  }

  private static void tell(UsageLedger ledger, PrometheusRegistry metrics) {
    CounterWithCallback.builder()
        .name("fairlead_usage_rows_total")
        .help("Rows of the usage ledger; result is written or lost")
        .labelNames("result")
        .callback(callback -> {
          UsageLedger.State state = ledger.state();
          callback.call((double) state.written(), "written");
          callback.call((double) state.lost(), "lost");
        })
        .register(metrics);
    GaugeWithCallback.builder()
        .name("fairlead_usage_rows_waiting")
        .help("Rows that wait to be written into the usage ledger")
        .callback(callback -> callback.call((double) ledger.state().waiting()))
        .register(metrics);
  }
}
