package dev.fairlead.testkit.fault;

/// Where in an answer a {@link Fault} strikes. Interim answers (1xx) count as no answer.
public sealed interface Position {
  /// Before the first byte.
  record BeforeHead() implements Position {}

  /// Between the head and the body's first byte.
  record BeforeBody() implements Position {}

  /// After so many bytes of the body, the frames of chunks included.
  record AfterBytes(long bytes) implements Position {
    public AfterBytes {
      if (bytes <= 0) {
        throw new IllegalArgumentException("bytes is not positive: " + bytes);
      }
    }
  }

  /// After so many server-sent events: behind the blank line that ends the last of them.
  record AfterEvents(int events) implements Position {
    public AfterEvents {
      if (events <= 0) {
        throw new IllegalArgumentException("events is not positive: " + events);
      }
    }
  }
}
