package dev.fairlead.lab.canary;

/// A word that is nowhere else.
///
/// @param place what it was put into, such as `the system prompt`
record Canary(String place, String word) {
  @Override
  public String toString() {
    return "%s (%s)".formatted(place, word);
  }
}
