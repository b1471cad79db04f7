package dev.fairlead.lab.proof;

/// What an answer was worth.
sealed interface Verdict {
  /// All of it came, and nothing else; or the refusal that was due.
  record Complete() implements Verdict {}

  /// The client left before it was complete, and what came until then was right.
  record Left() implements Verdict {}

  /// It failed, and said so in a way that nobody takes for a complete answer.
  record Failed(String how) implements Verdict {}

  /// It may not be so at all.
  record Wrong(String why) implements Verdict {}
}
