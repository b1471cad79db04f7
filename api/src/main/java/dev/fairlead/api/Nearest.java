package dev.fairlead.api;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// Finds the valid name that a user most likely meant.
public final class Nearest {
  private Nearest() {}

  /// The candidate with the fewest edits (a swap of neighbours counts one, case counts nothing),
  /// the first of equals; empty where none is within a third of the length, but at least two edits.
  public static Optional<String> to(String word, Collection<String> candidates) {
    String wanted = word.toLowerCase(Locale.ROOT);
    int best = Math.max(2, word.length() / 3) + 1;
    Optional<String> nearest = Optional.empty();
    for (String candidate : candidates) {
      int edits = edits(wanted, candidate.toLowerCase(Locale.ROOT));
      if (edits < best && edits < candidate.length()) {
        best = edits;
        nearest = Optional.of(candidate);
      }
    }
    return nearest;
  }

  /// "; did you mean `x`?" or nothing: the end of a message about an unknown name.
  public static String hint(String word, Collection<String> candidates) {
    return to(word, candidates).map(name -> "; did you mean `" + name + "`?").orElse("");
  }

  /// The optimal string alignment distance (Damerau 1964, Levenshtein 1966).
  private static int edits(String left, String right) {
    int[][] table = new int[left.length() + 1][right.length() + 1];
    for (int i = 0; i <= left.length(); i++) {
      for (int j = 0; j <= right.length(); j++) {
        table[i][j] = i == 0 || j == 0 ? i + j : edits(table, left, right, i, j);
      }
    }
    return table[left.length()][right.length()];
  }

  private static int edits(int[][] table, String left, String right, int i, int j) {
    boolean same = left.charAt(i - 1) == right.charAt(j - 1);
    int edits =
        Math.min(
            table[i - 1][j - 1] + (same ? 0 : 1), 1 + Math.min(table[i - 1][j], table[i][j - 1]));
    boolean swapped =
        i > 1
            && j > 1
            && left.charAt(i - 1) == right.charAt(j - 2)
            && left.charAt(i - 2) == right.charAt(j - 1);
    return swapped ? Math.min(edits, table[i - 2][j - 2] + 1) : edits;
  }
}
