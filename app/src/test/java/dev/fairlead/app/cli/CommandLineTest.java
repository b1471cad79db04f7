package dev.fairlead.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {
  private static final String VALID =
      """
      apiVersion: fairlead.dev/v1alpha1
      kind: Model
      metadata: {name: chat}
      spec:
        servedName: team/chat
        aliases: [default]
        template:
          modelPath: chat.gguf
          nodeSelector: {disk: fast}
          spot: true
          maxReplicas: 3
      """;

  @TempDir private Path folder = Path.of("");

  private Cli.Result run(String... arguments) {
    return new Cli(folder).run(arguments);
  }

  @Test
  void helpListsEveryCommand() {
    Cli.Result help = run("--help");

    assertThat(help.exitCode()).isZero();
    assertThat(help.out())
        .contains("Usage: fairlead", "FAIRLEAD_API_KEY")
        .contains("get", "describe", "chat", "logs", "top", "apply", "delete", "scale")
        .contains("validate", "version", "completion");
    assertThat(run().out()).isEqualTo(help.out());
    assertThat(run("scale", "--help").out()).contains("--replicas=N|auto");
  }

  @Test
  void anUnknownCommandOrOptionIsAnsweredWithTheNearest() {
    Cli.Result command = run("gte");
    assertThat(command.exitCode()).isEqualTo(2);
    assertThat(command.err())
        .isEqualTo(
            "fairlead: there is no command `gte`; did you mean `get`? (see `fairlead --help`)\n");

    Cli.Result option = run("get", "--prot", "8080");
    assertThat(option.exitCode()).isEqualTo(2);
    assertThat(option.err())
        .isEqualTo(
            "fairlead: there is no option `--prot`; did you mean `--port`? (see `fairlead get"
                + " --help`)\n");
    assertThat(run("describe", "one", "two").err()).contains("one word too many: `two`");
    assertThat(run("scale", "chat").err()).contains("--replicas").contains("fairlead scale --help");
  }

  @Test
  void everyCommandSaysWhatToDoWhenNothingRuns() {
    for (String[] arguments :
        new String[][] {
          {"get"},
          {"describe", "chat"},
          {"chat", "chat"},
          {"logs", "chat"},
          {"top"},
          {"delete", "model/chat"},
          {"scale", "chat", "--replicas", "1"}
        }) {
      Cli.Result result = run(arguments);
      assertThat(result.exitCode()).as(arguments[0]).isEqualTo(1);
      assertThat(result.err())
          .isEqualTo("fairlead: nothing is running: start it with `fairlead up`\n");
      assertThat(result.out()).isEmpty();
    }
  }

  @Test
  void clustersAreRefused() {
    Cli.Result result = run("get", "--context", "prod");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo("fairlead: clusters are not supported yet: leave --context away\n");
  }

  @Test
  void versionNamesItselfAndJava() {
    assertThat(run("version").out()).matches("fairlead \\S+ \\(Java .*\\)\n");
    assertThat(run("--version").out()).isEqualTo(run("version").out());
  }

  @Test
  void completionIsAScript() {
    assertThat(run("completion", "bash").out()).contains("complete -F", "fairlead");
    assertThat(run("completion", "zsh").out()).contains("bashcompinit");
    assertThat(run("completion", "fish").exitCode()).isEqualTo(2);
  }

  @Test
  void aValidFileIsToldAsWhatWouldBeServed() throws Exception {
    Files.writeString(folder.resolve("models.yaml"), VALID);

    Cli.Result result = run("validate", "-f", "models.yaml");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out())
        .startsWith("team/chat (also default) would be served from " + folder.resolve("chat.gguf"))
        .contains("1 to 3 replicas");
    assertThat(result.err())
        .isEqualTo("does nothing on one machine: spec.template.nodeSelector, spec.template.spot\n");
  }

  @Test
  void everyProblemOfEveryFileIsToldWithItsPlace() throws Exception {
    Files.createDirectory(folder.resolve("all"));
    Files.writeString(
        folder.resolve("all").resolve("a.yaml"), VALID.replace("maxReplicas: 3", "maxReplicas: x"));
    Files.writeString(folder.resolve("all").resolve("b.yaml"), VALID.replace("spot", "spott"));

    Cli.Result result = run("validate", "-f", "all");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("all/a.yaml:11:18: ").contains("all/b.yaml:10:5: ");
    assertThat(result.err()).contains("did you mean `spot`?");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void aFileThatIsMissingIsNamed() {
    Cli.Result result = run("apply", "-f", "nothing.yaml");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo(
            """
            nothing.yaml: there is no such file
            fairlead: nothing was applied: correct the problems above
            """);
  }

  @Test
  void standardInputIsChecked() {
    Cli.Result result = new Cli(folder).runWith("kind: Modell\n", "validate", "-f", "-");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("stdin:1:7: unknown kind `Modell`; did you mean `Model`?");
  }
}
