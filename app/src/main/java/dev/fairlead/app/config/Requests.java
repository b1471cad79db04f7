package dev.fairlead.app.config;

import dev.fairlead.dataplane.net.ConnectionLimits;
import dev.fairlead.dataplane.net.RequestLimits;
import dev.fairlead.dataplane.openai.ScanLimits;
import java.util.List;

/// What clients of the public door may send.
///
/// @param http limits of the HTTP message
/// @param content limits of what a body says
/// @param connections how many there may be
public record Requests(RequestLimits http, ScanLimits content, ConnectionLimits connections) {
  private static final RequestLimits HTTP = RequestLimits.defaults();
  private static final ScanLimits CONTENT = ScanLimits.DEFAULT;
  private static final ConnectionLimits OPEN = ConnectionLimits.defaults();
  private static final int MANY = 1 << 20;
  private static final long GIBIBYTE = 1L << 30;

  private static final Option<Long> BODY =
      size("maxBodyBytes", 1 << 10, GIBIBYTE, "A body; more is 413.", HTTP.maxBodyBytes());
  private static final Option<Long> LINE =
      size("maxRequestLineBytes", 256, 1 << 20, "The first line; 414.", HTTP.maxRequestLine());
  private static final Option<Long> HEADER_BYTES =
      size("maxHeaderBytes", 1 << 10, 1 << 20, "All headers; 431.", HTTP.maxHeaderBytes());
  private static final Option<Integer> HEADERS =
      count("maxHeaders", 4, 1000, "How many headers; 431.", HTTP.maxHeaderCount());
  private static final Option<Integer> DEPTH =
      count("maxDepth", 8, 1000, "How deep JSON may be nested; 400.", CONTENT.depth());
  private static final Option<Long> STRING =
      size(
          "maxStringBytes",
          1 << 10,
          GIBIBYTE,
          "One string of the body; 400.",
          CONTENT.stringBytes());
  private static final Option<Integer> MESSAGES =
      count("maxMessages", 1, MANY, "Messages of a chat; 400.", CONTENT.messages());
  private static final Option<Integer> INPUTS =
      count("maxInputs", 1, MANY, "Inputs of an embedding; 400.", CONTENT.inputs());
  private static final Option<Integer> STOP =
      count("maxStop", 1, 1000, "Stop sequences; 400.", CONTENT.stop());
  private static final Option<Integer> TOOLS =
      count("maxTools", 1, MANY, "Definitions of tools; 400.", CONTENT.tools());
  private static final Option<Integer> TOKENS =
      count("maxTokens", 1, 1 << 30, "The largest `max_tokens`; 400.", (int) CONTENT.maxTokens());
  private static final Option<Integer> CONNECTIONS =
      count("maxConnections", 1, MANY, "Open connections; one more is 503.", OPEN.total());
  private static final Option<Integer> ADDRESS_CONNECTIONS =
      count(
          "maxConnectionsPerAddress",
          1,
          MANY,
          "Open connections of one address, unless `listen.address` is loopback; one more is 503."
              + " A proxy in front is one address.",
          OPEN.perAddress());

  /// The section `requests`.
  public static final Section<Requests> SECTION =
      Section.of(
          "requests",
          "What clients may send. The limits of the first line and of the headers hold for"
              + " connections made after an edit, the others for requests.",
          List.of(
              BODY,
              LINE,
              HEADER_BYTES,
              HEADERS,
              DEPTH,
              STRING,
              MESSAGES,
              INPUTS,
              STOP,
              TOOLS,
              TOKENS,
              CONNECTIONS,
              ADDRESS_CONNECTIONS),
          Requests::of);

  private static Requests of(Values values) {
    return new Requests(
        new RequestLimits(
            values.get(LINE).intValue(),
            values.get(HEADER_BYTES).intValue(),
            values.get(HEADERS),
            values.get(BODY)),
        new ScanLimits(
            values.get(BODY).intValue(),
            values.get(DEPTH),
            values.get(STRING).intValue(),
            values.get(MESSAGES),
            values.get(INPUTS),
            values.get(STOP),
            values.get(TOOLS),
            values.get(TOKENS)),
        new ConnectionLimits(values.get(CONNECTIONS), values.get(ADDRESS_CONNECTIONS)));
  }

  private static Option<Long> size(String key, long min, long max, String doc, long fallback) {
    return Option.of(key, OptionTypes.size(min, max), doc).byDefault(fallback).whileRunning();
  }

  private static Option<Integer> count(String key, int min, int max, String doc, int fallback) {
    return Option.of(key, OptionTypes.whole(min, max), doc).byDefault(fallback).whileRunning();
  }
}
