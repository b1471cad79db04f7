package dev.fairlead.app.control;

import dev.fairlead.api.Condition;
import dev.fairlead.api.Model;
import dev.fairlead.api.ModelStatus;
import dev.fairlead.api.ModelVersion;
import dev.fairlead.api.ModelVersionStatus;
import dev.fairlead.api.ParseResult;
import dev.fairlead.api.Resource;
import dev.fairlead.api.ResourceKey;
import dev.fairlead.api.ResourceParser;
import dev.fairlead.api.ResourceStatus;
import dev.fairlead.api.Tenant;
import dev.fairlead.api.TenantStatus;
import dev.fairlead.app.journal.Journal;
import dev.fairlead.app.journal.Listening;
import dev.fairlead.app.journal.Samples;
import dev.fairlead.core.usage.UsageReport;
import dev.fairlead.dataplane.gateway.RecentRequests;
import dev.fairlead.engines.process.LogRing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/// An installation in memory that runs nothing: it keeps what is applied and says what a test tells
/// it to. Safe for every thread.
public final class FakeInstallation implements Installation {
  /// What its clock says.
  public static final Instant NOW = Instant.parse("2026-11-24T08:00:00Z");

  private final List<Resource> resources = new CopyOnWriteArrayList<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Map<String, LogRing> logs = new ConcurrentHashMap<>();
  private final Journal journal = new Journal(() -> NOW);
  private final Samples samples = new Samples();
  private final RecentRequests requests = new RecentRequests(() -> NOW);
  private final FakeKeyring tenantKeys = new FakeKeyring();
  private volatile Function<UsageRequest, UsageReport> usage =
      _ -> new UsageReport(List.of(), Optional.empty(), List.of());
  private volatile String overview = "{\"models\":[]}";

  /// What was changed, such as `scale chat 2`, in order.
  public List<String> calls() {
    return List.copyOf(calls);
  }

  /// Gives a version a log.
  public LogRing openLog(String name) {
    return logs.computeIfAbsent(name, _ -> new LogRing(1000, 1 << 20));
  }

  /// Changes the overview and tells so.
  public void show(String json) {
    overview = json;
    listeners.forEach(Runnable::run);
  }

  /// How many listen for changes.
  public int listeners() {
    return listeners.size();
  }

  @Override
  public List<Described> resources() {
    return resources.stream().map(one -> new Described(one, status(one))).toList();
  }

  private static ResourceStatus status(Resource resource) {
    var ready =
        new Condition(
            "Ready", Condition.Status.TRUE, "Serving", "It answers.", NOW.minusSeconds(90));
    return switch (resource) {
      case Model model ->
          new ModelStatus(
              List.of(ready),
              Optional.of(model.metadata().name() + "-1"),
              Optional.of(model.metadata().name()),
              List.of());
      case ModelVersion _ -> new ModelVersionStatus(List.of(ready), 1, 1, 1, Optional.empty());
      case Tenant _ -> new TenantStatus(List.of(ready), 1, Optional.empty());
    };
  }

  @Override
  public Applied apply(String text, String fileName) {
    calls.add("apply " + fileName);
    ParseResult parsed = ResourceParser.parse(text, fileName);
    if (parsed.hasErrors()) {
      return new Applied(List.of(), parsed.problems());
    }
    var lines = new ArrayList<String>();
    for (Resource resource : parsed.resources()) {
      boolean replaced = resources.removeIf(one -> one.key().equals(resource.key()));
      resources.add(resource);
      lines.add(
          "%s %s %s"
              .formatted(
                  resource.kind().word(),
                  resource.metadata().name(),
                  replaced ? "configured" : "created"));
    }
    return new Applied(lines, parsed.problems());
  }

  @Override
  public void delete(ResourceKey key) {
    calls.add("delete " + key);
    if (key.name().equals("busy")) {
      throw new RefusedException("ModelVersion `busy` is in use by Model `chat`");
    }
    if (!resources.removeIf(one -> one.key().equals(key))) {
      throw new RefusedException("there is no " + key);
    }
  }

  @Override
  public String scale(String name, OptionalInt replicas) {
    calls.add("scale %s %s".formatted(name, replicas.isPresent() ? replicas.getAsInt() : "auto"));
    if (resources.stream().noneMatch(one -> one.metadata().name().equals(name))) {
      throw new RefusedException("there is no model or version `" + name + "`");
    }
    if (replicas.orElse(0) > 4) {
      throw new RefusedException("%d replicas do not fit".formatted(replicas.getAsInt()));
    }
    return replicas.isPresent()
        ? "%s is pinned to %d replicas".formatted(name, replicas.getAsInt())
        : name + " scales by demand";
  }

  @Override
  public Optional<LogRing> log(String name, boolean previous) {
    if (name.equals("nothing")) {
      throw new RefusedException("there is no version `nothing`");
    }
    return Optional.ofNullable(logs.get(previous ? name + " before" : name));
  }

  /// Gives what was used.
  public void used(Function<UsageRequest, UsageReport> report) {
    usage = report;
  }

  @Override
  public UsageReport usage(UsageRequest request) {
    return usage.apply(request);
  }

  @Override
  public String overview() {
    return overview;
  }

  @Override
  public Listening onChange(Runnable changed) {
    listeners.add(changed);
    return () -> listeners.remove(changed);
  }

  @Override
  public TenantKeyring tenantKeys() {
    return tenantKeys;
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
}
