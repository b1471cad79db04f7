package dev.fairlead.dataplane.net;

/// Puts a refusal into the JSON that clients of one listener understand. Called on event loops.
@FunctionalInterface
public interface ErrorRenderer {
  /// Returns the body, which is sent as `application/json`.
  String render(Refusal refusal);

  /// Renders the error object of the OpenAI API, with all its four keys.
  static ErrorRenderer openAi() {
    return OpenAiErrors.INSTANCE;
  }
}
