package dev.fairlead.core.plan;

import dev.fairlead.core.model.VersionSpec;
import dev.fairlead.core.place.HostFit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One round of the control loop: what was seen, what was remembered, and what the parts of the
/// planner have to say.
final class Round {
  /// A cold start that nobody has measured yet.
  static final Duration GUESSED_COLD_START = Duration.ofSeconds(5);

  private final Observation seen;
  private final Memory memory;
  private final Instant now;
  private final Map<String, VersionSpec> versions = new LinkedHashMap<>();
  private final Map<String, List<Replica>> replicas = new HashMap<>();
  private final Map<String, Health> versionHealth = new HashMap<>();
  private final List<Note> notes = new ArrayList<>();

  Round(Observation seen, Memory memory, Instant now) {
    this.seen = seen;
    this.memory = memory;
    this.now = now;
    seen.versions().forEach(version -> versions.put(version.name(), version));
    for (Replica replica : seen.replicas()) {
      replicas.computeIfAbsent(replica.version(), _ -> new ArrayList<>()).add(replica);
    }
    for (VersionSpec version : seen.versions()) {
      versionHealth.put(version.name(), VersionHealthRule.of(this, version));
    }
  }

  Observation seen() {
    return seen;
  }

  Memory memory() {
    return memory;
  }

  Instant now() {
    return now;
  }

  Optional<VersionSpec> version(String name) {
    return Optional.ofNullable(versions.get(name));
  }

  List<Replica> replicas(String version) {
    return replicas.getOrDefault(version, List.of());
  }

  /// The replicas of a version that are not on their way out.
  List<Replica> staying(String version) {
    return replicas(version).stream().filter(replica -> !replica.draining()).toList();
  }

  Preparation preparation(String version) {
    return seen.preparations().getOrDefault(version, new Preparation.Unknown());
  }

  Duration coldStart(String version) {
    return seen.coldStarts().getOrDefault(version, GUESSED_COLD_START);
  }

  /// The replica count that was decided for a version in the last round.
  int lastTarget(String version) {
    return memory.targets().getOrDefault(version, 0);
  }

  /// The host without the memory that replicas on their way have yet to take: what was measured
  /// does not know of it. What such a replica has taken already counts twice until it is ready,
  /// which delays a start where memory is short; counting it once would end a process.
  HostFit free() {
    HostFit free = seen.host();
    for (Replica replica : seen.replicas()) {
      if (replica.coming()
          && preparation(replica.version()) instanceof Preparation.Prepared files) {
        free = free.minus(files.replicaBytes(), 1);
      }
    }
    return free;
  }

  Health health(String version) {
    return versionHealth.getOrDefault(
        version, new Health(Health.State.FAILED, "NotFound", version + " is not there"));
  }

  Map<String, Health> versionHealth() {
    return versionHealth;
  }

  List<Note> notes() {
    return notes;
  }

  void note(Note note) {
    notes.add(note);
  }
}
