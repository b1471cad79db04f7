package dev.fairlead.core.plan;

import static java.util.Objects.requireNonNull;

/// What is to be said of a model or a version: a state, a stable reason, and a message that says
/// what to do where something is wrong.
public record Health(State state, String reason, String message) {
  /// How it is doing, in one word.
  public enum State {
    /// Its files are being fetched or read.
    PREPARING,
    /// No replica, and none needed: a request starts one.
    IDLE,
    /// A replica is on its way.
    STARTING,
    /// It serves.
    READY,
    /// It serves, and a new version is on its way.
    PROGRESSING,
    /// It cannot serve.
    FAILED
  }

  public Health {
    requireNonNull(state, "state is null");
    requireNonNull(reason, "reason is null");
    requireNonNull(message, "message is null");
  }
}
