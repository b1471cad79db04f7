package dev.fairlead.lab.canary;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.lab.embedding.EmbeddingModel;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.Fairleads;
import dev.fairlead.lab.harness.Finished;
import dev.fairlead.lab.harness.Ingredients;
import dev.fairlead.lab.harness.OpenAi;
import dev.fairlead.lab.harness.Start;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What belongs to a user is in nothing that Fairlead tells or keeps, however a request ends. The
/// model's name is a word of the same kind that may be told: where it is not found, nothing was
/// looked at.
class CanaryE2E {
  /// What tells of requests or of the models that are served.
  private static final Set<String> TELL_THE_MODEL =
      Set.of(
          "standard output",
          "access log",
          "traces",
          "metrics",
          "overview",
          "events",
          "resources",
          "requests?since=3600",
          "requests by id",
          "the console's overview",
          "the console's stream",
          "fairlead why --slow --since 1h",
          "fairlead get models -o yaml",
          "fairlead describe MODEL",
          "fairlead top",
          "fairlead usage --by tenant,key,model,version",
          "an agent's metrics");

  @RegisterExtension final Fairleads fairleads = Fairleads.perTest();

  private final Canaries canaries = new Canaries(new SecureRandom());

  @Test
  void noWordOfAUserIsInWhatFairleadTellsOrKeeps() throws IOException {
    String key = canaries.word("the key");
    String model = canaries.unsought();
    Path accessLog = fairleads.folder().resolve("access.log");
    try (CollectorStub collector = new CollectorStub()) {
      FairleadProcess fairlead = start(key, model, accessLog, collector);
      OpenAi door = fairlead.openAi(key);
      Asked asked = new Asked(door, canaries);
      Asked team = new Asked(fairlead.openAi(tenantKey()), canaries);

      drive(new Scenarios(fairlead, asked, model, "vectors"));
      new Scenarios(fairlead, team, model, "vectors").success();

      List<String> ids = Stream.of(asked, team).flatMap(one -> one.ids().stream()).toList();
      awaitTold(accessLog, collector, ids);
      List<Sink> sinks =
          new Sinks(fairlead, door, fairleads, model).collect(accessLog, collector, ids);
      assertThat(sinks.stream().filter(sink -> sink.has(model)).map(Sink::name))
          .as("where a word that may be told is found")
          .containsAll(TELL_THE_MODEL);
      assertThat(fairlead.out()).as("the level of the log").contains("DEBUG");
      assertThat(Files.readString(accessLog))
          .as("strangers are told of")
          .contains("\"path\":\"other\"", "\"error\":\"invalid_api_key\"");
      assertThat(sinks)
          .allSatisfy(sink ->
              assertThat(sink.leaks(canaries.all())).as("found in %s", sink.name()).isEmpty());
    }
  }

  /// A key that its maker alone has seen.
  private String tenantKey() {
    Finished made = fairleads.run("tenant", "key", "create", "team");
    assertThat(made.exitCode()).as(made.err()).isZero();
    return canaries.found("a tenant's key", made.out().strip());
  }

  private static void drive(Scenarios scenarios) {
    scenarios.success();
    scenarios.tools();
    scenarios.otherInterfaces();
    scenarios.refusals();
    scenarios.strangersAtTheDoor();
    scenarios.failures();
    scenarios.leavers();
    scenarios.retry();
  }

  /// The last request that was asked has come to where it is told.
  private static void awaitTold(Path accessLog, CollectorStub collector, List<String> ids) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> {
          assertThat(Files.readString(accessLog)).contains(ids.getLast());
          assertThat(new String(collector.received(), UTF_8)).contains(ids.getLast());
        });
  }

  private FairleadProcess start(String key, String model, Path accessLog, CollectorStub collector)
      throws IOException {
    keep(key);
    Path engine =
        fairleads.script(
            "engine", Ingredients.exec(Ingredients.fakeEngine("--fake-token-ms", "1")));
    String yaml =
        """
        apiVersion: fairlead.dev/v1alpha1
        kind: Model
        metadata:
          name: %s
        spec:
          template:
            modelPath: %s
            engine: {maxBatchSize: 4, contextLength: 4096}
            minReplicas: 2
            maxReplicas: 2
        ---
        """
                .formatted(model, Ingredients.model())
            + Ingredients.model("vectors", EmbeddingModel.obtain(), "minReplicas: 1")
            + """
            ---
            apiVersion: fairlead.dev/v1alpha1
            kind: Tenant
            metadata: {name: team}
            spec: {}
            """;
    FairleadProcess fairlead =
        fairleads.up(
            Start.of(fairleads.file("models.yaml", yaml))
                .and("--listen", "0.0.0.0")
                .and("--config", configuration(accessLog, collector).toString())
                .environment("FAIRLEAD_LOG", "TRACE")
                .environment("LLAMA_SERVER", engine.toString()));
    var _ = fairlead.control().awaitReady(3);
    return fairlead;
  }

  private Path configuration(Path accessLog, CollectorStub collector) {
    return fairleads.file(
        "fairlead.yaml",
        "accessLog: {file: %s}\ntraces: {endpoint: '%s'}\n".formatted(accessLog, collector.url()));
  }

  /// A key that is known already: a new one would be shown once, and should be.
  private void keep(String key) throws IOException {
    Path state = Files.createDirectories(fairleads.folder().resolve("state"));
    Files.writeString(
        state.resolve("api-key.json"),
        "{\"sha256\":\"%s\",\"created\":\"2026-11-24T08:00:00Z\"}".formatted(digest(key)));
  }

  private static String digest(String key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
