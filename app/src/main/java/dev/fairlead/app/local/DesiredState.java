package dev.fairlead.app.local;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import dev.fairlead.api.Origin;
import dev.fairlead.api.ParseResult;
import dev.fairlead.api.Problem;
import dev.fairlead.api.ResolvedResources;
import dev.fairlead.api.Resource;
import dev.fairlead.api.ResourceKey;
import dev.fairlead.api.Resources;
import dev.fairlead.core.admit.TenantSpec;
import dev.fairlead.core.model.ModelSpec;
import dev.fairlead.core.model.Scaling;
import dev.fairlead.core.model.VersionSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// What the user wants: the resources of the files, with what was applied, deleted and pinned
/// since. Safe for every thread; a change is complete or not at all.
final class DesiredState {
  private final Optional<Path> modelsDirectory;
  private final Path workingDirectory;
  private final Consumer<List<TenantSpec>> tenants;
  private ParseResult files = new ParseResult(List.of(), List.of(), Map.of());
  private final Map<ResourceKey, Resource> applied = new LinkedHashMap<>();
  private final Map<ResourceKey, Origin> appliedOrigins = new HashMap<>();
  private final Set<ResourceKey> deleted = new HashSet<>();
  private final Map<String, Integer> pins = new HashMap<>();
  private Snapshot snapshot =
      new Snapshot(List.of(), new ResolvedResources(List.of(), List.of(), List.of(), List.of()));

  /// Everything at one moment: the resources in their order, and what they mean.
  record Snapshot(List<Resource> resources, ResolvedResources resolved) {
    Snapshot {
      resources = List.copyOf(resources);
    }

    Optional<Resource> find(ResourceKey key) {
      return resources.stream().filter(resource -> resource.key().equals(key)).findFirst();
    }
  }

  /// @param tenants is told of the tenants with each change, before the change returns
  DesiredState(
      Optional<Path> modelsDirectory, Path workingDirectory, Consumer<List<TenantSpec>> tenants) {
    this.modelsDirectory = modelsDirectory;
    this.workingDirectory = workingDirectory;
    this.tenants = tenants;
  }

  synchronized Snapshot snapshot() {
    return snapshot;
  }

  /// Takes what the files say now. With an error nothing changes; the problems are the result.
  synchronized List<Problem> files(ParseResult now) {
    if (now.hasErrors()) {
      return now.problems();
    }
    Fields before = fields();
    // What a file says anew is meant: it ends what was applied or deleted before it.
    now.resources().stream()
        .filter(resource -> !files.resources().contains(resource))
        .map(Resource::key)
        .forEach(key -> {
          applied.remove(key);
          appliedOrigins.remove(key);
          deleted.remove(key);
        });
    files = now;
    return Stream.concat(now.problems().stream(), resolveOrRestore(before).stream()).toList();
  }

  /// Takes more resources, or others in the place of those of the same name.
  synchronized List<Problem> apply(ParseResult parsed) {
    Fields before = fields();
    appliedOrigins.putAll(parsed.origins());
    parsed
        .resources()
        .forEach(resource -> {
          applied.put(resource.key(), resource);
          deleted.remove(resource.key());
        });
    return resolveOrRestore(before);
  }

  /// Takes a resource away; the problems say why it has to stay.
  synchronized List<Problem> delete(ResourceKey key) {
    Optional<Resource> present = snapshot.find(key);
    if (present.isEmpty()) {
      return List.of();
    }
    Fields before = fields();
    applied.remove(key);
    appliedOrigins.remove(key);
    deleted.add(key);
    return resolveOrRestore(before);
  }

  /// Pins the replicas of a version, or lets them scale again.
  synchronized void pin(String version, OptionalInt replicas) {
    if (replicas.isPresent()) {
      pins.put(version, replicas.getAsInt());
    } else {
      pins.remove(version);
    }
    var _ = resolve();
  }

  /// What an error takes everything back to.
  private record Fields(
      ParseResult files,
      Map<ResourceKey, Resource> applied,
      Map<ResourceKey, Origin> appliedOrigins,
      Set<ResourceKey> deleted) {}

  private Fields fields() {
    return new Fields(
        files, new LinkedHashMap<>(applied), new HashMap<>(appliedOrigins), new HashSet<>(deleted));
  }

  private List<Problem> resolveOrRestore(Fields before) {
    List<Problem> problems = resolve();
    if (problems.stream().anyMatch(Problem::isError)) {
      files = before.files();
      applied.clear();
      applied.putAll(before.applied());
      appliedOrigins.clear();
      appliedOrigins.putAll(before.appliedOrigins());
      deleted.clear();
      deleted.addAll(before.deleted());
    }
    return problems;
  }

  /// Works out the snapshot of the present fields; leaves it as it is when there is an error. A pin
  /// goes with its version.
  private List<Problem> resolve() {
    Map<ResourceKey, Resource> all = new LinkedHashMap<>();
    files.resources().forEach(resource -> all.put(resource.key(), resource));
    all.putAll(applied);
    deleted.forEach(all::remove);
    Map<ResourceKey, Origin> origins = new HashMap<>(files.origins());
    origins.putAll(appliedOrigins);
    ParseResult together = new ParseResult(List.copyOf(all.values()), List.of(), origins);
    ResolvedResources resolved = resolve(together);
    List<Problem> problems = new ArrayList<>(resolved.problems());
    problems.addAll(changedTemplates(resolved));
    if (problems.stream().noneMatch(Problem::isError)) {
      pins.keySet().retainAll(resolved.versions().stream().map(VersionSpec::name).collect(toSet()));
      snapshot = new Snapshot(List.copyOf(all.values()), pinned(resolved));
      tenants.accept(resolved.tenants());
    }
    return problems;
  }

  private ResolvedResources resolve(ParseResult together) {
    return together.origins().isEmpty()
        ? Resources.resolve(together.resources(), modelsDirectory, workingDirectory)
        : Resources.resolve(together, modelsDirectory);
  }

  /// A version's template never changes under its name: what serves would not be what is written.
  private List<Problem> changedTemplates(ResolvedResources now) {
    Map<String, VersionSpec> before =
        snapshot.resolved().versions().stream().collect(toMap(VersionSpec::name, spec -> spec));
    List<Problem> problems = new ArrayList<>();
    for (VersionSpec version : now.versions()) {
      VersionSpec old = before.get(version.name());
      if (old != null && !old.sameTemplate(version)) {
        problems.add(
            new Problem(
                "",
                0,
                0,
                "spec",
                "ModelVersion `%s` runs already and its source, engine and version cannot change: write a ModelVersion with another name, or delete this one first"
                    .formatted(version.name()),
                Problem.Severity.ERROR,
                Problem.Reason.INVALID_FIELD));
      }
    }
    return problems;
  }

  private ResolvedResources pinned(ResolvedResources resolved) {
    List<ModelSpec> models = resolved.models();
    List<VersionSpec> versions =
        resolved.versions().stream()
            .map(version -> {
              Integer pin = pins.get(version.name());
              return pin == null ? version : withPin(version, pin);
            })
            .toList();
    return new ResolvedResources(models, versions, resolved.tenants(), resolved.problems());
  }

  private static VersionSpec withPin(VersionSpec version, int replicas) {
    Scaling scaling = version.scaling();
    return new VersionSpec(
        version.name(),
        version.label(),
        version.source(),
        version.engine(),
        new Scaling(
            scaling.minReplicas(),
            scaling.maxReplicas(),
            OptionalInt.of(replicas),
            scaling.scaleToZeroAfter()),
        version.nonStreamingWait(),
        version.maxStreamDuration());
  }
}
