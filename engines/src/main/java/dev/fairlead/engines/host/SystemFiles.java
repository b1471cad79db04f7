package dev.fairlead.engines.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// Reads the small text files of `/proc` and `/sys` below a root, an absent one as empty.
record SystemFiles(Path root) {

  boolean exists(String path) {
    return Files.exists(root.resolve(path));
  }

  List<String> lines(String path) {
    try {
      return Files.readAllLines(root.resolve(path));
    } catch (IOException e) {
      // Absent, or not ours to read: either way it tells nothing.
      return List.of();
    }
  }

  /// The words of the first line.
  List<String> words(String path) {
    var lines = lines(path);
    return lines.isEmpty() ? List.of() : wordsOf(lines.getFirst());
  }

  /// The number in the first line, empty for words such as `max`.
  OptionalLong number(String path) {
    var words = words(path);
    return words.isEmpty() ? OptionalLong.empty() : parse(words.getFirst());
  }

  /// Lines of a name and a number.
  Map<String, Long> table(String path) {
    var table = new HashMap<String, Long>();
    for (String line : lines(path)) {
      var words = wordsOf(line);
      if (words.size() >= 2) {
        parse(words.get(1)).ifPresent(value -> table.put(words.getFirst(), value));
      }
    }
    return table;
  }

  private static List<String> wordsOf(String line) {
    return List.of(line.strip().split("\\s+", -1));
  }

  static OptionalLong parse(String word) {
    // 18 digits: a larger number means no limit, and would not fit.
    return word.matches("-?\\d{1,18}")
        ? OptionalLong.of(Long.parseLong(word))
        : OptionalLong.empty();
  }
}
