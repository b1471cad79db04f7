package dev.fairlead.lab.bench;

import dev.fairlead.lab.harness.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The command lines of this package's programs. Stateless.
final class Programs {
  private Programs() {}

  /// A JVM of its own for a class with a main method that serves to measure.
  static List<String> java(Class<?> program, String... arguments) {
    List<String> options =
        List.of(
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");
    return command(options, program, arguments);
  }

  /// A JVM as `bin/fairlead` starts it, with the options that stand there, so that collector and
  /// memory are those of a user.
  static List<String> asFairlead(Class<?> program, String... arguments) throws IOException {
    List<String> script = Files.readAllLines(Commands.root().resolve("bin/fairlead"));
    List<String> options =
        script.stream()
            .dropWhile(line -> !line.startsWith("exec "))
            .skip(1)
            .takeWhile(line -> !line.contains("FAIRLEAD_JAVA_OPTS"))
            .flatMap(line ->
                Stream.of(
                    line.replace("\\", "")
                        .replace("$collector", value(script, "collector"))
                        .replace("$heap", value(script, "heap"))
                        .strip()
                        .split(" +", -1)))
            .toList();
    if (!options.contains("-Xmx512m")) {
      throw new IllegalStateException("bin/fairlead starts its JVM otherwise: " + options);
    }
    return command(options, program, arguments);
  }

  /// What a variable of the script is set to first.
  private static String value(List<String> script, String variable) {
    return script.stream()
        .filter(line -> line.startsWith(variable + "="))
        .map(line -> line.substring(variable.length() + 1).replace("'", ""))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("bin/fairlead sets no " + variable));
  }

  private static List<String> command(List<String> options, Class<?> program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(List.of(arguments));
    return command;
  }
}
