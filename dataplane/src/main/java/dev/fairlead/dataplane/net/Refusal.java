package dev.fairlead.dataplane.net;

import static java.util.Objects.requireNonNull;

/// Why a request is refused, before it is put into the form that clients read.
///
/// @param status the HTTP status, 400 to 599
/// @param code a stable word for programs, such as `body_too_large`
/// @param message what is wrong and what to do, for people
public record Refusal(int status, String code, String message) {
  public Refusal {
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("status is not an error: " + status);
    }
    requireNonNull(code, "code is null");
    requireNonNull(message, "message is null");
  }

  static Refusal badRequest(String message) {
    return new Refusal(400, "bad_request", message);
  }

  static Refusal bodyTooLarge(long maxBytes) {
    return new Refusal(
        413, "body_too_large", "The request's body is over the limit of " + maxBytes + " bytes.");
  }
}
