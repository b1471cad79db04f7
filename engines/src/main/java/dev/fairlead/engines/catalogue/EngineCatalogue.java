package dev.fairlead.engines.catalogue;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.fairlead.core.model.Artifact;
import dev.fairlead.core.model.EngineSpec;
import dev.fairlead.engines.EngineException;
import dev.fairlead.engines.EngineException.Category;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Turns what a user asked of an engine into the command that starts it. Immutable; any thread.
public final class EngineCatalogue {
  private static final List<String> RESOURCES = List.of("llama.cpp.yaml");

  private final Map<String, EngineDefinition> engines;

  private EngineCatalogue(Map<String, EngineDefinition> engines) {
    this.engines = engines;
  }

  /// The engines that this build knows.
  public static EngineCatalogue load() {
    var mapper =
        JsonMapper.builder(new YAMLFactory())
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();
    var engines = new TreeMap<String, EngineDefinition>();
    for (String resource : RESOURCES) {
      try (var stream = EngineCatalogue.class.getResourceAsStream(resource)) {
        var definition = mapper.readValue(requireNonNull(stream, resource), EngineDefinition.class);
        engines.put(definition.name(), definition);
      } catch (IOException e) {
        throw new UncheckedIOException("The catalogue's " + resource + " cannot be read", e);
      }
    }
    return new EngineCatalogue(engines);
  }

  /// The engine of that name; the message of the refusal lists the names that exist.
  public EngineDefinition engine(String name) {
    var definition = engines.get(name);
    if (definition == null) {
      throw new EngineException(
          Category.UNKNOWN_ENGINE,
          "There is no engine '%s'; set engine.name to one of: %s"
              .formatted(name, String.join(", ", engines.keySet())));
    }
    return definition;
  }

  /// The engine that a request names, or else the one that opens its model's files.
  public EngineDefinition engineFor(EngineSpec spec, Artifact artifact) {
    var definition =
        spec.name().map(this::engine).orElseGet(() -> engineForFormat(artifact.format()));
    if (!definition.formats().contains(artifact.format())) {
      throw new EngineException(
          Category.UNSUITABLE_MODEL,
          "%s does not open %s files (%s); it opens %s"
              .formatted(
                  definition.name(), artifact.format(), artifact.path(), definition.formats()));
    }
    return definition;
  }

  private EngineDefinition engineForFormat(Artifact.Format format) {
    return engines.values().stream()
        .filter(engine -> engine.formats().contains(format))
        .findFirst()
        .orElseThrow(() ->
            new EngineException(
                Category.UNSUITABLE_MODEL,
                "No engine of this build opens %s files; use a GGUF file of the model"
                    .formatted(format)));
  }

  /// The command for a request: the program, the engine's arguments, then the user's, which win
  /// where the engine lets the last one win.
  ///
  /// @throws EngineException if the user's arguments would take the engine out of supervision
  public EngineLaunch command(LaunchRequest request) {
    EngineSpec spec = request.spec();
    Artifact artifact = request.artifact();
    EngineDefinition engine = engineFor(spec, artifact);
    var purposeArguments = engine.purposes().get(artifact.purpose());
    if (purposeArguments == null) {
      throw new EngineException(
          Category.UNSUITABLE_MODEL,
          "%s does not serve models for %s".formatted(engine.name(), artifact.purpose()));
    }
    refuse(engine, spec.args().stream().map(EngineCatalogue::flagOf));
    refuse(engine, spec.env().keySet().stream());

    int contextLength = contextLength(engine, spec, artifact);
    var values =
        Map.of(
            "{model}", artifact.path(),
            "{maxBatchSize}", Integer.toString(spec.maxBatchSize()),
            "{contextLength}", Integer.toString(contextLength),
            "{totalContext}", Long.toString((long) contextLength * spec.maxBatchSize()),
            "{threads}", Integer.toString(request.threads()));
    var argv = new ArrayList<>(request.program());
    for (var groups : List.of(engine.arguments(), purposeArguments)) {
      groups.forEach(group -> group.forEach(word -> argv.add(values.getOrDefault(word, word))));
    }
    argv.addAll(spec.args());
    var env = new TreeMap<>(engine.environment());
    env.putAll(spec.env());
    return new EngineLaunch(engine.name(), argv, env, contextLength);
  }

  private static int contextLength(EngineDefinition engine, EngineSpec spec, Artifact artifact) {
    int ofModel = artifact.contextLength();
    int usual =
        ofModel == 0
            ? engine.defaultContextLength()
            : Math.min(ofModel, engine.defaultContextLength());
    return spec.contextLength().orElse(usual);
  }

  private static void refuse(EngineDefinition engine, Stream<String> names) {
    names.forEach(name ->
        engine.refused().stream()
            .filter(refusal -> refusal.names().contains(name))
            .findFirst()
            .ifPresent(refusal -> {
              throw new EngineException(
                  Category.REFUSED_ARGUMENT,
                  "%s may not be passed to %s: %s"
                      .formatted(name, engine.name(), refusal.instead()));
            }));
  }

  /// `--port=80` names the same flag as `--port`.
  private static String flagOf(String argument) {
    int equals = argument.indexOf('=');
    return argument.startsWith("-") && equals > 0 ? argument.substring(0, equals) : argument;
  }
}
