package dev.fairlead.core.rollout;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/// Where the change from one version of a model to the next stands.
///
/// ```
///            new version wanted             files there            ready
///   Serving ───────────────────► Provisioning ────────► Warming ────────► Serving(next)
///      ▲                               │                   │
///      │ the spec changes              ▼ failed, or not in time
///      └──────────────────────────── Rejected ◄────────────┘
/// ```
///
/// From every state the spec's return to the active version leads back to `Serving` at once.
public sealed interface RolloutState {
  /// The version that gets the traffic: never empty, in any state.
  String active();

  /// One version, and nothing to change.
  record Serving(String active) implements RolloutState {
    public Serving {
      requireNonNull(active, "active is null");
    }
  }

  /// The files of `next` are being fetched, since `since`.
  record Provisioning(String active, String next, Instant since) implements RolloutState {
    public Provisioning {
      requireNonNull(active, "active is null");
      requireNonNull(next, "next is null");
      requireNonNull(since, "since is null");
    }
  }

  /// `next` is being brought up beside `active`, since `since`.
  record Warming(String active, String next, Instant since) implements RolloutState {
    public Warming {
      requireNonNull(active, "active is null");
      requireNonNull(next, "next is null");
      requireNonNull(since, "since is null");
    }
  }

  /// `rejected` did not come up: `active` is held until the spec names another version.
  record Rejected(String active, String rejected, String why) implements RolloutState {
    public Rejected {
      requireNonNull(active, "active is null");
      requireNonNull(rejected, "rejected is null");
      requireNonNull(why, "why is null");
    }
  }
}
