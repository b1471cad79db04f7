package dev.fairlead.dataplane.net;

/// Says why a server could not listen, and what to do about it.
public final class ListenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ListenException(String message, Throwable cause) {
    super(message, cause);
  }
}
