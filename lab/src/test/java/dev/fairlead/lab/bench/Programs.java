package dev.fairlead.lab.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The command lines of this package's programs. Stateless.
final class Programs {
  private Programs() {}

  /// A JVM of its own for a class with a main method.
  static List<String> java(Class<?> program, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
    command.addAll(List.of(arguments));
    return command;
  }
}
