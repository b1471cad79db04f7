package dev.fairlead.dataplane.openai;

import static java.util.Objects.requireNonNull;

/// How the scan of a request body ended.
public sealed interface Scan permits ScannedRequest, Scan.Refused {

  /// The body is not to be served; `error` is the answer.
  record Refused(ApiError error) implements Scan {
    public Refused {
      requireNonNull(error, "error is null");
    }
  }
}
