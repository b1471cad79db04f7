package dev.fairlead.dataplane.openai;

/// Where a JSON value lies in a body: bytes `start` (inclusive) to `end` (exclusive).
public record Span(int start, int end) {
  public Span {
    if (start < 0) {
      throw new IllegalArgumentException("start is negative: " + start);
    }
    if (end < start) {
      throw new IllegalArgumentException("end is before start: " + end);
    }
  }
}
