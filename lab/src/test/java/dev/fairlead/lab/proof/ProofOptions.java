package dev.fairlead.lab.proof;

import java.util.List;

/// How long a proof runs, as `make prove ARGS="--requests 20000 --seed 7"` says it.
///
/// @param requests at least so many
/// @param seed of all that is left to chance
record ProofOptions(long requests, long seed) {
  static final String PROPERTY = "fairlead.proof";

  /// What a report is written for.
  static final long FULL = 1_000_000;

  ProofOptions {
    if (requests <= 0) {
      throw new IllegalArgumentException("requests is not positive: " + requests);
    }
  }

  static ProofOptions ofThisRun() {
    return parse(System.getProperty(PROPERTY, ""));
  }

  static ProofOptions parse(String arguments) {
    List<String> words = List.of(arguments.strip().split("\\s+"));
    long requests = FULL;
    long seed = 1;
    for (int i = 0; i < words.size() && !words.getFirst().isEmpty(); i += 2) {
      long value = i + 1 < words.size() ? number(words.get(i), words.get(i + 1)) : -1;
      switch (words.get(i)) {
        case "--requests" -> requests = value;
        case "--seed" -> seed = value;
        default -> throw new IllegalArgumentException("there is no option " + words.get(i));
      }
    }
    return new ProofOptions(requests, seed);
  }

  private static long number(String option, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(option + " takes a number, not " + text, e);
    }
  }

  boolean full() {
    return requests >= FULL;
  }
}
