package dev.fairlead.lab.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;

/// What a request asks of the {@link UpstreamProgram}, written into fields of a chat that every
/// proxy passes on, some behind the prompt instead of before it. Immutable.
///
/// @param stream whether the client asks for a stream
/// @param tokens how many pieces of text the answer has (`max_tokens`)
/// @param paceMillis the time between two of them, 0 for none (`seed`)
/// @param bodyBytes what the body is filled up to
record Ask(boolean stream, int tokens, int paceMillis, int bodyBytes) {
  /// The fields stand in the first or in the last so many bytes; the prompt is between them.
  private static final int EDGE_BYTES = 400;

  /// Prose with line breaks, whose escapes a scanner has to look at.
  private static final String PROSE =
      "The quick brown fox jumps over the lazy dog, and the dog does not mind it at all.\\n";

  Ask {
    if (tokens <= 0) {
      throw new IllegalArgumentException("tokens is not positive: " + tokens);
    }
    if (paceMillis < 0) {
      throw new IllegalArgumentException("paceMillis is negative: " + paceMillis);
    }
    if (bodyBytes < 0) {
      throw new IllegalArgumentException("bodyBytes is negative: " + bodyBytes);
    }
  }

  static Ask whole(int tokens) {
    return new Ask(false, tokens, 0, 0);
  }

  static Ask stream(int tokens, int paceMillis) {
    return new Ask(true, tokens, paceMillis, 0);
  }

  /// The same with a prompt that makes the body so long.
  Ask withBodyBytes(int bytes) {
    return new Ask(stream, tokens, paceMillis, bytes);
  }

  /// How many events a client gets: the role, the text, the finish and `[DONE]`.
  int events() {
    return tokens + 3;
  }

  String json() {
    String start =
        "{\"model\":\"bench\",\"stream\":%b,\"max_tokens\":%d,\"seed\":%d,\"messages\":[{\"role\":\"user\",\"content\":\"Hello. "
            .formatted(stream, tokens, paceMillis);
    String end = "\"}]}";
    int missing = Math.max(0, bodyBytes - start.length() - end.length());
    return start + PROSE.repeat(missing / PROSE.length()) + end;
  }

  /// Reads it back from what has reached the upstream; a proxy may have asked for a stream where
  /// the client did not.
  static Ask read(ByteBuf body) {
    String edges = edges(body);
    return new Ask(
        edges.contains("\"stream\":true"),
        number(edges, "\"max_tokens\":"),
        number(edges, "\"seed\":"),
        body.readableBytes());
  }

  /// Whether the usage is asked for as well.
  static boolean usageAsked(ByteBuf body) {
    return edges(body).contains("\"include_usage\":true");
  }

  private static String edges(ByteBuf body) {
    int length = body.readableBytes();
    String head = body.toString(body.readerIndex(), Math.min(EDGE_BYTES, length), US_ASCII);
    int behind = Math.clamp(length - EDGE_BYTES, 0, EDGE_BYTES);
    return head + body.toString(body.writerIndex() - behind, behind, US_ASCII);
  }

  private static int number(String edges, String key) {
    int from = edges.indexOf(key);
    if (from < 0) {
      return 1;
    }
    int value = 0;
    for (int i = from + key.length(); i < edges.length(); i++) {
      int digit = edges.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      value = 10 * value + digit;
    }
    return value;
  }
}
