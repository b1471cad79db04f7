package dev.fairlead.dataplane.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/// The form in which an API's own clients look for an error. All have the four keys of OpenAI's
/// inside `error`.
public enum ErrorForm {
  /// `{"error": {…}}`.
  OPENAI,
  /// The same as an answer; in a stream the keys of the event `error` beside it, for it has a type.
  RESPONSES,
  /// `{"type": "error", "error": {"type", "message"}}`, with Anthropic's types.
  ANTHROPIC;

  /// The form for who asks at this path.
  public static ErrorForm at(String path) {
    if (path.equals(EndpointKind.MESSAGES.path())
        || path.startsWith(EndpointKind.MESSAGES.path() + "/")) {
      return ANTHROPIC;
    }
    return path.equals(EndpointKind.RESPONSES.path()) ? RESPONSES : OPENAI;
  }

  static ErrorForm of(EndpointKind kind) {
    return at(kind.path());
  }

  /// The body of an answer with this error.
  public String json(ApiError error) {
    return this == ANTHROPIC ? Json.write(json -> typed(json, error)) : error.toJson();
  }

  /// The event that reports this error once the stream has begun, for every known client: it is
  /// named `error` and has the error in its data.
  public String event(ApiError error) {
    return switch (this) {
      case OPENAI -> error.toErrorEvent();
      case RESPONSES, ANTHROPIC ->
          "event: error\ndata: " + Json.write(json -> typed(json, error)) + "\n\n";
    };
  }

  private void typed(JsonGenerator json, ApiError error) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "error");
    if (this == RESPONSES) {
      json.writeStringField("message", error.message());
      ApiError.writeNullable(json, "param", error.param());
      ApiError.writeNullable(json, "code", error.code());
    }
    json.writeObjectFieldStart("error");
    json.writeStringField("type", this == ANTHROPIC ? anthropicType(error) : error.type());
    json.writeStringField("message", error.message());
    ApiError.writeNullable(json, "param", error.param());
    ApiError.writeNullable(json, "code", error.code());
    json.writeEndObject();
    json.writeEndObject();
  }

  private static String anthropicType(ApiError error) {
    return switch (error.status()) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 503 -> "overloaded_error";
      case 504 -> "timeout_error";
      default -> error.status() < 500 ? "invalid_request_error" : "api_error";
    };
  }
}
