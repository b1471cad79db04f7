package dev.fairlead.lab.proof;

import dev.fairlead.lab.proof.Verdict.Complete;
import dev.fairlead.lab.proof.Verdict.Failed;
import dev.fairlead.lab.proof.Verdict.Left;
import dev.fairlead.lab.proof.Verdict.Wrong;
import java.util.ArrayList;
import java.util.List;

/// Counts what became of all requests, and keeps those that failed. Safe for every thread.
final class Tally {
  private static final int WRONG_KEPT = 20;

  private final List<Failure> failures = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private long sent;
  private long complete;
  private long left;
  private long wrongCount;

  /// A request that failed as it should.
  record Failure(String how, Observed.Span span) {}

  /// A moment of the counters.
  record Counts(long sent, long complete, long left, long failed, long wrong) {}

  synchronized void add(Observed seen) {
    sent++;
    switch (Judge.of(seen)) {
      case Complete() -> complete++;
      case Left() -> left++;
      case Failed(String how) -> failures.add(new Failure(how, seen.span()));
      case Wrong(String why) -> {
        wrongCount++;
        if (wrong.size() < WRONG_KEPT) {
          wrong.add(why);
        }
      }
    }
  }

  synchronized long sent() {
    return sent;
  }

  synchronized Counts counts() {
    return new Counts(sent, complete, left, failures.size(), wrongCount);
  }

  synchronized List<Failure> failures() {
    return List.copyOf(failures);
  }

  /// The first of what may not be so.
  synchronized List<String> wrong() {
    return List.copyOf(wrong);
  }
}
