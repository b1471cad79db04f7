package dev.fairlead.dataplane.openai;

/// The pieces of text of which events consist, shared by the side that writes them and the side
/// that looks for them.
final class ChunkText {
  /// How each chunk ends but the last: nothing but a chunk without a finish reason can.
  static final String UNFINISHED = "\"finish_reason\":null}]}";

  private ChunkText() {}
}
