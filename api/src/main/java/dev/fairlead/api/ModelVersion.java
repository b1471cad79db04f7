package dev.fairlead.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// One version of one model. Alone it is a working model, served under its own name.
public record ModelVersion(Metadata metadata, Spec spec) implements Resource {

  @Override
  public Kind kind() {
    return Kind.MODEL_VERSION;
  }

  /// What the user wrote: an absent value means the default, which {@link Resources#resolve} fills
  /// in. Trees that only Kubernetes reads (`tolerations`, `podTemplate`, `placement`, `envFrom`)
  /// are held as they are; nobody may change them. {@link Vocabulary} describes every component.
  public record Spec(
      Optional<String> version,
      Optional<String> modelPath,
      Optional<Source> source,
      Optional<Storage> storage,
      Optional<Engine> engine,
      Optional<Requirements> resources,
      Optional<Accelerator> accelerator,
      Map<String, String> nodeSelector,
      List<JsonNode> tolerations,
      Optional<Boolean> spot,
      Optional<String> priorityClassName,
      Optional<JsonNode> podTemplate,
      Optional<Integer> replicas,
      Optional<Integer> minReplicas,
      Optional<Integer> maxReplicas,
      Optional<Autoscaling> autoscaling,
      Optional<ColdStart> coldStart,
      Optional<Duration> maxStreamDuration,
      Optional<JsonNode> placement) {
    public Spec {
      boolean elsewhere = engine.flatMap(Engine::baseUrl).isPresent();
      if (Stream.of(modelPath.isPresent(), source.isPresent(), elsewhere).filter(is -> is).count()
          != 1) {
        throw new IllegalArgumentException(
            "exactly one of modelPath, source and engine.baseUrl must be there");
      }
      nodeSelector = Ordered.copy(nodeSelector);
      tolerations = List.copyOf(tolerations);
    }
  }

  /// Where the files are fetched from.
  public record Source(
      String uri, Optional<String> revision, Optional<String> sha256, Optional<String> secretRef) {}

  /// The claim that holds the files on Kubernetes.
  public record Storage(
      Optional<String> claimName,
      Optional<Quantity> size,
      Optional<String> className,
      Optional<AccessMode> accessMode) {}

  /// How many nodes may mount a claim, and how.
  public enum AccessMode implements Word {
    READ_WRITE_ONCE("ReadWriteOnce"),
    READ_ONLY_MANY("ReadOnlyMany"),
    READ_WRITE_MANY("ReadWriteMany"),
    READ_WRITE_ONCE_POD("ReadWriteOncePod");

    private final String word;

    AccessMode(String word) {
      this.word = word;
    }

    @Override
    public String word() {
      return word;
    }
  }

  /// The program that runs the model.
  public record Engine(
      Optional<String> name,
      Optional<String> image,
      List<String> args,
      Map<String, String> env,
      List<JsonNode> envFrom,
      Optional<Integer> maxBatchSize,
      Optional<Integer> contextLength,
      Optional<String> baseUrl,
      Optional<String> upstreamModel,
      Optional<String> secretRef) {
    /// The name of the engine that is a server elsewhere.
    public static final String OPENAI = "openai";

    /// The model `upstreamModel` of the server at `baseUrl`.
    public static Engine upstream(String baseUrl, String upstreamModel) {
      return new Engine(
          Optional.of(OPENAI),
          Optional.empty(),
          List.of(),
          Map.of(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.of(baseUrl),
          Optional.of(upstreamModel),
          Optional.empty());
    }

    public Engine {
      args = List.copyOf(args);
      env = Ordered.copy(env);
      envFrom = List.copyOf(envFrom);
    }
  }

  /// What a replica asks of its node and may not exceed.
  public record Requirements(Map<String, Quantity> requests, Map<String, Quantity> limits) {
    public Requirements {
      requests = Ordered.copy(requests);
      limits = Ordered.copy(limits);
    }
  }

  /// The accelerators of one replica.
  public record Accelerator(Optional<String> profile, Optional<Integer> count) {}

  /// How the replica count follows the load.
  public record Autoscaling(
      Optional<Mode> mode,
      Optional<JsonNode> objective,
      Optional<Double> headroom,
      Optional<Duration> scaleToZeroAfter) {}

  /// Who decides the replica count.
  public enum Mode implements Word {
    DEMAND("Demand"),
    HPA("HPA"),
    OFF("Off");

    private final String word;

    Mode(String word) {
      this.word = word;
    }

    @Override
    public String word() {
      return word;
    }
  }

  /// What a request meets when no replica runs.
  public record ColdStart(Optional<Duration> nonStreamingWait) {}
}
