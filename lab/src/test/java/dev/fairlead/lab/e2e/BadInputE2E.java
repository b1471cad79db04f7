package dev.fairlead.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.fairlead.lab.harness.Chat;
import dev.fairlead.lab.harness.Commands;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.Fairleads;
import dev.fairlead.lab.harness.FileServer;
import dev.fairlead.lab.harness.Finished;
import dev.fairlead.lab.harness.Ingredients;
import dev.fairlead.lab.harness.Start;
import dev.fairlead.testkit.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What is wrong with the input of `fairlead up` is said clearly, with an exit code, and nothing is
/// left half done.
class BadInputE2E {
  @RegisterExtension final Fairleads fairleads = Fairleads.perTest();

  private static final int USAGE = 2;
  private static final int FAILED = 1;

  @Test
  void anErrorInTheYamlIsToldWithFileLineAndTheNearestName() {
    Path yaml =
        fairleads.file("bad.yaml", Ingredients.model("chat", Path.of("m.gguf"), "maxReplica: 2"));

    Finished up = up("-f", yaml.toString());

    assertThat(up.exitCode()).as(up.all()).isEqualTo(USAGE);
    assertThat(up.err())
        .contains("bad.yaml:8:")
        .contains("maxReplica")
        .contains("maxReplicas")
        .contains("nothing was started");
  }

  @Test
  void aFileThatIsNoUsableModelIsNamedWithTheCause() throws IOException {
    Path cut = fairleads.folder().resolve("cut.gguf");
    try (InputStream in = Files.newInputStream(Ingredients.model())) {
      Files.write(cut, in.readNBytes(8 << 20));
    }
    Path page = fairleads.file("page.gguf", "<!doctype html><html><head></head></html>");

    assertFails(up(cut.toString()), "cut.gguf", "fetch it again");
    assertFails(up(page.toString()), "page.gguf", "web page");
    assertFails(up(fairleads.folder().resolve("cutt.gguf").toString()), "is not there", "cut.gguf");
  }

  @Test
  void aModelThatDoesNotFitIntoMemoryIsRefusedWithTheNumbers() {
    String huge =
        Ingredients.model("chat", Ingredients.model(), "engine: {contextLength: 100000000}");
    FairleadProcess fairlead = fairleads.up(huge);

    var answer = fairlead.openAi().chat(Chat.ask("chat", "Hello"));

    assertThat(answer.status()).as(answer.body()).isEqualTo(503);
    assertThat(answer.errorMessage()).contains("chat").contains("memory").contains("contextLength");
    assertThat(fairlead.control().replicaCount()).isZero();
  }

  @Test
  void aPortInUseIsToldBeforeAnythingStarts() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());

      Finished up = fairleads.run("up", "--port", port);

      assertThat(up.exitCode()).isEqualTo(FAILED);
      assertThat(up.err()).contains(port).contains("choose another one with --port");
    }
  }

  @Test
  void anEngineThatIsNotThereIsNamed() {
    Finished up =
        fairleads.run(Map.of("LLAMA_SERVER", "/nowhere/llama-server"), "up", "--port", port());

    assertFails(up, "LLAMA_SERVER", "/nowhere/llama-server", "correct or unset it");
  }

  @Test
  void aWrongChecksumIsRefusedAndNothingIsKept() {
    try (FileServer server = new FileServer(text("GGUF or so"), 4096)) {
      Path cache = fairleads.folder().resolve("cache");

      Finished up =
          fairleads.run(
              Map.of("FAIRLEAD_CACHE", cache.toString(), "LLAMA_SERVER", "/bin/true"),
              "up",
              "--port",
              port(),
              "-f",
              fetching(server.url("model.gguf"), "sha256: " + "ab".repeat(32)).toString());

      assertFails(up, "model.gguf", "sha256");
      assertThat(modelsIn(cache)).isEmpty();
    }
  }

  @Test
  void aFullDiskIsToldAndNothingIsKept() {
    Path cache = fairleads.folder().resolve("cache");
    assertThat(cache.toFile().mkdirs()).isTrue();
    requireMounts();
    try (FileServer server = new FileServer(text("GGUF"), 8 << 20)) {
      List<String> small =
          List.of(
              "unshare",
              "--user",
              "--map-root-user",
              "--mount",
              "/bin/sh",
              "-c",
              "mount -t tmpfs -o size=2m tmpfs \"$FAIRLEAD_CACHE\" && \"$0\" \"$@\";"
                  + " code=$?; find \"$FAIRLEAD_CACHE\" -name '*.gguf' -exec echo left: {} \\;; exit $code");
      List<String> line = new ArrayList<>(small);
      line.addAll(Commands.built().line());

      Finished up =
          fairleads.run(
              new Commands(line),
              Map.of("FAIRLEAD_CACHE", cache.toString(), "LLAMA_SERVER", "/bin/true"),
              List.of("up", "--port", port(), "-f", fetching(server.url("model.gguf")).toString()));

      assertFails(up, "space", "FAIRLEAD_CACHE");
      assertThat(up.out()).as("models left in the cache").doesNotContain("left: ");
    }
  }

  /// A mount of one's own needs user namespaces.
  private void requireMounts() {
    boolean possible =
        fairleads
                .run(
                    new Commands(List.of("unshare", "--user", "--map-root-user", "--mount")),
                    Map.of(),
                    List.of("mount", "-t", "tmpfs", "tmpfs", fairleads.folder().toString()))
                .exitCode()
            == 0;
    boolean ci = Boolean.parseBoolean(System.getenv().getOrDefault("CI", "false"));
    assertThat(possible || !ci).as("CI needs user namespaces to fill up a disk").isTrue();
    assumeThat(possible).as("skipped: no user namespaces here, so no disk to fill up").isTrue();
  }

  @Test
  void withoutANetworkAndAnEmptyCacheTheNextStepIsTold() {
    Path cache = fairleads.folder().resolve("cache");
    String nowhere = "http://127.0.0.1:%d/simple".formatted(Ports.free());

    Finished up =
        fairleads.run(
            Map.of(
                "FAIRLEAD_CACHE", cache.toString(),
                "PIP_INDEX_URL", nowhere,
                "PIP_EXTRA_INDEX_URL", "",
                "PIP_RETRIES", "0",
                "PIP_CONFIG_FILE", "/dev/null"),
            "up",
            "--port",
            port());

    assertFails(up, "no network", "PIP_INDEX_URL");
    assertThat(modelsIn(cache)).isEmpty();
  }

  @Test
  void anAddressThatIsNotLoopbackNeedsTheKeyThatIsShownOnce() {
    FairleadProcess fairlead = fairleads.up(Start.with("--listen", "0.0.0.0"));
    String key =
        fairlead.out().lines().filter(line -> line.startsWith("key: ")).findFirst().orElseThrow();
    key = key.substring("key: ".length());

    assertThat(fairlead.openAi().get("/v1/models").status()).isEqualTo(401);
    assertThat(fairlead.openAi().get("/fairlead/v1/overview").status()).isEqualTo(401);
    assertThat(fairlead.openAi().get("/v1/no-such-path").status()).isEqualTo(401);
    assertThat(fairlead.openAi("fl-wrong").get("/v1/models").errorCode())
        .isEqualTo("invalid_api_key");
    assertThat(fairlead.openAi(key).get("/v1/models").status()).isEqualTo(200);

    FairleadProcess again = fairleads.up(Start.with("--listen", "0.0.0.0"));
    assertThat(again.out()).doesNotContain(key).contains("delete");
    assertThat(again.openAi(key).get("/v1/models").status()).isEqualTo(200);
  }

  private Finished up(String... arguments) {
    List<String> all = new ArrayList<>(List.of("up", "--port", port()));
    all.addAll(List.of(arguments));
    return fairleads.run(all.toArray(String[]::new));
  }

  private static void assertFails(Finished up, String... said) {
    assertThat(up.exitCode()).as(up.all()).isEqualTo(FAILED);
    assertThat(up.err()).contains(said).doesNotContain("Exception").doesNotContain("\tat ");
  }

  private static String port() {
    return Integer.toString(Ports.free());
  }

  private Path fetching(String url, String... more) {
    return fairleads.file(
        "fetch.yaml",
        """
        apiVersion: fairlead.dev/v1alpha1
        kind: Model
        metadata:
          name: chat
        spec:
          template:
            source:
              uri: %s
        """
                .formatted(url)
            + Stream.of(more).map(line -> "      " + line + "\n").reduce("", String::concat));
  }

  private static List<Path> modelsIn(Path cache) {
    if (!Files.isDirectory(cache)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(cache)) {
      return files.filter(file -> file.toString().endsWith(".gguf")).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
