package dev.fairlead.artifacts.fetch;

import static java.util.Objects.requireNonNull;

import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// How often a transfer is tried and how long it waits in between: between half and the whole of
/// `first`, doubled each time up to `longest`, so that many machines do not come back at once. A
/// server's `Retry-After` is obeyed up to `longest`.
///
/// @param attempts how many attempts in a row may fail, the first one included
public record Backoff(
    int attempts, Duration first, Duration longest, RandomGenerator random, Sleeper sleeper) {

  /// Waits; a test's one only notes how long.
  @FunctionalInterface
  public interface Sleeper {
    void sleep(Duration duration) throws InterruptedException;
  }

  public Backoff {
    if (attempts <= 0) {
      throw new IllegalArgumentException("attempts is not positive: " + attempts);
    }
    if (requireNonNull(first, "first is null").isNegative()) {
      throw new IllegalArgumentException("first is negative: " + first);
    }
    if (requireNonNull(longest, "longest is null").compareTo(first) < 0) {
      throw new IllegalArgumentException("longest is under first: " + longest);
    }
    requireNonNull(random, "random is null");
    requireNonNull(sleeper, "sleeper is null");
  }

  /// Five attempts within about 10 s.
  public static Backoff standard(RandomGenerator random) {
    return new Backoff(5, Duration.ofMillis(500), Duration.ofSeconds(8), random, Thread::sleep);
  }

  /// Waits after the `failures`-th failure in a row, at least for `asked`.
  void pause(int failures, Duration asked) {
    Duration whole = first.multipliedBy(1L << Math.min(failures - 1, 20));
    long cap = Math.min(whole.toMillis(), longest.toMillis());
    long jittered = cap / 2 + random.nextLong(cap / 2 + 1);
    long obeyed = Math.min(asked.toMillis(), longest.toMillis());
    try {
      sleeper.sleep(Duration.ofMillis(Math.max(jittered, obeyed)));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ArtifactException(Category.IO, "the download was interrupted", interrupted);
    }
  }
}
