package dev.fairlead.lab.canary;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/// Something that Fairlead has told or kept, and the search in it.
///
/// @param text its bytes, each as a character: canaries are ASCII in every form that is looked for
record Sink(String name, String text) {
  static Sink ofBytes(String name, byte[] bytes) {
    return new Sink(name, new String(bytes, ISO_8859_1));
  }

  /// Those of the canaries that are in it: as they are, whatever the case, or within something in
  /// Base64.
  List<Canary> leaks(List<Canary> canaries) {
    String lower = text.toLowerCase(Locale.ROOT);
    return canaries.stream()
        .filter(canary ->
            lower.contains(canary.word().toLowerCase(Locale.ROOT))
                || inBase64(canary.word()).stream().anyMatch(text::contains))
        .toList();
  }

  boolean has(String word) {
    return !leaks(List.of(new Canary("", word))).isEmpty();
  }

  /// What was told may be long.
  @Override
  public String toString() {
    return "%s (%,d bytes)".formatted(name, text.length());
  }

  /// What Base64 makes of a word in the midst of a text: one of three, as the word begins at the
  /// first, second or third byte of a group. Digits at its edges depend on its neighbours.
  private static List<String> inBase64(String word) {
    List<String> forms = new ArrayList<>();
    for (int before = 0; before < 3; before++) {
      String encoded =
          Base64.getEncoder()
              .withoutPadding()
              .encodeToString(("x".repeat(before) + word).getBytes(UTF_8));
      int whole = (before + word.length()) / 3 * 4;
      forms.add(encoded.substring(before == 0 ? 0 : 4, whole));
    }
    return forms;
  }
}
