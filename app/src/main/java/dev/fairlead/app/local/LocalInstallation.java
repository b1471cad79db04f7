package dev.fairlead.app.local;

import static java.util.stream.Collectors.toMap;

import dev.fairlead.api.ArtifactStatus;
import dev.fairlead.api.Condition;
import dev.fairlead.api.Conditions;
import dev.fairlead.api.Metadata;
import dev.fairlead.api.Model;
import dev.fairlead.api.ModelStatus;
import dev.fairlead.api.ModelVersion;
import dev.fairlead.api.ModelVersionStatus;
import dev.fairlead.api.ParseResult;
import dev.fairlead.api.Problem;
import dev.fairlead.api.Resource;
import dev.fairlead.api.ResourceKey;
import dev.fairlead.api.ResourceParser;
import dev.fairlead.api.ResourceStatus;
import dev.fairlead.api.Tenant;
import dev.fairlead.api.TenantStatus;
import dev.fairlead.app.control.Installation;
import dev.fairlead.app.control.TenantKeyring;
import dev.fairlead.app.control.UsageRequest;
import dev.fairlead.app.journal.Journal;
import dev.fairlead.app.journal.Listening;
import dev.fairlead.app.journal.Samples;
import dev.fairlead.app.tenant.Keyring;
import dev.fairlead.core.model.ModelSpec;
import dev.fairlead.core.model.VersionSpec;
import dev.fairlead.core.plan.Health;
import dev.fairlead.core.plan.Plan;
import dev.fairlead.core.plan.Preparation;
import dev.fairlead.core.plan.Replica;
import dev.fairlead.core.rollout.RolloutState;
import dev.fairlead.core.usage.UsageReport;
import dev.fairlead.dataplane.gateway.RecentRequests;
import dev.fairlead.engines.process.EngineLog;
import dev.fairlead.engines.process.LogRing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;

/// The installation on this machine, for its doors. Safe for every thread.
final class LocalInstallation implements Installation {
  private final DesiredState desired;
  private final LocalExecutor executor;
  private final ControlLoop loop;
  private final Supplier<String> overview;
  private final Keyring keyring;
  private final RecentRequests requests;
  private final Function<UsageRequest, UsageReport> usage;
  private final Journal journal;
  private final Samples samples;
  private final InstantSource clock;
  private final Signal signal;
  private final CopyOnWriteArrayList<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Map<String, List<Condition>> conditions = new ConcurrentHashMap<>();

  /// The parts that the doors reach.
  record Parts(
      DesiredState desired,
      LocalExecutor executor,
      ControlLoop loop,
      Supplier<String> overview,
      Keyring keyring,
      RecentRequests requests,
      Function<UsageRequest, UsageReport> usage,
      Journal journal,
      Samples samples,
      InstantSource clock,
      Signal signal) {}

  LocalInstallation(Parts parts) {
    desired = parts.desired();
    executor = parts.executor();
    loop = parts.loop();
    overview = parts.overview();
    keyring = parts.keyring();
    requests = parts.requests();
    usage = parts.usage();
    journal = parts.journal();
    samples = parts.samples();
    clock = parts.clock();
    signal = parts.signal();
  }

  /// The control loop has made a round: a condition changes when it did, not when somebody looks.
  void reported() {
    Plan plan = loop.latest().plan();
    Set<String> told = new HashSet<>();
    plan.models().forEach((name, health) -> told.add(condition("Model/" + name, health)));
    plan.versions().forEach((name, health) -> told.add(condition("ModelVersion/" + name, health)));
    keyring.summaries().forEach(tenant -> told.add(tenantCondition(tenant)));
    conditions.keySet().retainAll(told);
    listeners.forEach(Runnable::run);
  }

  @Override
  public List<Described> resources() {
    ControlLoop.Round round = loop.latest();
    List<Described> all = new ArrayList<>();
    List<Resource> written = desired.snapshot().resources();
    for (Resource resource : written) {
      if (resource instanceof Model model) {
        all.add(new Described(model, modelStatus(round, model.metadata().name())));
      }
    }
    for (VersionSpec version : round.seen().versions()) {
      versionResource(round, written, version)
          .ifPresent(resource -> all.add(new Described(resource, versionStatus(round, version))));
    }
    Map<String, Keyring.Summary> tenants =
        keyring.summaries().stream()
            .collect(toMap(tenant -> tenant.spec().tenant().name(), tenant -> tenant));
    for (Resource resource : written) {
      Keyring.Summary known = tenants.get(resource.metadata().name());
      if (resource instanceof Tenant && known != null) {
        all.add(new Described(resource, tenantStatus(known)));
      }
    }
    return all;
  }

  @Override
  public Applied apply(String text, String fileName) {
    ParseResult parsed = ResourceParser.parse(text, fileName);
    if (parsed.hasErrors()) {
      return new Applied(List.of(), parsed.problems());
    }
    DesiredState.Snapshot before = desired.snapshot();
    List<Problem> problems = new ArrayList<>(parsed.problems());
    problems.addAll(desired.apply(parsed));
    if (problems.stream().anyMatch(Problem::isError)) {
      return new Applied(List.of(), problems);
    }
    signal.raise();
    return new Applied(
        parsed.resources().stream()
            .map(resource -> "%s %s".formatted(resource.key(), became(before, resource)))
            .toList(),
        problems);
  }

  private static String became(DesiredState.Snapshot before, Resource resource) {
    Optional<Resource> old = before.find(resource.key());
    if (old.isEmpty()) {
      return "created";
    }
    return old.orElseThrow().equals(resource) ? "unchanged" : "configured";
  }

  @Override
  public void delete(ResourceKey key) {
    if (desired.snapshot().find(key).isEmpty()) {
      throw new RefusedException(
          "There is no %s. `fairlead get` lists what is there.".formatted(key));
    }
    List<Problem> problems = desired.delete(key);
    problems.stream()
        .filter(Problem::isError)
        .findFirst()
        .ifPresent(problem -> {
          throw new RefusedException("%s is in use: %s".formatted(key, problem.message()));
        });
    signal.raise();
  }

  @Override
  public String scale(String name, OptionalInt replicas) {
    VersionSpec version = find(name);
    if (replicas.isPresent() && replicas.getAsInt() < 0) {
      throw new RefusedException("replicas is negative: " + replicas.getAsInt());
    }
    int most = version.scaling().maxReplicas();
    if (replicas.isPresent() && replicas.getAsInt() > most) {
      throw new RefusedException(
          "%d replicas are more than maxReplicas %d of %s: raise it in its YAML."
              .formatted(replicas.getAsInt(), most, version.name()));
    }
    desired.pin(version.name(), replicas);
    signal.raise();
    return replicas.isPresent()
        ? "%s is pinned to %d replicas until `fairlead scale %s --replicas auto`."
            .formatted(version.name(), replicas.getAsInt(), name)
        : "%s scales between %d and %d replicas by demand."
            .formatted(version.name(), version.scaling().minReplicas(), most);
  }

  @Override
  public Optional<LogRing> log(String name, boolean previous) {
    Optional<RunningReplica> replica = executor.latest(name);
    if (replica.isEmpty()) {
      replica = executor.latest(find(name).name());
    }
    return replica
        .map(RunningReplica::log)
        .flatMap(log -> previous ? log.previous() : Optional.of(log).map(EngineLog::current));
  }

  /// The version of that name, or the active one of the model of that name.
  private VersionSpec find(String name) {
    ControlLoop.Round round = loop.latest();
    String wanted =
        round.seen().models().stream()
            .filter(model -> model.name().equals(name) || model.servedName().equals(name))
            .findFirst()
            .map(model -> active(round, model.name()).orElse(model.version()))
            .orElse(name);
    return round.seen().versions().stream()
        .filter(version -> version.name().equals(wanted))
        .findFirst()
        .orElseThrow(() ->
            new RefusedException(
                "There is no model or version %s. There are: %s"
                    .formatted(
                        name,
                        String.join(
                            ", ", round.seen().models().stream().map(ModelSpec::name).toList()))));
  }

  @Override
  public String overview() {
    return overview.get();
  }

  @Override
  public Listening onChange(Runnable changed) {
    listeners.add(changed);
    return () -> listeners.remove(changed);
  }

  @Override
  public UsageReport usage(UsageRequest request) {
    return usage.apply(request);
  }

  @Override
  public TenantKeyring tenantKeys() {
    return keyring;
  }

  @Override
  public RecentRequests requests() {
    return requests;
  }

  @Override
  public Journal journal() {
    return journal;
  }

  @Override
  public Samples samples() {
    return samples;
  }

  private static Optional<String> active(ControlLoop.Round round, String model) {
    return Optional.ofNullable(round.plan().memory().rollouts().get(model))
        .map(RolloutState::active);
  }

  private ResourceStatus modelStatus(ControlLoop.Round round, String name) {
    Optional<ModelSpec> spec =
        round.seen().models().stream().filter(model -> model.name().equals(name)).findFirst();
    return new ModelStatus(
        conditions.getOrDefault("Model/" + name, List.of()),
        active(round, name),
        spec.map(ModelSpec::servedName),
        spec.map(ModelSpec::aliases).orElse(List.of()));
  }

  private ResourceStatus versionStatus(ControlLoop.Round round, VersionSpec version) {
    String name = version.name();
    List<Replica> replicas =
        round.seen().replicas().stream().filter(replica -> replica.version().equals(name)).toList();
    Optional<ArtifactStatus> artifact =
        round.seen().preparations().get(name) instanceof Preparation.Prepared prepared
            ? Optional.of(ArtifactStatus.of(prepared.artifact()))
            : Optional.empty();
    return new ModelVersionStatus(
        conditions.getOrDefault("ModelVersion/" + name, List.of()),
        replicas.size(),
        (int)
            replicas.stream()
                .filter(replica -> replica.phase() instanceof Replica.Phase.Ready)
                .count(),
        round.plan().targets().getOrDefault(name, 0),
        artifact);
  }

  private ResourceStatus tenantStatus(Keyring.Summary tenant) {
    return new TenantStatus(
        conditions.getOrDefault("Tenant/" + tenant.spec().tenant().name(), List.of()),
        tenant.validKeys(),
        tenant.lastUsed());
  }

  private String tenantCondition(Keyring.Summary tenant) {
    String name = tenant.spec().tenant().name();
    return tenant.validKeys() > 0
        ? condition(
            "Tenant/" + name,
            Condition.Status.TRUE,
            "HasKeys",
            "%d of %d keys are valid".formatted(tenant.validKeys(), tenant.keys()))
        : condition(
            "Tenant/" + name,
            Condition.Status.FALSE,
            "NoValidKey",
            "Make one: fairlead tenant key create " + name);
  }

  private String condition(String key, Health now) {
    Condition.Status ready =
        switch (now.state()) {
          case READY, PROGRESSING, IDLE -> Condition.Status.TRUE;
          case PREPARING, STARTING, FAILED -> Condition.Status.FALSE;
        };
    return condition(key, ready, now.reason(), now.message());
  }

  private String condition(String key, Condition.Status ready, String reason, String message) {
    Instant time = clock.instant();
    List<Condition> next = List.of(new Condition("Ready", ready, reason, message, time));
    conditions.merge(key, next, (old, _) -> Conditions.merge(old, next, time));
    return key;
  }

  /// The resource of a version as it was written, or as its Model's template says it; empty for one
  /// that only finishes what it has.
  private static Optional<Resource> versionResource(
      ControlLoop.Round round, List<Resource> written, VersionSpec version) {
    for (Resource resource : written) {
      if (resource instanceof ModelVersion && resource.metadata().name().equals(version.name())) {
        return Optional.of(resource);
      }
    }
    return round.seen().models().stream()
        .filter(model -> model.version().equals(version.name()))
        .findFirst()
        .flatMap(model -> template(written, model.name()))
        .map(spec -> new ModelVersion(Metadata.named(version.name()), spec));
  }

  private static Optional<ModelVersion.Spec> template(List<Resource> written, String model) {
    return written.stream()
        .filter(Model.class::isInstance)
        .map(Model.class::cast)
        .filter(resource -> resource.metadata().name().equals(model))
        .findFirst()
        .flatMap(resource -> resource.spec().template());
  }
}
