package dev.fairlead.app.up;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.config.Configuration;
import dev.fairlead.app.config.Listen;
import dev.fairlead.app.config.LiveConfiguration;
import dev.fairlead.app.control.StateFolder;
import dev.fairlead.app.local.LocalFairlead;
import dev.fairlead.app.tenant.KeyStore;
import dev.fairlead.artifacts.ModelStore;
import dev.fairlead.artifacts.fetch.Backoff;
import dev.fairlead.artifacts.fetch.Download;
import dev.fairlead.artifacts.fetch.PythonPackage;
import dev.fairlead.artifacts.process.Programs;
import dev.fairlead.artifacts.store.ArtifactCache;
import dev.fairlead.artifacts.store.DiskSpace;
import dev.fairlead.core.usage.UsageLedger;
import dev.fairlead.dataplane.gateway.RequestSink;
import dev.fairlead.dataplane.net.Tokens;
import dev.fairlead.ledger.Database;
import dev.fairlead.ledger.JdbcUsageLedger;
import dev.fairlead.ledger.LedgerOptions;
import dev.fairlead.testkit.Ports;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// An installation with its real doors and its real ledger, as `fairlead up` wires it, without a
/// process of its own. After `close` it can be started again: what is kept is in the folder. Used
/// by one thread.
final class DoorsUnderTest implements AutoCloseable {
  /// What the control door asks for.
  static final String TOKEN = "control-token";

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port = Ports.free();
  private final int controlPort = Ports.free();
  private final List<Runnable> closing = new ArrayList<>();

  /// @param folder where state and ledger are kept
  /// @param keys what the public door asks for; empty for the door of a loopback
  /// @param sinks are told of requests beside the ledger
  void start(
      Path folder, InstantSource clock, Optional<Tokens> keys, List<? extends RequestSink> sinks) {
    UsageLedger usage =
        JdbcUsageLedger.open(
            Database.file(folder.resolve("usage.db")), LedgerOptions.DEFAULT, clock, new Random(1));
    closing.add(usage::close);
    PrometheusRegistry metrics = new PrometheusRegistry();
    LocalFairlead fairlead =
        new LocalFairlead(
            new LocalFairlead.Settings(
                "test",
                () -> List.of("/bin/false"),
                Optional.of(folder),
                Optional.empty(),
                folder,
                "http://127.0.0.1:" + controlPort,
                models(folder),
                metrics,
                clock,
                new SecureRandom(),
                LiveConfiguration.fixed(Configuration.defaults()),
                KeyStore.open(
                    StateFolder.of(
                        Map.of("FAIRLEAD_STATE", folder.resolve("state").toString()), folder)),
                List.copyOf(sinks),
                usage));
    closing.add(fairlead::close);
    Listeners listeners =
        Listeners.start(
            fairlead,
            metrics,
            new Listeners.Doors(
                new Listen("127.0.0.1", port),
                controlPort,
                keys,
                Tokens.of(List.of(TOKEN)),
                Optional.empty()));
    closing.add(() -> {
      listeners.stopAccepting();
      listeners.close();
    });
    fairlead.start();
  }

  private ModelStore models(Path folder) {
    Programs programs = new Programs(Map.of());
    Download download =
        new Download(
            http,
            Backoff.standard(new Random(1)),
            DiskSpace.ofThisMachine(),
            Duration.ofSeconds(1));
    return new ModelStore(
        new ArtifactCache(Map.of("FAIRLEAD_CACHE", folder.toString())),
        download,
        new PythonPackage(programs, download));
  }

  int port() {
    return port;
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.timeout(Duration.ofSeconds(10)).build(), BodyHandlers.ofString());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /// A request to the public door; without a key where it is empty.
  HttpRequest.Builder open(String key, String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path)));
    return key.isEmpty() ? request : request.header("authorization", "Bearer " + key);
  }

  HttpRequest.Builder control(String path) {
    return internal("/fairlead/v1/" + path);
  }

  HttpRequest.Builder internal(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(controlPort, path)))
        .header("authorization", "Bearer " + TOKEN);
  }

  void apply(String yaml) {
    HttpResponse<String> applied = send(control("apply").POST(BodyPublishers.ofString(yaml)));
    assertThat(applied.statusCode()).as(applied.body()).isEqualTo(200);
  }

  /// Ends the installation as Ctrl-C does, but for the wait for running answers.
  @Override
  public void close() {
    closing.reversed().forEach(Runnable::run);
    closing.clear();
  }
}
