package dev.fairlead.dataplane.openai;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/// A refusal or failure as OpenAI's clients understand it. The client library picks its exception
/// by `status`, and whether and when to try again by the headers.
///
/// @param retryAfter when trying again makes sense, as measured or known
/// @param shouldRetry what the client library shall do whatever the status says
public record ApiError(
    int status,
    String type,
    Optional<String> code,
    Optional<String> param,
    String message,
    Optional<Duration> retryAfter,
    Optional<Boolean> shouldRetry) {
  private static final String INVALID = "invalid_request_error";
  private static final String SERVER = "server_error";
  private static final int NAMES_SHOWN = 20;

  public ApiError {
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("status is not an error: " + status);
    }
    requireNonNull(type, "type is null");
    requireNonNull(code, "code is null");
    requireNonNull(param, "param is null");
    requireNonNull(message, "message is null");
    requireNonNull(retryAfter, "retryAfter is null");
    requireNonNull(shouldRetry, "shouldRetry is null");
  }

  private static ApiError of(int status, String type, String code, String message) {
    return new ApiError(
        status,
        type,
        Optional.of(code),
        Optional.empty(),
        message,
        Optional.empty(),
        Optional.empty());
  }

  /// 400 without a parameter, such as invalid JSON.
  public static ApiError badRequest(String message) {
    return of(400, INVALID, "invalid_request", message);
  }

  /// 400 because of the value at `param`, such as `messages[2].role`.
  public static ApiError badParameter(String param, String code, String message) {
    return of(400, INVALID, code, message).withParam(param);
  }

  /// 400 for a prompt that does not fit.
  public static ApiError contextLengthExceeded(String param, long limit, long promptTokens) {
    return badParameter(
        param,
        "context_length_exceeded",
        "This model's maximum context length is "
            + "%d tokens. However, your %s resulted in %d tokens. Please reduce the length of the %s."
                .formatted(limit, param, promptTokens, param));
  }

  /// 401.
  public static ApiError unauthenticated(String message) {
    return of(401, INVALID, "invalid_api_key", message);
  }

  /// 403.
  public static ApiError forbidden(String message) {
    return of(403, "permission_error", "permission_denied", message);
  }

  /// 404 for a path that is not served.
  public static ApiError notFound(String message) {
    return of(404, INVALID, "not_found", message);
  }

  /// 404 for a name that is not served; the names that are come nearest first.
  public static ApiError unknownModel(String model, List<String> served) {
    List<String> nearest = NearestNames.order(model, served);
    String names =
        nearest.isEmpty()
            ? "No model is served here yet."
            : "Served here: "
                + String.join(", ", nearest.subList(0, Math.min(NAMES_SHOWN, nearest.size())))
                + (nearest.size() > NAMES_SHOWN ? ", … (see /v1/models)." : ".");
    String message = "The model `%s` does not exist. %s".formatted(shorten(model), names);
    return of(404, INVALID, "model_not_found", message).withParam("model");
  }

  /// 408: the request did not arrive in time.
  public static ApiError requestTimeout(String message) {
    return of(408, INVALID, "request_timeout", message);
  }

  /// 413.
  public static ApiError tooLarge(String message) {
    return of(413, INVALID, "request_too_large", message);
  }

  /// 421: another replica than the one that the request names listens here.
  public static ApiError misdirected(String message) {
    return of(421, INVALID, "misdirected_request", message);
  }

  /// 429 that passes by itself.
  public static ApiError rateLimited(String message, Duration retryAfter) {
    return of(429, "rate_limit_error", "rate_limit_exceeded", message).withRetryAfter(retryAfter);
  }

  /// 429 that does not pass soon: a budget is spent, and client libraries shall not try again.
  public static ApiError quotaExceeded(String message) {
    return of(429, "insufficient_quota", "insufficient_quota", message).withShouldRetry(false);
  }

  /// 500: a defect of ours.
  public static ApiError internal(String message) {
    return of(500, SERVER, "internal_error", message);
  }

  /// 502: the engine failed or made no sense.
  public static ApiError badGateway(String message) {
    return of(502, SERVER, "engine_error", message);
  }

  /// 503: no replica can take the request now.
  public static ApiError unavailable(String message, Duration retryAfter) {
    return of(503, SERVER, "model_unavailable", message).withRetryAfter(retryAfter);
  }

  /// 504: the engine did not answer in time.
  public static ApiError gatewayTimeout(String message) {
    return of(504, SERVER, "engine_timeout", message);
  }

  public ApiError withParam(String newParam) {
    return new ApiError(
        status, type, code, Optional.of(newParam), message, retryAfter, shouldRetry);
  }

  public ApiError withCode(String newCode) {
    return new ApiError(
        status, type, Optional.of(newCode), param, message, retryAfter, shouldRetry);
  }

  public ApiError withRetryAfter(Duration newRetryAfter) {
    return new ApiError(
        status, type, code, param, message, Optional.of(newRetryAfter), shouldRetry);
  }

  public ApiError withShouldRetry(boolean newShouldRetry) {
    return new ApiError(
        status, type, code, param, message, retryAfter, Optional.of(newShouldRetry));
  }

  /// Hands out the headers that steer the retries of client libraries, names in lower case. Whole
  /// seconds are rounded up.
  public void forEachHeader(BiConsumer<String, String> header) {
    retryAfter.ifPresent(wait -> {
      long millis = Math.max(0, wait.toMillis());
      header.accept("retry-after", Long.toString(Math.ceilDiv(millis, 1000)));
      header.accept("retry-after-ms", Long.toString(millis));
    });
    shouldRetry.ifPresent(retry -> header.accept("x-should-retry", retry.toString()));
  }

  /// The body of an answer with this error.
  public String toJson() {
    return Json.write(this::writeTo);
  }

  /// The event that reports this error once the stream has begun: named `error` and with the error
  /// in its data, because each of the known clients looks at one of the two.
  public String toErrorEvent() {
    return "event: error\ndata: " + toJson() + "\n\n";
  }

  private void writeTo(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("error");
    json.writeStringField("message", message);
    json.writeStringField("type", type);
    writeNullable(json, "param", param);
    writeNullable(json, "code", code);
    json.writeEndObject();
    json.writeEndObject();
  }

  /// Writes a key that is always there, with `null` for nothing.
  static void writeNullable(JsonGenerator json, String key, Optional<String> value)
      throws IOException {
    json.writeFieldName(key);
    if (value.isPresent()) {
      json.writeString(value.get());
    } else {
      json.writeNull();
    }
  }

  private static String shorten(String model) {
    return model.length() <= 100 ? model : model.substring(0, 100) + "…";
  }
}
