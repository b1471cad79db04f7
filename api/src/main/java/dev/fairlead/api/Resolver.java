package dev.fairlead.api;

import dev.fairlead.api.Problem.Reason;
import dev.fairlead.api.Problem.Severity;
import dev.fairlead.api.Resource.Kind;
import dev.fairlead.core.admit.TenantSpec;
import dev.fairlead.core.model.ModelSpec;
import dev.fairlead.core.model.VersionSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Turns resources into models and versions.
///
/// 1. Note every ModelVersion, and which of them some Model refers to.
/// 2. In the order of the resources, give each Model, and each ModelVersion that no Model refers
///    to, its served name and aliases; the first one keeps a name.
/// 3. A model that got its served name brings its version: the one referred to, the template's, or
///    itself.
/// 4. Tenants follow, because they name models: see {@link TenantResolver}.
///
/// Not thread-safe: lives in one call.
final class Resolver {
  private final Map<ResourceKey, Origin> origins;
  private final Optional<Path> modelsDir;
  private final Function<String, Path> folderOf;

  private final Map<ResourceKey, ModelVersion> written = new LinkedHashMap<>();
  private final Map<String, Resource> servedBy = new HashMap<>();
  private final Map<String, Resource> modelNames = new HashMap<>();
  private final Map<String, Resource> versionNames = new HashMap<>();
  private final List<ModelSpec> models = new ArrayList<>();
  private final Map<String, VersionSpec> versions = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  /// @param folderOf the folder where relative paths of a file's resources start
  Resolver(
      Map<ResourceKey, Origin> origins, Optional<Path> modelsDir, Function<String, Path> folderOf) {
    this.origins = origins;
    this.modelsDir = modelsDir.map(path -> path.toAbsolutePath().normalize());
    this.folderOf = folderOf;
  }

  ResolvedResources resolve(List<? extends Resource> resources) {
    Set<ResourceKey> referred = new HashSet<>();
    for (Resource resource : resources) {
      switch (resource) {
        case ModelVersion version -> written.putIfAbsent(version.key(), version);
        case Tenant _ -> {}
        case Model model -> {
          model.spec().version().ifPresent(name -> referred.add(versionKey(model, name)));
          overflowOf(model).ifPresent(name -> referred.add(versionKey(model, name)));
        }
      }
    }
    for (Resource resource : resources) {
      switch (resource) {
        case Model model -> model(model);
        case ModelVersion version when !referred.contains(version.key()) ->
            serve(version, version.metadata().name(), List.of(), version);
        case ModelVersion _, Tenant _ -> {}
      }
    }
    var tenants = new TenantResolver(origins, servedBy.keySet());
    List<TenantSpec> tenantSpecs = tenants.resolve(resources);
    problems.addAll(tenants.problems());
    return new ResolvedResources(models, List.copyOf(versions.values()), tenantSpecs, problems);
  }

  private static ResourceKey versionKey(Model model, String name) {
    return new ResourceKey(Kind.MODEL_VERSION, model.key().namespace(), name);
  }

  private void model(Model model) {
    String servedName = model.spec().servedName().orElse(model.metadata().name());
    Optional<ModelVersion> version = versionOf(model);
    if (version.isPresent()) {
      serve(model, servedName, model.spec().aliases(), version.get());
    }
  }

  private static Optional<String> overflowOf(Model model) {
    return model.spec().overflow().map(Model.Overflow::version);
  }

  /// The version that helps a model out, which becomes known by it.
  private Optional<String> overflow(Model model) {
    Optional<String> name = overflowOf(model);
    if (name.isEmpty()) {
      return name;
    }
    ModelVersion version = written.get(versionKey(model, name.orElseThrow()));
    if (version == null
        || version.spec().engine().flatMap(ModelVersion.Engine::baseUrl).isEmpty()) {
      report(
          model,
          "spec.overflow.version",
          version == null
              ? "%s: there is no ModelVersion `%s`".formatted(model.key(), name.orElseThrow())
              : "%s: the ModelVersion `%s` does not have the engine `openai`: only a server elsewhere helps out"
                  .formatted(model.key(), name.orElseThrow()),
          Severity.ERROR,
          version == null ? Reason.NOT_FOUND : Reason.INVALID_FIELD);
      return Optional.empty();
    }
    versions.computeIfAbsent(
        name.orElseThrow(), _ -> VersionSpecs.of(version, path -> located(path, model, version)));
    return name;
  }

  /// The ModelVersion behind a Model; one is made up for a template.
  private Optional<ModelVersion> versionOf(Model model) {
    Optional<ModelVersion.Spec> template = model.spec().template();
    if (template.isPresent()) {
      Metadata own = model.metadata();
      String name = VersionHash.nameOf(own.name(), template.get());
      var metadata = new Metadata(name, own.namespace(), own.labels(), Map.of());
      return Optional.of(new ModelVersion(metadata, template.get()));
    }
    String name = model.spec().version().orElseThrow();
    ModelVersion version = written.get(versionKey(model, name));
    if (version == null) {
      List<String> names =
          written.keySet().stream()
              .filter(key -> key.namespace().equals(model.key().namespace()))
              .map(ResourceKey::name)
              .toList();
      report(
          model,
          "spec.version",
          "%s: there is no ModelVersion `%s`%s"
              .formatted(model.key(), name, Nearest.hint(name, names)),
          Severity.ERROR,
          Reason.NOT_FOUND);
    }
    return Optional.ofNullable(version);
  }

  private void serve(
      Resource holder, String servedName, List<String> wantedAliases, ModelVersion version) {
    String name = holder.metadata().name();
    String versionName = version.metadata().name();
    if (taken(modelNames, name, holder, "metadata.name", "the name")
        || taken(servedBy, servedName, holder, "spec.servedName", "the served name")) {
      return;
    }
    boolean known = version.equals(versionNames.get(versionName));
    if (!known && taken(versionNames, versionName, holder, "metadata.name", "the version's name")) {
      return;
    }
    versionNames.put(versionName, version);
    modelNames.put(name, holder);
    servedBy.put(servedName, holder);
    List<String> aliases =
        wantedAliases.stream()
            .distinct()
            .filter(alias -> !alias.equals(servedName))
            .filter(alias -> !taken(servedBy, alias, holder, "spec.aliases", "the alias"))
            .collect(Collectors.toCollection(ArrayList::new));
    aliases.forEach(alias -> servedBy.put(alias, holder));
    Optional<String> overflow = holder instanceof Model model ? overflow(model) : Optional.empty();
    models.add(new ModelSpec(name, servedName, aliases, versionName, overflow));
    versions.computeIfAbsent(
        versionName, _ -> VersionSpecs.of(version, path -> located(path, holder, version)));
  }

  private boolean taken(
      Map<String, Resource> holders, String name, Resource by, String path, String what) {
    Resource first = holders.get(name);
    if (first == null) {
      return false;
    }
    String place =
        Optional.ofNullable(origins.get(first.key())).map(origin -> " in " + origin).orElse("");
    report(
        by,
        path,
        "%s: %s `%s` is held by %s%s; choose another"
            .formatted(by.key(), what, name, first.key(), place),
        Severity.WARNING,
        Reason.NAME_TAKEN);
    return true;
  }

  private String located(String modelPath, Resource holder, ModelVersion version) {
    Origin origin = origins.getOrDefault(version.key(), originOf(holder));
    Path base = folderOf.apply(origin.file());
    return ModelPaths.locate(modelPath, modelsDir, base).toString();
  }

  private void report(
      Resource resource, String path, String message, Severity severity, Reason reason) {
    Origin origin = originOf(resource);
    problems.add(
        new Problem(
            origin.file(), origin.line(), origin.column(), path, message, severity, reason));
  }

  private Origin originOf(Resource resource) {
    return origins.getOrDefault(resource.key(), new Origin("", 0, 0));
  }
}
