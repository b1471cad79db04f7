package dev.fairlead.dataplane.openai;

import org.jspecify.annotations.Nullable;

/// Where in a request's body the reader is: one {@link RequestPlace}, key and count for each level.
/// Makes the refusals that name this place. Used by one thread at a time.
final class RequestPosition {
  private static final int OTHER_KEY = 1 << 31;

  private final RequestPlace[] places;
  private final @Nullable String[] keys;
  private final int[] elements;
  private final int[] seen;
  private int depth;

  RequestPosition(int maxDepth) {
    places = new RequestPlace[maxDepth + 1];
    keys = new String[maxDepth + 1];
    elements = new int[maxDepth + 1];
    seen = new int[maxDepth + 1];
    places[0] = RequestPlace.IGNORED;
  }

  /// How many containers are open.
  int depth() {
    return depth;
  }

  /// What the innermost container is.
  RequestPlace place() {
    return places[depth];
  }

  /// The key of the value that is being read; empty for one that is not read, and in arrays.
  String key() {
    String key = keys[depth];
    return key == null ? "" : key;
  }

  /// The key of the outermost object.
  String rootKey() {
    String key = keys[1];
    return key == null ? "" : key;
  }

  void enter(RequestPlace place) {
    depth++;
    places[depth] = place;
    keys[depth] = null;
    elements[depth] = 0;
    seen[depth] = 0;
  }

  void leave() {
    depth--;
  }

  /// A key begins; one that is read may be there once.
  void key(@Nullable String key) {
    int index = key == null ? -1 : place().indexOf(key);
    keys[depth] = index < 0 ? null : key;
    if (index < 0) {
      seen[depth] |= OTHER_KEY;
      return;
    }
    if ((seen[depth] & (1 << index)) != 0) {
      String path = path();
      throw Refusal.of(
          ApiError.badParameter(
              path, "duplicate_key", "`%s` is there more than once.".formatted(path)));
    }
    seen[depth] |= 1 << index;
  }

  /// Whether the innermost object has had that key, which is one that is read there.
  boolean had(String key) {
    return (seen[depth] & 1 << place().indexOf(key)) != 0;
  }

  /// Whether the innermost object has had no key at all.
  boolean empty() {
    return seen[depth] == 0;
  }

  /// One more element of the innermost container; returns how many there are now.
  int nextElement() {
    elements[depth]++;
    return elements[depth];
  }

  /// The innermost container is none whose elements count.
  void noElements() {
    elements[depth] = 0;
  }

  int elements() {
    return elements[depth];
  }

  /// The way to the value that is being read, such as `messages[2].role`.
  String path() {
    StringBuilder path = new StringBuilder();
    for (int level = 1; level <= depth; level++) {
      if (elements[level] > 0) {
        path.append('[').append(elements[level] - 1).append(']');
      } else if (keys[level] != null) {
        path.append(level == 1 ? "" : ".").append(keys[level]);
      }
    }
    return path.toString();
  }

  /// The value here has another type than the one that is expected.
  Refusal wrongType() {
    return wrongType(place().expected(key()));
  }

  Refusal wrongType(String expected) {
    String path = path();
    return Refusal.of(
        ApiError.badParameter(path, "invalid_type", "`%s` must be %s.".formatted(path, expected)));
  }

  /// Where one is below a key that is not read; a key that is read has another type.
  RequestPlace below() {
    if (!key().isEmpty()) {
      throw wrongType();
    }
    return RequestPlace.IGNORED;
  }

  Refusal tooMany(String what, int limit) {
    return Refusal.of(
        ApiError.badParameter(
            rootKey(), "too_many", "`%s` has more than %d %s.".formatted(rootKey(), limit, what)));
  }

  /// A key of the container here is not there; empty for the container itself.
  Refusal missing(String key) {
    String path = path();
    String whole = path.isEmpty() ? key : path + "." + key;
    return Refusal.of(ApiError.badParameter(whole, "missing", "`%s` is missing.".formatted(whole)));
  }

  Refusal notKept() {
    String path = path();
    return Refusal.of(
        ApiError.badParameter(
            path,
            "unsupported_value",
            "`%s` is not possible: nothing is stored here. Send the whole conversation in `input`."
                .formatted(path)));
  }
}
