package dev.fairlead.artifacts.inspect;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// What the header of one GGUF file says, checked against the file.
///
/// @param metadata every key of the file
/// @param tensors how many tensors the file holds
/// @param elements how many weights these have together
/// @param bytes the length of the file
public record GgufHeader(
    int version, Map<String, GgufValue> metadata, int tensors, long elements, long bytes) {
  public GgufHeader {
    metadata = Map.copyOf(metadata);
  }

  Optional<String> text(String key) {
    return metadata.get(key) instanceof GgufValue.Text(String text)
        ? Optional.of(text)
        : Optional.empty();
  }

  OptionalLong whole(String key) {
    return metadata.get(key) instanceof GgufValue.Whole(long value)
        ? OptionalLong.of(value)
        : OptionalLong.empty();
  }

  /// The value for each of `count` layers: one for all, or an array with one each.
  Optional<List<Long>> perLayer(String key, int count) {
    return switch (metadata.get(key)) {
      case GgufValue.Whole(long value) -> Optional.of(Collections.nCopies(count, value));
      case GgufValue.Wholes(List<Long> values) when values.size() >= count ->
          Optional.of(values.subList(0, count));
      case null, default -> Optional.empty();
    };
  }
}
