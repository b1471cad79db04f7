package dev.fairlead.app.cli;

import dev.fairlead.api.Nearest;
import dev.fairlead.app.control.ControlClient;
import dev.fairlead.app.control.Instances;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Turns what went wrong into one line on stderr and an exit code. Stateless.
final class Errors {
  private Errors() {}

  /// Something that was typed is wrong: exit code 2.
  static int usage(ParameterException e, PrintStream err) {
    String what =
        e instanceof UnmatchedArgumentException unmatched
            ? unmatched(unmatched)
            : lowerFirst(String.valueOf(e.getMessage()));
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    print(err, "%s (see `%s --help`)".formatted(what, command));
    return 2;
  }

  private static String unmatched(UnmatchedArgumentException e) {
    CommandLine line = e.getCommandLine();
    String word = e.getUnmatched().getFirst();
    if (e.isUnknownOption()) {
      Set<String> known = line.getCommandSpec().optionsMap().keySet();
      return "there is no option `%s`%s".formatted(word, Nearest.hint(word, known));
    }
    Set<String> commands = line.getSubcommands().keySet();
    return commands.isEmpty()
        ? "there is one word too many: `%s`".formatted(word)
        : "there is no command `%s`%s".formatted(word, Nearest.hint(word, commands));
  }

  /// A command failed: exit code 1, or 2 when its input is wrong.
  static int failure(Exception e, PrintStream err) {
    print(err, message(e));
    return e instanceof CliException cli ? cli.exitCode() : 1;
  }

  static void print(PrintStream err, String message) {
    err.println("fairlead: " + message.strip().replaceAll("\\s*\\R\\s*", " "));
  }

  private static String message(Exception e) {
    return switch (e) {
      case CliException known -> String.valueOf(known.getMessage());
      case Instances.NotFoundException known -> String.valueOf(known.getMessage());
      case ControlClient.RefusedException known -> String.valueOf(known.getMessage());
      case UncheckedIOException known -> String.valueOf(known.getMessage());
      default -> "this should not have happened: %s; please report it".formatted(e);
    };
  }

  private static String lowerFirst(String text) {
    return text.isEmpty() ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
  }
}
