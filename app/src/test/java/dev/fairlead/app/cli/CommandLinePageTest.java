package dev.fairlead.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

class CommandLinePageTest {
  private static final Path PAGE = Path.of("..", "docs", "reference", "cli.md");
  private static final int WIDTH = 100;
  private static final String HEAD =
      """
      # The command line

      <!-- Generated from the commands' own help, and compared by CommandLinePageTest, whose message
           says how to write it anew. -->

      From a clone the command is `bin/fairlead`. `fairlead COMMAND --help` shows the same.
      """;

  @Test
  void thePageSaysWhatTheHelpSays() throws IOException {
    String page = page();
    if (Boolean.getBoolean("fairlead.regenerate")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE))
        .as(
            "write the page anew: mvn -pl app -am package -Dtest=CommandLinePageTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dfairlead.regenerate=true")
        .isEqualTo(page);
  }

  private static String page() {
    CommandLine line = FairleadCommand.line(CliEnvironment.ofThisProcess());
    StringBuilder page = new StringBuilder(HEAD);
    addAll(page, line);
    return page.toString();
  }

  private static void addAll(StringBuilder page, CommandLine command) {
    add(page, command);
    command.getSubcommands().values().forEach(inner -> addAll(page, inner));
  }

  private static void add(StringBuilder page, CommandLine command) {
    command.setUsageHelpAutoWidth(false).setUsageHelpWidth(WIDTH);
    String usage = command.getUsageMessage(Ansi.OFF).replace("\r", "").strip();
    page.append("\n## ")
        .append(command.getCommandSpec().qualifiedName())
        .append("\n\n```text\n")
        .append(usage)
        .append("\n```\n");
  }
}
