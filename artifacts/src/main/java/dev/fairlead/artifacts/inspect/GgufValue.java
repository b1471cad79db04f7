package dev.fairlead.artifacts.inspect;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// One value of a GGUF file's metadata, as far as anyone here needs it.
public sealed interface GgufValue {
  record Text(String text) implements GgufValue {
    public Text {
      requireNonNull(text, "text is null");
    }
  }

  /// Any integer type; an unsigned 64-bit value over `Long.MAX_VALUE` is negative here.
  record Whole(long value) implements GgufValue {}

  record Real(double value) implements GgufValue {}

  record Flag(boolean value) implements GgufValue {}

  /// A short array of integers, such as one a layer.
  record Wholes(List<Long> values) implements GgufValue {
    public Wholes {
      values = List.copyOf(values);
    }
  }

  /// A value that was checked and passed over, such as a vocabulary.
  record Skipped() implements GgufValue {}
}
