package dev.fairlead.app.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.api.Condition;
import dev.fairlead.api.ModelVersionStatus;
import dev.fairlead.api.Resource;
import dev.fairlead.api.ResourceKey;
import dev.fairlead.api.ResourceParser;
import dev.fairlead.app.config.Configuration;
import dev.fairlead.app.config.LiveConfiguration;
import dev.fairlead.app.control.Installation;
import dev.fairlead.app.control.StateFolder;
import dev.fairlead.app.tenant.KeyStore;
import dev.fairlead.artifacts.ModelStore;
import dev.fairlead.artifacts.fetch.Backoff;
import dev.fairlead.artifacts.fetch.Download;
import dev.fairlead.artifacts.fetch.PythonPackage;
import dev.fairlead.artifacts.process.Programs;
import dev.fairlead.artifacts.store.ArtifactCache;
import dev.fairlead.artifacts.store.DiskSpace;
import dev.fairlead.core.usage.UsageLedger;
import dev.fairlead.ledger.Database;
import dev.fairlead.ledger.JdbcUsageLedger;
import dev.fairlead.ledger.LedgerOptions;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The installation as its doors see it, with a model whose file is not there.
final class LocalFairleadIT {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private volatile Instant now = START;
  private final UsageLedger usage;
  private LocalFairlead fairlead;

  LocalFairleadIT(@TempDir Path folder) throws Exception {
    Programs programs = new Programs(Map.of());
    Download download =
        new Download(
            HttpClient.newHttpClient(),
            Backoff.standard(new Random(1)),
            DiskSpace.ofThisMachine(),
            Duration.ofSeconds(1));
    ModelStore models =
        new ModelStore(
            new ArtifactCache(Map.of("FAIRLEAD_CACHE", folder.toString())),
            download,
            new PythonPackage(programs, download));
    usage =
        JdbcUsageLedger.open(
            Database.file(folder.resolve("usage.db")),
            LedgerOptions.DEFAULT,
            () -> now,
            new Random(1));
    fairlead =
        new LocalFairlead(
            new LocalFairlead.Settings(
                "test",
                () -> List.of("/bin/false"),
                Optional.of(folder),
                Optional.empty(),
                folder,
                "http://127.0.0.1:1",
                models,
                new PrometheusRegistry(),
                () -> now,
                new Random(1),
                LiveConfiguration.fixed(Configuration.defaults()),
                KeyStore.open(
                    StateFolder.of(
                        Map.of("FAIRLEAD_STATE", folder.resolve("state").toString()), folder)),
                List.of(),
                usage));
  }

  @BeforeEach
  void start() {
    fairlead.files(
        ResourceParser.parse(
            """
            apiVersion: fairlead.dev/v1alpha1
            kind: Model
            metadata: {name: chat}
            spec: {servedName: team/chat, template: {modelPath: /models/none.gguf}}
            """,
            "test.yaml"));
    fairlead.start();
    await().atMost(Duration.ofSeconds(10)).until(() -> condition().isPresent());
  }

  @AfterEach
  void stop() {
    fairlead.close();
    usage.close();
  }

  @Test
  void aConditionChangedWhenItDidAndNotWhenSomebodyLooks() throws Exception {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> condition().orElseThrow().status() == Condition.Status.FALSE);
    now = START.plusSeconds(3_600);

    assertThat(condition().orElseThrow().lastTransitionTime()).isEqualTo(START);
  }

  @Test
  void theOverviewAndTheSamplesNameTheModelAndNotItsServedName() throws Exception {
    JsonNode overview = new ObjectMapper().readTree(fairlead.installation().overview());

    assertThat(overview.at("/models/0/servedName").asText()).isEqualTo("team/chat");
    assertThat(overview.at("/versions/0/model").asText()).isEqualTo("chat");
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() ->
            fairlead.installation().samples().samples().stream()
                .anyMatch(sample -> sample.models().containsKey("chat")));
  }

  @Test
  void aVersionThatIsWrittenAnewUnderItsNameIsNotTakenForTheOldOne() {
    Installation installation = fairlead.installation();
    installation.apply(version("first.gguf"), "apply.yaml");
    await().atMost(Duration.ofSeconds(10)).until(() -> message().contains("first.gguf"));

    installation.delete(new ResourceKey(Resource.Kind.MODEL_VERSION, "default", "v"));
    assertThat(installation.apply(version("second.gguf"), "apply.yaml").problems()).isEmpty();

    await().atMost(Duration.ofSeconds(10)).until(() -> message().contains("second.gguf"));
  }

  private static String version(String file) {
    return """
    apiVersion: fairlead.dev/v1alpha1
    kind: ModelVersion
    metadata: {name: v}
    spec: {modelPath: /models/%s}
    """
        .formatted(file);
  }

  private String message() {
    return fairlead.installation().resources().stream()
        .filter(one -> one.resource().metadata().name().equals("v"))
        .map(Installation.Described::status)
        .filter(ModelVersionStatus.class::isInstance)
        .map(ModelVersionStatus.class::cast)
        .flatMap(status -> status.conditions().stream())
        .map(Condition::message)
        .findFirst()
        .orElse("");
  }

  private Optional<Condition> condition() {
    return fairlead.installation().resources().stream()
        .map(Installation.Described::status)
        .filter(ModelVersionStatus.class::isInstance)
        .map(ModelVersionStatus.class::cast)
        .flatMap(status -> status.conditions().stream())
        .findFirst();
  }
}
