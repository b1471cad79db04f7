package dev.fairlead.core.admit;

/// What an admitted request holds of its tenant's limits: a place among those that run at the same
/// time, and tokens. Any thread.
@FunctionalInterface
public interface Reservation {
  /// What a request holds whose tenant has no limits.
  Reservation NOTHING = _ -> {};

  /// The request has ended and took so many tokens: the place is free, and the tokens are
  /// corrected. A second time does nothing.
  void settle(long tokens);
}
