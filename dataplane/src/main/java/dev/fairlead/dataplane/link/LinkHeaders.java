package dev.fairlead.dataplane.link;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.util.AsciiString;
import java.net.URLDecoder;
import java.net.URLEncoder;

/// The headers between a gateway and an agent. A gateway strips all of them from what clients send
/// and from what they receive.
public final class LinkHeaders {
  /// Every header of ours begins with this.
  public static final String PREFIX = "fairlead-";

  /// `events` for a stream, `whole` for one JSON answer that the agent assembles.
  public static final AsciiString ANSWER = AsciiString.cached("fairlead-answer");

  /// `asked` when the finishing chunk of a stream shall carry the usage too, else `not-asked`. Only
  /// clients of openai-node get that: programs on it, such as AnythingLLM, leave at the
  /// `finish_reason`. The assembly of openai-java fails at a usage that is not on the last chunk.
  public static final AsciiString USAGE = AsciiString.cached("fairlead-usage");

  /// The served name, which the answer carries as its `model`; {@link #encoded}, for a name may
  /// have any character and a header may not.
  public static final AsciiString MODEL = AsciiString.cached("fairlead-model");

  /// The replica that the request is meant for; another one answers 421.
  public static final AsciiString REPLICA = AsciiString.cached("fairlead-replica");

  /// The gateway's estimate of the prompt's tokens.
  public static final AsciiString PROMPT_TOKENS = AsciiString.cached("fairlead-prompt-tokens");

  /// `float` or `base64`, what the client asked of an embedding.
  public static final AsciiString ENCODING = AsciiString.cached("fairlead-encoding");

  /// On an answer without any of the engine's bytes: why the request should go elsewhere.
  public static final AsciiString REFUSAL = AsciiString.cached("fairlead-refusal");

  /// On a whole answer: `prompt=12, completion=5, cached=0`.
  public static final AsciiString TOKENS = AsciiString.cached("fairlead-tokens");

  /// On a whole answer: its `finish_reason`.
  public static final AsciiString FINISH = AsciiString.cached("fairlead-finish");

  private static final String PLAIN =
      "abcdefghijklmnopqrstuvwxyz0123456789-_.ABCDEFGHIJKLMNOPQRSTUVWXYZ";

  private LinkHeaders() {}

  /// A text as the value of a header: percent-encoded UTF-8.
  public static String encoded(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (PLAIN.indexOf(text.charAt(i)) < 0) {
        return URLEncoder.encode(text, UTF_8);
      }
    }
    return text;
  }

  /// What was {@link #encoded}; the value as it is when that is not well-formed.
  public static String decoded(String value) {
    try {
      return URLDecoder.decode(value, UTF_8);
    } catch (IllegalArgumentException _) {
      return value;
    }
  }
}
