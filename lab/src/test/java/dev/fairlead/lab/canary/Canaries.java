package dev.fairlead.lab.canary;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;

/// Makes canaries and knows all that it has made. Safe for every thread.
final class Canaries {
  private final List<Canary> made = new CopyOnWriteArrayList<>();
  private final RandomGenerator random;

  Canaries(RandomGenerator random) {
    this.random = random;
  }

  /// A new word for this place.
  String word(String place) {
    Canary canary = new Canary(place, unsought());
    made.add(canary);
    return canary.word();
  }

  /// A word that was made elsewhere, such as a key.
  String found(String place, String word) {
    made.add(new Canary(place, word));
    return word;
  }

  /// A word of the same kind that is not looked for.
  String unsought() {
    return "canary%016x".formatted(random.nextLong());
  }

  List<Canary> all() {
    return List.copyOf(made);
  }
}
