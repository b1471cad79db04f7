package dev.fairlead.engines.catalogue;

import static java.util.Objects.requireNonNull;

import dev.fairlead.core.model.Artifact;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/// What the catalogue's YAML says about one engine. Argument templates are kept as groups (a flag
/// and its values), with placeholders in braces.
///
/// @param formats the layouts of model files that it opens
/// @param defaultContextLength tokens per sequence where neither the user nor the model asks for
///   less
/// @param arguments what every model gets
/// @param purposes what only a model of that purpose gets; a purpose that is absent is not served
/// @param refused what the user may not pass
/// @param environment variables that are set unless the user sets them
/// @param listeningLine matches the line that tells the port, which is its first group
public record EngineDefinition(
    String name,
    Set<Artifact.Format> formats,
    int defaultContextLength,
    List<List<String>> arguments,
    Map<Artifact.Purpose, List<List<String>>> purposes,
    List<Refusal> refused,
    Map<String, String> environment,
    Pattern listeningLine) {
  private static final int MAX_PORT = 65_535;

  /// Flags and environment variables that would take an engine out of supervision, with what the
  /// user can do instead.
  public record Refusal(Set<String> names, String instead) {
    public Refusal {
      names = Set.copyOf(requireNonNull(names, "names is null"));
      requireNonNull(instead, "instead is null");
    }
  }

  public EngineDefinition {
    requireNonNull(name, "name is null");
    formats = Set.copyOf(requireNonNull(formats, "formats is null"));
    if (defaultContextLength <= 0) {
      throw new IllegalArgumentException(
          "defaultContextLength is not positive: " + defaultContextLength);
    }
    arguments = List.copyOf(requireNonNull(arguments, "arguments is null"));
    purposes = Map.copyOf(requireNonNull(purposes, "purposes is null"));
    refused = List.copyOf(requireNonNull(refused, "refused is null"));
    environment = Map.copyOf(requireNonNull(environment, "environment is null"));
    requireNonNull(listeningLine, "listeningLine is null");
  }

  /// The port that a line of the engine's output tells, if it is the line that does.
  public OptionalInt listeningPort(String line) {
    var matcher = listeningLine.matcher(line);
    if (!matcher.find()) {
      return OptionalInt.empty();
    }
    int port = Integer.parseInt(matcher.group(1));
    return port > 0 && port <= MAX_PORT ? OptionalInt.of(port) : OptionalInt.empty();
  }
}
