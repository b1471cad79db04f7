package dev.fairlead.dataplane.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Tells the client why an engine refused its request, in OpenAI's words and never in the engine's
/// own, which may quote the prompt or be a page of HTML.
public final class EngineErrors {
  private static final int LONGEST_MESSAGE = 2000;
  private static final Duration SOON = Duration.ofSeconds(1);

  /// What an engine says, and what that means. The first group of `says` is a parameter's name, if
  /// there is one.
  private record Rule(Pattern says, String param, String message) {
    static Rule of(String says, String param, String message) {
      return new Rule(Pattern.compile(says), param, message);
    }
  }

  // llama.cpp (tools/server) and vLLM. The groups are the two counts.
  private static final List<Pattern> LIMIT_THEN_COUNT =
      List.of(
          Pattern.compile(
              "maximum context length (?:is|of) (\\d+) tokens[^\\d]{1,200}?(\\d+)"
                  + "(?: input)? tokens"));
  private static final List<Pattern> COUNT_THEN_LIMIT =
      List.of(
          Pattern.compile(
              "request \\((\\d+) tokens\\) exceeds the available context size \\((\\d+)"),
          Pattern.compile("input \\((\\d+) tokens\\) is too large to process\\D{1,200}(\\d+)"),
          Pattern.compile(
              "input \\((\\d+) tokens\\) is larger than the max context size \\((\\d+)"));

  private static final List<Rule> RULES =
      List.of(
          Rule.of(
              "does not support embeddings|is not OAI compatible|does not support Embeddings API",
              "model",
              "The model `%s` does not make embeddings."),
          Rule.of(
              "does not logits|does not support (?:chat )?completions?|does not support Chat",
              "model",
              "The model `%s` makes embeddings only: it does not answer."),
          Rule.of(
              "(?:image|audio|video) input is not supported|is not a multimodal model",
              "messages",
              "The model `%s` takes text only."),
          Rule.of(
              "^Field '([A-Za-z0-9_.]{1,64})'",
              "",
              "The model `%s` cannot be run with this value of `%s`."),
          Rule.of(
              "^Unsupported param: ([A-Za-z0-9_.]{1,64})",
              "",
              "The engine of the model `%s` does not know `%s`."),
          Rule.of("[Ff]ailed to parse tools|'?tools'? param", "tools", badPart("tools")),
          Rule.of(
              "JSON schema|response_format|json_schema|grammar",
              "response_format",
              badPart("response_format")),
          Rule.of(
              "Failed to parse messages|Expected 'messages'|must contain 'content'|content\\[\\]",
              "messages",
              badPart("messages")));

  /// A server that has the endpoint, but not the model, answers 404 too.
  private static final Pattern UNKNOWN_MODEL = Pattern.compile("model.{1,200}not (?:found|exist)");

  private EngineErrors() {}

  private static String badPart(String param) {
    return "The engine of the model `%s` cannot use what `" + param + "` holds.";
  }

  /// What can be read of an error body.
  private record Told(String message, String type, long limit, long count) {}

  /// The error for an engine's answer with a status other than 200. `body` (what was read of it, 64
  /// KiB are plenty) stays the caller's.
  public static ApiError from(EndpointKind kind, String model, int status, ByteBuf body) {
    Told told = read(body);
    Optional<ApiError> known = known(kind, model, told);
    if (known.isPresent()) {
      return known.get();
    }
    boolean missing = status == 404 || status == 405 || status == 501;
    boolean ofModel = UNKNOWN_MODEL.matcher(told.message()).find();
    if (missing && !ofModel && kind.byEngine()) {
      return ApiError.notFound(missingEndpoint(kind, model)).withCode("unsupported_endpoint");
    }
    return switch (status) {
      case 400, 405, 409, 413, 415, 422, 501 ->
          ApiError.badRequest("The engine of the model `%s` refused the request.".formatted(model))
              .withCode("engine_refused");
      case 429, 503 ->
          ApiError.unavailable(
              "The engine of the model `%s` takes no request at present.".formatted(model), SOON);
      case 504, 408 ->
          ApiError.gatewayTimeout("The engine of the model `%s` was too slow.".formatted(model));
      default ->
          ApiError.badGateway(
              "The engine of the model `%s` failed with status %d.".formatted(model, status));
    };
  }

  private static String missingEndpoint(EndpointKind kind, String model) {
    String instead =
        switch (kind) {
          case RERANK ->
              "It needs a model for ranking, whose engine was told so (llama.cpp: `args: [--pooling, rank]`).";
          case COUNT_TOKENS -> "The `usage` of an answer says how many tokens its prompt had.";
          case CHAT, COMPLETION, EMBEDDING, RESPONSES, MESSAGES ->
              "Use %s.".formatted(EndpointKind.CHAT.path());
        };
    return "The engine of the model `%s` has no %s. %s".formatted(model, kind.path(), instead);
  }

  /// The error for one that arrived when the stream had begun.
  static ApiError inStream(AnswerIdentity identity, ByteBuf data) {
    return known(identity.kind(), identity.model(), read(data))
        .orElseGet(() ->
            ApiError.badGateway(
                "The engine of the model `%s` failed while it answered."
                    .formatted(identity.model())));
  }

  private static Optional<ApiError> known(EndpointKind kind, String model, Told told) {
    String param = kind.promptParam();
    for (Pattern pattern : COUNT_THEN_LIMIT) {
      Matcher matcher = pattern.matcher(told.message());
      if (matcher.find()) {
        return Optional.of(tooLong(param, matcher.group(2), matcher.group(1)));
      }
    }
    for (Pattern pattern : LIMIT_THEN_COUNT) {
      Matcher matcher = pattern.matcher(told.message());
      if (matcher.find()) {
        return Optional.of(tooLong(param, matcher.group(1), matcher.group(2)));
      }
    }
    if (told.type().equals("exceed_context_size_error")) {
      return Optional.of(ApiError.contextLengthExceeded(param, told.limit(), told.count()));
    }
    for (Rule rule : RULES) {
      Matcher matcher = rule.says().matcher(told.message());
      if (matcher.find()) {
        String name = matcher.groupCount() > 0 ? matcher.group(1) : rule.param();
        return Optional.of(
            ApiError.badParameter(name, "invalid_value", rule.message().formatted(model, name)));
      }
    }
    return Optional.empty();
  }

  private static ApiError tooLong(String param, String limit, String count) {
    return ApiError.contextLengthExceeded(param, number(limit), number(count));
  }

  private static long number(String digits) {
    return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
  }

  private static Told read(ByteBuf body) {
    try (JsonParser json = Json.parser(body)) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        return readObject(json);
      }
    } catch (JsonProcessingException _) {
      return new Told("", "", 0, 0);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory failed", e);
    }
    return new Told("", "", 0, 0);
  }

  private static Told readObject(JsonParser json) throws IOException {
    String message = "";
    String type = "";
    long limit = 0;
    long count = 0;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      JsonToken value = json.nextToken();
      if (key.equals("error") && value == JsonToken.START_OBJECT) {
        return readObject(json);
      }
      switch (key) {
        case "message", "error", "detail" -> message = text(json, message);
        case "type" -> type = text(json, type);
        case "n_ctx" -> limit = json.getValueAsLong(0);
        case "n_prompt_tokens" -> count = json.getValueAsLong(0);
        default -> {}
      }
      json.skipChildren();
    }
    return new Told(message, type, limit, count);
  }

  private static String text(JsonParser json, String otherwise) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      return otherwise;
    }
    String text = json.getText();
    return text.length() <= LONGEST_MESSAGE ? text : text.substring(0, LONGEST_MESSAGE);
  }
}
