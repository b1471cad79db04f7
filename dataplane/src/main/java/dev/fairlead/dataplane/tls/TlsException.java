package dev.fairlead.dataplane.tls;

/// A certificate or its key cannot be used. The message tells the user which file, what is wrong
/// and what to do; it never holds anything of a key.
public final class TlsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TlsException(String message) {
    super(message);
  }

  TlsException(String message, Throwable cause) {
    super(message, cause);
  }
}
