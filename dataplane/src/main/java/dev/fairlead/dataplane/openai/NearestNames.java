package dev.fairlead.dataplane.openai;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Orders names by how likely they are what somebody meant (Levenshtein distance, case ignored).
final class NearestNames {
  private static final int LONGEST = 100;

  private NearestNames() {}

  static List<String> order(String meant, List<String> names) {
    String wanted = key(meant);
    record Ranked(String name, int distance) {}
    return names.stream()
        .map(name -> new Ranked(name, distance(wanted, key(name))))
        .sorted(Comparator.comparingInt(Ranked::distance).thenComparing(Ranked::name))
        .map(Ranked::name)
        .toList();
  }

  private static String key(String name) {
    return name.substring(0, Math.min(LONGEST, name.length())).toLowerCase(Locale.ROOT);
  }

  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    int[] current = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(substitution, 1 + Math.min(previous[j], current[j - 1]));
      }
      int[] swap = previous;
      previous = current;
      current = swap;
    }
    return previous[b.length()];
  }
}
