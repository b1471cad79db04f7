package dev.fairlead.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fairlead.app.control.Instances;
import dev.fairlead.app.control.StateFolder;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// Runs commands in this process, as a shell would, without a terminal.
final class Cli {
  private final Path folder;
  private final Instances instances;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<Runnable> interrupts = new CopyOnWriteArrayList<>();

  /// What a command left.
  record Result(int exitCode, String out, String err) {}

  Cli(Path folder) {
    this.folder = folder;
    this.instances =
        new Instances(
            StateFolder.of(Map.of("FAIRLEAD_STATE", folder.resolve("state").toString()), folder),
            _ -> Optional.of(Instant.EPOCH));
  }

  Instances instances() {
    return instances;
  }

  Path folder() {
    return folder;
  }

  /// What a running command has printed so far.
  synchronized String printed() {
    return out.toString(UTF_8);
  }

  /// Presses Ctrl-C.
  void interrupt() {
    interrupts.forEach(Runnable::run);
  }

  Result run(String... arguments) {
    return runWith("", arguments);
  }

  /// Runs with this standard input.
  Result runWith(String input, String... arguments) {
    out.reset();
    err.reset();
    var environment =
        new CliEnvironment(
            new BufferedReader(new StringReader(input)),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            false,
            Map.of("FAIRLEAD_API_KEY", "fl-key"),
            folder,
            instances,
            action -> {
              interrupts.add(action);
              return () -> interrupts.remove(action);
            });
    int exitCode = FairleadCommand.line(environment).execute(arguments);
    return new Result(exitCode, out.toString(UTF_8), err.toString(UTF_8));
  }
}
