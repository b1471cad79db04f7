package dev.fairlead.dataplane.openai;

import static java.util.Objects.requireNonNull;

import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// What all pieces of one answer have in common. `created` is in seconds since the epoch, `model`
/// is the name that the client knows.
public record AnswerIdentity(EndpointKind kind, String model, String id, long created) {
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  public AnswerIdentity {
    requireNonNull(kind, "kind is null");
    requireNonNull(model, "model is null");
    requireNonNull(id, "id is null");
  }

  /// A new answer, with an id as OpenAI makes them: `chatcmpl-…` or `cmpl-…`.
  public static AnswerIdentity create(
      EndpointKind kind, String model, RandomGenerator random, InstantSource clock) {
    String id = kind.idPrefix() + randomLetters(random, 29);
    return new AnswerIdentity(kind, model, id, clock.instant().getEpochSecond());
  }

  private static String randomLetters(RandomGenerator random, int count) {
    StringBuilder letters = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      letters.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return letters.toString();
  }

  /// The id of a tool call to which the engine gave none: derived from the answer's, so that it is
  /// as unique.
  String toolCallId(int index) {
    return "call_" + id.substring(id.indexOf('-') + 1) + index;
  }
}
