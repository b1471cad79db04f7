package dev.fairlead.lab.proof;

import java.util.Optional;
import java.util.Set;

/// What a client has seen of one answer, however it ended.
///
/// @param status 0 where no answer came
/// @param ids those of the chunks of a stream
/// @param text that came, of an error its code
/// @param finishReason empty where none came
/// @param tokens generated, as `usage` tells; -1 where it did not come
/// @param failure what broke the connection
/// @param span when it was
record Observed(
    Question question,
    int status,
    Set<String> ids,
    String text,
    String finishReason,
    int tokens,
    Stream stream,
    Optional<String> failure,
    Span span) {

  /// Of a stream: what came.
  ///
  /// @param done `[DONE]`
  /// @param error what an error event said, as its code
  /// @param afterError anything after it
  /// @param cleanEnd the last chunk of the body
  record Stream(boolean done, Optional<String> error, boolean afterError, boolean cleanEnd) {
    static final Stream NONE = new Stream(false, Optional.empty(), false, false);
  }

  /// From its first byte to its last, in nanoseconds of one clock.
  record Span(long from, long until) {
    boolean meets(Span other) {
      return from <= other.until && other.from <= until;
    }
  }
}
