package dev.fairlead.lab.e2e;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.lab.harness.Answer;
import dev.fairlead.lab.harness.Chat;
import dev.fairlead.lab.harness.Commands;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.Fairleads;
import dev.fairlead.lab.harness.Finished;
import dev.fairlead.lab.harness.Ingredients;
import dev.fairlead.lab.harness.Start;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The tarball of `make dist` serves on a machine without Java.
class DistE2E {
  @RegisterExtension final Fairleads fairleads = Fairleads.perTest();

  @Test
  void theUnpackedTarballServesAnAnswerWithoutJava() throws IOException {
    Path home = unpacked();
    Path fairlead = home.resolve("bin").resolve("fairlead");
    Path programs = programsWithoutJava();
    Map<String, String> environment = Map.of("PATH", programs.toString(), "JAVA_HOME", "");
    Path configuration = fairleads.file("fairlead.yaml", "timeouts: {drain: 5s}\n");
    Start start =
        Start.with("--config", configuration.toString())
            .command(Commands.of(fairlead))
            .environment("PATH", programs.toString())
            .environment("JAVA_HOME", "");

    FairleadProcess process = fairleads.up(start);

    Answer answer =
        process
            .openAi()
            .chat(Chat.ask(Ingredients.DEMO, "What is the capital of France?").maxTokens(40));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.text()).contains("Paris");
    assertThat(process.openAi().get("/").body()).contains("<!doctype html>");
    Path java =
        ProcessHandle.of(process.pid()).orElseThrow().info().command().map(Path::of).orElseThrow();
    assertThat(java.toRealPath()).startsWith(home.toRealPath());
    assertThat(process.collectors()).containsExactly("-XX:+UseSerialGC");

    // What a runtime of fewer modules and libraries might lack: YAML, and SQLite.
    String port = Integer.toString(process.port());
    Finished yaml =
        fairleads.run(
            Commands.of(fairlead),
            environment,
            List.of("get", "versions", "-o", "yaml", "--port", port));
    assertThat(yaml.out()).as(yaml.all()).contains("kind: ModelVersion");
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> {
          Finished usage =
              fairleads.run(Commands.of(fairlead), environment, List.of("usage", "--port", port));
          assertThat(usage.out()).as(usage.all()).contains(Ingredients.DEMO);
        });
  }

  private Path unpacked() {
    Path root = Commands.root();
    Finished dist =
        fairleads.run(
            new Commands(List.of(root.resolve("scripts").resolve("dist.sh").toString())),
            Map.of("FAIRLEAD_BUILT", "yes"),
            List.of());
    assertThat(dist.exitCode()).as(dist.all()).isZero();
    String tarball = dist.out().lines().toList().getLast().split(":", 2)[0];
    Path folder = fairleads.folder().resolve("unpacked");
    assertThat(folder.toFile().mkdirs()).isTrue();
    Finished tar =
        fairleads.run(
            new Commands(List.of("tar", "-xzf", root.resolve(tarball).toString())),
            Map.of(),
            List.of("-C", folder.toString(), "--strip-components=1"));
    assertThat(tar.exitCode()).as(tar.all()).isZero();
    return folder;
  }

  /// The programs of the PATH, but for those that Java brings.
  private Path programsWithoutJava() throws IOException {
    Path programs = fairleads.folder().resolve("programs");
    Files.createDirectory(programs);
    for (String folder : System.getenv("PATH").split(File.pathSeparator, -1)) {
      String[] names = new File(folder).list();
      for (String name : names == null ? new String[0] : names) {
        Path link = programs.resolve(name);
        if (!name.startsWith("java") && Files.notExists(link, NOFOLLOW_LINKS)) {
          Files.createSymbolicLink(link, Path.of(folder).toAbsolutePath().resolve(name));
        }
      }
    }
    return programs;
  }
}
