package dev.fairlead.dataplane.gateway;

import dev.fairlead.dataplane.openai.ApiError;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where one request was already, and whether it may go on to another replica. Confined to the
/// event loop of the request; `failedAt` gives an immutable set, which a queue may read.
final class Attempts {
  private static final Logger log = LoggerFactory.getLogger(Attempts.class);

  /// So many replicas may fail under one request; it may be its own doing.
  private static final int MAX_FAILURES = 3;

  /// Refusals cost nothing, but a request must not wander for ever.
  private static final int MAX_HOPS = 64;

  private final InferenceParts parts;
  private final String requestId;
  private volatile Set<Attempt> failedAt = Set.of();
  private int hops;

  Attempts(InferenceParts parts, String requestId) {
    this.parts = parts;
    this.requestId = requestId;
  }

  /// The replicas that failed under the request: it is not sent there again.
  Set<Attempt> failedAt() {
    return failedAt;
  }

  /// What the client is told when the request ends because of its failures.
  ApiError failure() {
    return GatewayErrors.replicaFailed(failedAt.size());
  }

  /// A replica had no room, or goes away.
  ///
  /// @return why the request is not placed again; empty when it is
  Optional<ApiError> refused(String model, boolean bodyGone) {
    hops++;
    ApiError error = GatewayErrors.refusedEverywhere(hops);
    if (bodyGone) {
      return Optional.of(withheld(model, error));
    }
    return hops >= MAX_HOPS ? Optional.of(error) : Optional.empty();
  }

  /// A replica failed before anything of its answer was sent.
  ///
  /// @return why the request is not placed again; empty when it is
  Optional<ApiError> failed(Attempt at, String model, boolean bodyGone) {
    Set<Attempt> more = new HashSet<>(failedAt);
    more.add(at);
    failedAt = Set.copyOf(more);
    hops++;
    if (bodyGone) {
      return Optional.of(withheld(model, failure()));
    }
    if (failedAt.size() >= MAX_FAILURES) {
      return Optional.of(failure());
    }
    if (!parts.retries().take()) {
      parts.metrics().retryWithheld(model, "budget");
      log.warn("retry withheld id={} model={} reason=budget", requestId, model);
      return Optional.of(failure());
    }
    return Optional.empty();
  }

  private ApiError withheld(String model, ApiError error) {
    parts.metrics().retryWithheld(model, "replay");
    return error;
  }
}
