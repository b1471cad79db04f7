package dev.fairlead.app.up;

import dev.fairlead.app.config.AccessLogging;
import dev.fairlead.app.config.Ledger;
import dev.fairlead.app.config.Listen;
import dev.fairlead.app.config.LiveConfiguration;
import dev.fairlead.app.config.Servers;
import dev.fairlead.app.config.Traces;
import dev.fairlead.app.control.ApiKey;
import dev.fairlead.app.control.ProductVersion;
import dev.fairlead.app.control.StateFolder;
import dev.fairlead.app.local.LocalFairlead;
import dev.fairlead.app.telemetry.Telemetry;
import dev.fairlead.app.tenant.KeyStore;
import dev.fairlead.app.usage.Ledgers;
import dev.fairlead.core.usage.UsageLedger;
import dev.fairlead.dataplane.limits.UnfitRedisException;
import dev.fairlead.dataplane.net.ListenException;
import dev.fairlead.dataplane.net.Tokens;
import dev.fairlead.dataplane.tls.ClientTls;
import dev.fairlead.dataplane.tls.TlsException;
import dev.fairlead.ledger.LedgerException;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;

/// Opens what a session is made of. Whatever cannot be opened ends the command: the {@link
/// StartException} says which part of the configuration or of the machine it was. Used by one
/// thread; what is opened is the caller's to close.
final class Openings {
  private final PrintStream out;
  private final SecureRandom random;
  private final InstantSource clock;

  Openings(PrintStream out, SecureRandom random, InstantSource clock) {
    this.out = out;
    this.random = random;
    this.clock = clock;
  }

  Telemetry telemetry(PrometheusRegistry metrics, LiveConfiguration configuration, Listen door) {
    try {
      return Telemetry.start(
          Telemetry.Settings.of(
              configuration.get(AccessLogging.SECTION), configuration.get(Traces.SECTION)),
          new Telemetry.Source(
              ProductVersion.current(),
              InetSocketAddress.createUnresolved(door.address(), door.port()),
              metrics,
              clock));
    } catch (IOException e) {
      throw new StartException(
          1, "accessLog, traces: a file of the configuration cannot be used: " + e);
    }
  }

  static LocalFairlead local(LocalFairlead.Settings settings) {
    try {
      return new LocalFairlead(settings);
    } catch (UnfitRedisException e) {
      throw new StartException(1, "limits.redis: " + e.getMessage());
    } catch (TlsException e) {
      throw untrusting(e);
    }
  }

  static ClientTls toServers(Servers servers) {
    try {
      return servers.tls();
    } catch (TlsException e) {
      throw untrusting(e);
    }
  }

  private static StartException untrusting(TlsException cause) {
    return new StartException(2, "servers.authoritiesFile: " + cause.getMessage());
  }

  /// Closed last: what is settled until the end is still written.
  UsageLedger usage(
      LiveConfiguration configuration, StateFolder state, PrometheusRegistry metrics) {
    try {
      return Ledgers.open(
          configuration.get(Ledger.SECTION),
          new Ledgers.Surroundings(state.path(), System.getenv(), metrics, clock, random));
    } catch (LedgerException e) {
      throw new StartException(1, String.valueOf(e.getMessage()));
    }
  }

  static Listeners listen(
      LocalFairlead fairlead, PrometheusRegistry metrics, Listeners.Doors doors) {
    try {
      return Listeners.start(fairlead, metrics, doors);
    } catch (ListenException e) {
      throw new StartException(1, String.valueOf(e.getMessage()));
    }
  }

  Tokens keys(StateFolder state) {
    ApiKey key = obtained(state);
    out.println(
        key.fresh()
            .map(fresh ->
                ("key: %s%n     made just now and shown only this once; clients send"
                        + " `Authorization: Bearer KEY`")
                    .formatted(fresh))
            .orElseGet(() ->
                "key: the one of %s; delete %s to get a new one"
                    .formatted(key.created(), key.file())));
    return key.tokens();
  }

  static KeyStore tenantKeys(StateFolder state) {
    try {
      return KeyStore.open(state);
    } catch (IllegalStateException e) {
      throw new StartException(1, String.valueOf(e.getMessage()));
    }
  }

  private ApiKey obtained(StateFolder state) {
    try {
      return ApiKey.obtain(state, clock, random);
    } catch (IllegalStateException e) {
      throw new StartException(1, String.valueOf(e.getMessage()));
    }
  }
}
