package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.model.Artifact.Purpose;
import dev.fairlead.dataplane.openai.ApiError;
import dev.fairlead.dataplane.openai.EndpointKind;
import java.time.Duration;
import java.util.Optional;

/// The refusals and failures that begin at the gateway, in words for the client.
final class GatewayErrors {
  private GatewayErrors() {}

  static ApiError missingKey() {
    return ApiError.unauthenticated(
        "Send your API key in the header `Authorization: Bearer KEY` (or `x-api-key: KEY`)."
            + " `fairlead up` prints the key when it starts.");
  }

  /// The same for a key that never was, one that has expired and one that was revoked: nobody shall
  /// learn which.
  static ApiError invalidKey() {
    return ApiError.unauthenticated(
        "This API key is not valid. Ask whoever runs this server for another one.");
  }

  /// @param allowed as the header `Allow` has them
  static ApiError wrongMethod(String path, String allowed) {
    return new ApiError(
        405,
        "invalid_request_error",
        Optional.of("method_not_allowed"),
        Optional.empty(),
        "%s takes %s only.".formatted(path, allowed.replace(", ", " and ")),
        Optional.empty(),
        Optional.empty());
  }

  static ApiError queueFull(int waiting, Duration room) {
    return ApiError.unavailable(
        "%d requests are waiting already. Try again later, or raise maxReplicas."
            .formatted(waiting),
        room);
  }

  /// The version cannot have a replica as things are.
  static ApiError notAvailable(String version, String why) {
    return ApiError.unavailable(
            "%s cannot be served: %s".formatted(version, why), Duration.ofSeconds(30))
        .withShouldRetry(false);
  }

  /// The wait for a cold start is over for a client that cannot be told anything before the answer.
  static ApiError stillStarting(String model, Duration waited, Duration left) {
    return ApiError.unavailable(
        ("%s is still starting after %d s; it is expected within %d s. Try again, or ask for a stream,"
                + " which is held until the model is there.")
            .formatted(model, waited.toSeconds(), Math.max(1, left.toSeconds())),
        left);
  }

  static ApiError stillQueued(String model, Duration waited, int ahead, Duration room) {
    return ApiError.unavailable(
        "No replica of %s had room within %d s; %d requests are ahead. Try again later."
            .formatted(model, waited.toSeconds(), ahead),
        room);
  }

  static ApiError wrongPurpose(String model, EndpointKind kind, Purpose purpose) {
    String does =
        purpose == Purpose.EMBEDDING
            ? "embeddings (/v1/embeddings)"
            : "text (/v1/chat/completions)";
    return ApiError.badParameter(
        "model",
        "unsupported_model",
        "The model `%s` makes %s; it does not serve %s.".formatted(model, does, kind.path()));
  }

  /// The prompt is too long by far, so that no engine has to be asked.
  static ApiError promptTooLong(EndpointKind kind, long limit, long atLeast) {
    String param = kind.promptParam();
    return ApiError.badParameter(
        param,
        "context_length_exceeded",
        "This model's maximum context length is %d tokens. However, your %s resulted in more than %d tokens. Please reduce the length of the %s."
            .formatted(limit, param, atLeast, param));
  }

  static ApiError replicaFailed(int attempts) {
    return ApiError.badGateway(
        "The replica failed before it answered, %d times. It is being restarted; try again."
            .formatted(attempts));
  }

  static ApiError refusedEverywhere(int times) {
    return ApiError.unavailable(
        "No replica took the request, %d times. Try again later.".formatted(times),
        Duration.ofSeconds(5));
  }

  static ApiError replicaLost() {
    return ApiError.badGateway(
        "The replica failed in the middle of its answer. What you have is not complete; try again.");
  }

  static ApiError tooLong(Duration limit) {
    return ApiError.gatewayTimeout(
        "The answer took longer than maxStreamDuration, %d s.".formatted(limit.toSeconds()));
  }
}
