package dev.fairlead.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Copies maps so that they keep the order in which the user wrote them: `Map.copyOf` shuffles, and
/// a printed resource should look like the one that was read.
final class Ordered {
  private Ordered() {}

  static <V> Map<String, V> copy(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
