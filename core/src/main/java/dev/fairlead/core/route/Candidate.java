package dev.fairlead.core.route;

import static java.util.Objects.requireNonNull;

/// One replica at the moment of a placement.
///
/// @param slots requests it runs at once
/// @param occupied slots that are taken, what this gateway has just sent included
/// @param queuedPrefillTokens prompt tokens that it has yet to read before a new request's
public record Candidate(Endpoint endpoint, int slots, int occupied, long queuedPrefillTokens) {
  public Candidate {
    requireNonNull(endpoint, "endpoint is null");
    if (slots < 0 || occupied < 0 || queuedPrefillTokens < 0) {
      throw new IllegalArgumentException(
          "a count is negative: slots %d, occupied %d, queuedPrefillTokens %d"
              .formatted(slots, occupied, queuedPrefillTokens));
    }
  }

  public boolean hasRoom() {
    return occupied < slots;
  }
}
