package dev.fairlead.dataplane.openai;

/// An event of a typed stream, repaired.
///
/// @param text the whole event for the client, empty for none
record TypedEvent(Kind kind, String text) {

  /// What it means for the answer.
  enum Kind {
    /// Around the pieces.
    FRAME,
    /// Something that the model has said.
    PIECE,
    /// The answer is complete, with it.
    LAST,
    /// The engine failed.
    ERROR
  }

  static TypedEvent of(Kind kind, String type, String json) {
    return new TypedEvent(kind, "event: " + type + "\ndata: " + json + "\n\n");
  }
}
