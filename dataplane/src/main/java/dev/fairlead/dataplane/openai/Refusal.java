package dev.fairlead.dataplane.openai;

import java.io.Serial;

/// Ends a scan from within its callbacks; {@link BodyScanner} turns it into a value. Without a
/// stack trace, since it tells of the client and not of us.
final class Refusal extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final transient ApiError error;

  private Refusal(ApiError error) {
    super(error.message(), null, false, false);
    this.error = error;
  }

  static Refusal of(ApiError error) {
    return new Refusal(error);
  }

  ApiError error() {
    return error;
  }
}
