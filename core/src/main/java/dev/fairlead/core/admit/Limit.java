package dev.fairlead.core.admit;

/// Which of a tenant's limits refuses a request.
public enum Limit {
  REQUESTS_PER_MINUTE,
  TOKENS_PER_MINUTE,
  CONCURRENCY,
  TOKENS_PER_DAY;

  /// Whether it is spent for long, so that trying again soon only costs both sides.
  public boolean budget() {
    return this == TOKENS_PER_DAY;
  }
}
