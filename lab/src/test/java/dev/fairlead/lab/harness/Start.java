package dev.fairlead.lab.harness;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How a `fairlead up` is to be started. Immutable.
///
/// @param arguments those after `up --port PORT`
/// @param environment what is set beside this process' own
/// @param readyWithin how long until it serves; a first start may have to fetch engine and model
public record Start(
    Commands command,
    List<String> arguments,
    Map<String, String> environment,
    Duration readyWithin) {
  public Start {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  /// The built command with these arguments, such as `-f` and a file.
  public static Start with(String... arguments) {
    return new Start(Commands.built(), List.of(arguments), Map.of(), Duration.ofMinutes(4));
  }

  /// One that serves the resources of a YAML file.
  public static Start of(Path yaml) {
    return with("-f", yaml.toString());
  }

  public Start and(String... more) {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of(more));
    return new Start(command, all, environment, readyWithin);
  }

  public Start environment(String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(environment);
    all.put(name, value);
    return new Start(command, arguments, all, readyWithin);
  }

  public Start command(Commands other) {
    return new Start(other, arguments, environment, readyWithin);
  }
}
