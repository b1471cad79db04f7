package dev.fairlead.dataplane.gateway;

import java.util.Locale;

/// How a request ended, as a metric label.
enum Outcome {
  /// The whole answer was sent, or its client left after the finish reason.
  SUCCESS,
  /// The request was refused, by us or by the engine (4xx).
  REFUSED,
  /// No replica could take it in time (503).
  UNAVAILABLE,
  /// It failed (5xx, or an error event).
  FAILED,
  /// The client left before the end.
  CANCELLED;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Outcome ofStatus(int status) {
    if (status < 400) {
      return SUCCESS;
    }
    if (status < 500) {
      return REFUSED;
    }
    return status == 503 ? UNAVAILABLE : FAILED;
  }
}
