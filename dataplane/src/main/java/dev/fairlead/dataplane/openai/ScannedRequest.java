package dev.fairlead.dataplane.openai;

import static java.util.Objects.requireNonNull;

import dev.fairlead.core.route.PromptBlocks;
import java.util.Optional;
import java.util.OptionalLong;

/// What the gateway has to know about a request, and where in the body it stands. `model` is never
/// blank.
///
/// @param stream whether the client asked for a stream
/// @param usageAsked whether the client asked for `stream_options.include_usage`
/// @param maxTokens the client's `max_completion_tokens`, else its `max_tokens`
/// @param tools whether tools are offered
/// @param promptBytes UTF-8 bytes of everything that becomes the prompt; a token id counts as 4
/// @param prompt how the prompt begins
/// @param leastPromptTokens what a prompt with so much text cannot be below, in any vocabulary; 0
///   where nothing is sure, as for texts to embed
/// @param inputs how many messages, prompts or texts to embed
/// @param encoding of embeddings, as the client wants them
/// @param user whom the client names as its user; empty when it is longer than names are
public record ScannedRequest(
    EndpointKind kind,
    String model,
    boolean stream,
    boolean usageAsked,
    OptionalLong maxTokens,
    boolean tools,
    long promptBytes,
    PromptBlocks prompt,
    long leastPromptTokens,
    int inputs,
    Encoding encoding,
    Optional<String> user,
    Places places)
    implements Scan {

  /// How vectors are sent.
  public enum Encoding {
    FLOAT,
    BASE64
  }

  /// What a value is into which a key may have to be put.
  public enum OptionsForm {
    NULL,
    EMPTY,
    FILLED
  }

  /// The offsets that a {@link Splice} needs.
  ///
  /// @param bodyBytes the length of the whole body
  /// @param root the body's object, from its brace to behind its closing one
  /// @param streamOptionsForm what `streamOptions` is, if it is there
  public record Places(
      int bodyBytes,
      Span root,
      Span model,
      Optional<Span> stream,
      Optional<Span> streamOptions,
      Optional<Span> includeUsage,
      OptionsForm streamOptionsForm,
      Optional<Span> encodingFormat) {
    public Places {
      requireNonNull(root, "root is null");
      requireNonNull(model, "model is null");
      requireNonNull(stream, "stream is null");
      requireNonNull(streamOptions, "streamOptions is null");
      requireNonNull(includeUsage, "includeUsage is null");
      requireNonNull(streamOptionsForm, "streamOptionsForm is null");
      requireNonNull(encodingFormat, "encodingFormat is null");
    }
  }

  public ScannedRequest {
    requireNonNull(kind, "kind is null");
    requireNonNull(model, "model is null");
    requireNonNull(maxTokens, "maxTokens is null");
    requireNonNull(prompt, "prompt is null");
    requireNonNull(encoding, "encoding is null");
    requireNonNull(user, "user is null");
    requireNonNull(places, "places is null");
    if (promptBytes < 0) {
      throw new IllegalArgumentException("promptBytes is negative: " + promptBytes);
    }
    if (leastPromptTokens < 0) {
      throw new IllegalArgumentException("leastPromptTokens is negative: " + leastPromptTokens);
    }
  }

  /// A guess at the length of the prompt in tokens, at least 1: four bytes are one token.
  public long estimatedPromptTokens() {
    return Math.max(1, (promptBytes + 3) / 4);
  }
}
