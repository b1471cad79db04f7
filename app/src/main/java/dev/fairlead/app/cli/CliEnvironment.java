package dev.fairlead.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fairlead.app.control.Instances;
import dev.fairlead.app.control.Processes;
import dev.fairlead.app.control.StateFolder;
import dev.fairlead.app.terminal.Interrupts;
import java.io.BufferedReader;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What a command has of the process it runs in.
///
/// @param interactive whether a person sits before input and output
/// @param folder where relative paths start
public record CliEnvironment(
    BufferedReader in,
    PrintStream out,
    PrintStream err,
    boolean interactive,
    Map<String, String> variables,
    Path folder,
    Instances instances,
    Interrupts interrupts) {
  public CliEnvironment {
    variables = Map.copyOf(variables);
  }

  /// The environment of this process. Output is UTF-8 whatever the locale says, because answers of
  /// models are not ASCII.
  public static CliEnvironment ofThisProcess() {
    Map<String, String> variables = System.getenv();
    Path home = Path.of(System.getProperty("user.home", "."));
    return new CliEnvironment(
        new BufferedReader(new InputStreamReader(System.in, UTF_8)),
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8),
        Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false),
        variables,
        Path.of("").toAbsolutePath(),
        new Instances(StateFolder.of(variables, home), Processes.ofThisMachine()),
        Interrupts.ofThisProcess());
  }
}
