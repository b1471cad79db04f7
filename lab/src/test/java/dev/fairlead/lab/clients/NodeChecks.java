package dev.fairlead.lab.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.artifacts.process.Programs;
import dev.fairlead.artifacts.store.ArtifactCache;
import dev.fairlead.artifacts.store.Durable;
import dev.fairlead.artifacts.store.PathLock;
import dev.fairlead.artifacts.store.Sha256;
import dev.fairlead.lab.harness.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/// Runs a JavaScript program that checks something, and makes a test of each of its checks. The
/// packages it needs are installed once, from the committed lock, into the user's cache. Stateless;
/// blocks.
public final class NodeChecks {
  private static final Duration INSTALL_LIMIT = Duration.ofMinutes(5);
  private static final String FOLDER = "/dev/fairlead/lab/node/";

  private NodeChecks() {}

  /// Runs `program` and returns its checks as tests, and one that the program came to its end.
  ///
  /// @param program its file, such as `openai.mjs`
  /// @param environment what the program reads
  /// @param limit after which it is killed
  /// @param context what the report of a failure shows too, such as a server's output
  public static Stream<DynamicTest> run(
      String program,
      List<String> arguments,
      Map<String, String> environment,
      Duration limit,
      Supplier<String> context) {
    Programs.Result result = output(program, arguments, environment, limit);
    List<JsonNode> checks =
        result
            .output()
            .lines()
            .filter(line -> line.startsWith("{\"check\":"))
            .map(Json::parse)
            .toList();
    DynamicTest end =
        DynamicTest.dynamicTest(
            program + " comes to its end",
            () -> {
              assertThat(result.exitCode()).as(result.output()).isZero();
              assertThat(checks).isNotEmpty();
            });
    return Stream.concat(checks.stream().map(check -> test(check, context)), Stream.of(end));
  }

  /// Runs `program` to its end.
  static Programs.Result output(
      String program, List<String> arguments, Map<String, String> environment, Duration limit) {
    Path node = node();
    Map<String, String> all = new LinkedHashMap<>(environment);
    all.put("FAIRLEAD_LAB_MODULES", modules().toString());
    List<String> command =
        Stream.concat(Stream.of(node.toString(), resource(program).toString()), arguments.stream())
            .toList();
    return new Programs(System.getenv()).run(command, all, limit);
  }

  private static Path node() {
    Path node = TestTools.require("nodejs", "node");
    String version =
        new Programs(System.getenv())
            .run(List.of(node.toString(), "--version"), Map.of(), Duration.ofSeconds(20))
            .output()
            .strip();
    int major = Integer.parseInt(version.replaceAll("^v(\\d+)\\..*", "$1"));
    assertThat(major)
        .as("Node.js is %s; the suites need 20 or later", version)
        .isGreaterThanOrEqualTo(20);
    return node;
  }

  private static DynamicTest test(JsonNode check, Supplier<String> context) {
    return DynamicTest.dynamicTest(
        check.path("check").asText(),
        () ->
            assertThat(check.path("problem").asText(null))
                .as(() -> "problem; " + context.get())
                .isNull());
  }

  /// The folder with `node_modules` for the committed lock.
  private static Path modules() {
    Path npm = TestTools.require("npm", "npm");
    Path lock = resource("package-lock.json");
    try {
      Path target =
          new ArtifactCache(System.getenv())
              .root()
              .resolve("lab")
              .resolve("node-" + Sha256.of(lock).substring(0, 16));
      try (PathLock _ = PathLock.acquire(target)) {
        if (!Files.isDirectory(target)) {
          install(npm, target);
        }
      }
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void install(Path npm, Path target) throws IOException {
    Path fresh = target.resolveSibling("." + target.getFileName() + ".new");
    Durable.deleteTree(fresh);
    Files.createDirectories(fresh);
    for (String name : List.of("package.json", "package-lock.json")) {
      Files.copy(resource(name), fresh.resolve(name));
    }
    Programs.Result result =
        new Programs(System.getenv())
            .run(
                List.of(
                    npm.toString(),
                    "ci",
                    "--prefix=" + fresh,
                    "--ignore-scripts",
                    "--no-audit",
                    "--no-fund"),
                Map.of(),
                INSTALL_LIMIT);
    assertThat(result.exitCode()).as("npm ci\n%s", result.lastLines(20)).isZero();
    Files.move(fresh, target);
  }

  private static Path resource(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(NodeChecks.class.getResource(FOLDER + name), name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
