package dev.fairlead.core.route;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;

/// Bounds the work that is done twice: when many replicas fail, retries must not double the load on
/// those that are left. A token bucket: each request puts a share of a token in, each retry takes a
/// whole one out. A few tokens come back with time, so that a single failure on an idle gateway is
/// retried. Over any span, retries are at most `share` of the requests, plus `cap` once, plus one
/// per `refill`. (Finagle's `RetryBudget` and Envoy's `retry_budget` are of this kind.)
///
/// @param tokens retries that can be made now, in parts of one
/// @param at until when tokens have come back with time
public record RetryBudget(Policy policy, double tokens, Instant at) {
  public RetryBudget {
    requireNonNull(policy, "policy is null");
    if (!(tokens >= 0)) {
      throw new IllegalArgumentException("tokens is negative: " + tokens);
    }
    requireNonNull(at, "at is null");
  }

  /// How much may be retried.
  ///
  /// @param share of the requests
  /// @param floor up to so many tokens come back with time, and are there at first
  /// @param refill in which time one comes back
  /// @param cap no more tokens than this are saved up
  public record Policy(double share, int floor, Duration refill, int cap) {
    public Policy {
      if (!(share >= 0 && share <= 1)) {
        throw new IllegalArgumentException("share is not between 0 and 1: " + share);
      }
      if (floor < 0 || cap < floor) {
        throw new IllegalArgumentException(
            "not 0 <= floor <= cap: floor %d, cap %d".formatted(floor, cap));
      }
      if (!refill.isPositive()) {
        throw new IllegalArgumentException("refill is not positive: " + refill);
      }
    }

    /// 20 % of the requests; a batch of 16 that one crashed replica leaves behind, and one retry a
    /// second, are always there.
    public static Policy defaults() {
      return new Policy(0.2, 16, Duration.ofSeconds(1), 100);
    }
  }

  /// What became of the wish to retry, and the budget from there on.
  public record Draw(boolean granted, RetryBudget left) {}

  public static RetryBudget full(Policy policy, Instant now) {
    return new RetryBudget(policy, policy.floor(), now);
  }

  /// One more request has come.
  public RetryBudget requested() {
    double more = Math.min(policy.cap(), tokens + policy.share());
    return more == tokens ? this : new RetryBudget(policy, Math.max(tokens, more), at);
  }

  /// Takes a retry out, if there is one.
  public Draw retry(Instant now) {
    RetryBudget current = refilled(now);
    return current.tokens >= 1
        ? new Draw(true, new RetryBudget(policy, current.tokens - 1, current.at))
        : new Draw(false, current);
  }

  private RetryBudget refilled(Instant now) {
    if (!now.isAfter(at)) {
      return this;
    }
    double came = (double) Duration.between(at, now).toNanos() / policy.refill().toNanos();
    return new RetryBudget(policy, Math.max(tokens, Math.min(policy.floor(), tokens + came)), now);
  }
}
