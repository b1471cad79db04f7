package dev.fairlead.artifacts.inspect;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Finds the name that someone probably meant: the one with the smallest edit distance
/// (Levenshtein), when at most a third of the letters differ.
final class NearestName {
  private NearestName() {}

  static Optional<String> of(String wanted, Collection<String> names) {
    int limit = Math.max(2, wanted.length() / 3);
    record Candidate(String name, int distance) {}
    return names.stream()
        .map(name -> new Candidate(name, distance(lower(wanted), lower(name))))
        .filter(candidate -> candidate.distance() <= limit)
        .min(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
        .map(Candidate::name);
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static int distance(String one, String other) {
    int[] above = new int[other.length() + 1];
    for (int j = 0; j < above.length; j++) {
      above[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int[] row = new int[above.length];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = above[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[other.length()];
  }
}
