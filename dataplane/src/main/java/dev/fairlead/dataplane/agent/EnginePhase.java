package dev.fairlead.dataplane.agent;

/// How far the engine is. Only `READY` takes requests.
///
/// ```
/// ABSENT ──listening──▶ LOADING ──healthy──▶ WARMING ──answered──▶ READY
///    ▲                     │                    │                    │
///    └──────── gone ───────┴────────────────────┴────────────────────┘
/// ```
public enum EnginePhase {
  /// No engine runs, as far as the agent was told.
  ABSENT,
  /// It listens, but its health check does not succeed yet.
  LOADING,
  /// It is healthy and has yet to answer its first request.
  WARMING,
  /// It has answered.
  READY
}
