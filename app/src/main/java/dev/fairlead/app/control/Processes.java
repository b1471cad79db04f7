package dev.fairlead.app.control;

import java.time.Instant;
import java.util.Optional;

/// Tells which processes are there.
@FunctionalInterface
public interface Processes {
  /// When the process with this id started; the epoch when that is not known, nothing when there is
  /// no such process.
  Optional<Instant> started(long pid);

  /// The processes of this machine.
  static Processes ofThisMachine() {
    return pid ->
        ProcessHandle.of(pid)
            .filter(ProcessHandle::isAlive)
            .map(process -> process.info().startInstant().orElse(Instant.EPOCH));
  }
}
