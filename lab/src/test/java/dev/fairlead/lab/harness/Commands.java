package dev.fairlead.lab.harness;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How the built command is started.
///
/// @param line the program and its first arguments
public record Commands(List<String> line) {
  public Commands {
    line = List.copyOf(line);
  }

  /// `bin/fairlead` of this clone; or what the system property `fairlead.command` names.
  public static Commands built() {
    String own = System.getProperty("fairlead.command", "");
    return of(own.isEmpty() ? root().resolve("bin").resolve("fairlead") : Path.of(own));
  }

  /// That of a program which may lie anywhere.
  public static Commands of(Path program) {
    if (!Files.isExecutable(program)) {
      throw new IllegalStateException(program + " is not there: run `make check` first");
    }
    return new Commands(List.of(program.toString()));
  }

  /// The top folder of this clone.
  public static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.isRegularFile(folder.resolve("scripts").resolve("jdk.sh"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IllegalStateException("the tests run outside of a clone of Fairlead");
    }
    return folder;
  }

  /// The whole command line. A parent that ignores SIGINT, such as a job in the background, would
  /// hand that down: Ctrl-C has to work whoever runs the tests.
  List<String> with(List<String> arguments) {
    List<String> all = new ArrayList<>(List.of("env", "--default-signal=INT,TERM"));
    all.addAll(line);
    all.addAll(arguments);
    return all;
  }
}
