package dev.fairlead.lab.clients;

import java.util.Locale;

/// What an engine does, or what lies between it and the client: a row of the behaviour matrix.
///
/// The kind says how each client asks, and for what outcome it looks; `matrix.mjs` has the same.
enum Situation {
  REAL_STREAM(Kind.REAL_STREAM, Question.CAPITAL, "streams an answer (the real engine)"),
  REAL_WHOLE(Kind.REAL_WHOLE, Question.CAPITAL, "gives a whole answer (the real engine)"),
  REAL_VECTORS(Kind.REAL_VECTORS, "A ship.", "makes vectors (the real engine)"),
  COMMENTS(Kind.WAIT, "fake:prefill ms=900", "is busy: comments before the answer"),
  USAGE(Kind.STREAM, Question.CAPITAL, "tells the usage in a chunk with `choices: []`"),
  NO_FINISH(Kind.BREAK, "fake:no-finish after=3", "ends without a `finish_reason`"),
  DATA_ERROR(Kind.BREAK, "fake:error after=3", "sends `data: {\"error\": …}` in mid-stream"),
  NAMED_ERROR(Kind.BREAK, "fake:named-error after=3", "sends `event: error` in mid-stream"),
  GARBAGE(Kind.BREAK, "fake:garbage after=3", "sends half a JSON object in mid-stream"),
  RESET(Kind.BREAK, "fake:cut after=3", "resets the connection in mid-stream"),
  TOOL(Kind.TOOL, "Hi", "calls a tool"),
  TOOL_REPEATED(Kind.TOOL, "fake:tool-repeated", "repeats id and name in each piece of a call"),
  TOOL_NO_INDEX(Kind.TOOL, "fake:tool-no-index", "leaves out the index of a call"),
  FLOATS(Kind.VECTORS, "A ship.", "answers floats whatever was asked"),
  BASE64(Kind.VECTORS, "fake:base64", "answers base64 whatever was asked"),
  HTML(Kind.REFUSE, "fake:html500", "answers with a page of HTML");

  /// How a client asks.
  enum Kind {
    REAL_STREAM,
    REAL_WHOLE,
    REAL_VECTORS,
    WAIT,
    STREAM,
    BREAK,
    TOOL,
    VECTORS,
    REFUSE;

    String id() {
      return lower(name());
    }
  }

  private static final class Question {
    private static final String CAPITAL = "What is the capital of France?";
  }

  private final Kind kind;
  private final String question;
  private final String label;

  Situation(Kind kind, String question, String label) {
    this.kind = kind;
    this.question = question;
    this.label = label;
  }

  Kind kind() {
    return kind;
  }

  /// What the client asks, by which the fake engine knows what to do.
  String question() {
    return question;
  }

  /// The first cell of its row.
  String label() {
    return label;
  }

  String id() {
    return lower(name());
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
