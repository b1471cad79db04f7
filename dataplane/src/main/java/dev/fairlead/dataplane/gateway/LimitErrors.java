package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.admit.Ask;
import dev.fairlead.core.admit.Limits;
import dev.fairlead.core.admit.Verdict.Refused;
import dev.fairlead.dataplane.openai.ApiError;
import java.time.Duration;

/// The refusals by a tenant's limits, in words for the client: which limit, what is left of it, and
/// when or how to try again.
final class LimitErrors {
  private static final Duration SOONEST = Duration.ofMillis(100);
  private static final Duration LATEST = Duration.ofSeconds(30);

  private LimitErrors() {}

  /// @param serviceTime how long a request runs at present, by which a place becomes free
  static ApiError of(Refused refused, Ask ask, Duration serviceTime) {
    Limits limits = ask.limits();
    return switch (refused.limit()) {
      case REQUESTS_PER_MINUTE ->
          passing(
              refused,
              "Rate limit reached: %d requests a minute."
                  .formatted(limits.requestsPerMinute().orElse(0)));
      case TOKENS_PER_MINUTE ->
          refused.retryAfter().isPresent()
              ? passing(
                  refused,
                  "Rate limit reached: %d tokens a minute; %d are left and this request may take %d."
                      .formatted(limits.tokensPerMinute().orElse(0), refused.left(), ask.tokens()))
              : tooLarge(limits.tokensPerMinute().orElse(0), ask.tokens());
      case CONCURRENCY -> busy(limits.concurrency().orElse(0), serviceTime);
      case TOKENS_PER_DAY -> spent(refused, limits.tokensPerDay().orElse(0), ask.tokens());
    };
  }

  private static ApiError passing(Refused refused, String message) {
    Duration wait = refused.retryAfter().orElse(SOONEST);
    Duration told = wait.compareTo(SOONEST) < 0 ? SOONEST : wait;
    return ApiError.rateLimited(
        "%s Try again in %s.".formatted(message, RateLimitHeaders.time(told)), told);
  }

  private static ApiError tooLarge(long limit, long tokens) {
    return ApiError.rateLimited(
            ("This request may take %d tokens, more than the limit of %d tokens a minute ever allows."
                    + " Shorten the prompt or lower max_tokens.")
                .formatted(tokens, limit),
            Duration.ofMinutes(1))
        .withShouldRetry(false);
  }

  /// As many requests as may run do: one of them ends, on average, after its share of the time.
  private static ApiError busy(int limit, Duration serviceTime) {
    Duration share = serviceTime.dividedBy(Math.max(1, limit));
    Duration wait =
        share.compareTo(SOONEST) < 0 ? SOONEST : share.compareTo(LATEST) > 0 ? LATEST : share;
    return ApiError.rateLimited(
        "Rate limit reached: %d requests at the same time. Try again when one has ended."
            .formatted(limit),
        wait);
  }

  private static ApiError spent(Refused refused, long limit, long tokens) {
    String message =
        refused.left() == 0
            ? "The budget of %d tokens a day is spent.".formatted(limit)
            : "%d of %d tokens a day are left and this request may take %d: lower max_tokens."
                .formatted(refused.left(), limit, tokens);
    ApiError error = ApiError.quotaExceeded(message + " The next day begins at 00:00 UTC.");
    return refused.retryAfter().map(error::withRetryAfter).orElse(error);
  }
}
