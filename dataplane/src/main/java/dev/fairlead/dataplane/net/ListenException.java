package dev.fairlead.dataplane.net;

import java.net.BindException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;

/// Says why a server could not listen, and what to do about it.
public final class ListenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private ListenException(String message, Throwable cause) {
    super(message, cause);
  }

  static ListenException of(String host, int port, Throwable cause) {
    String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    String message;
    if (cause instanceof UnresolvedAddressException) {
      message = "cannot listen on %s: no such host".formatted(host);
    } else if (text.contains("permission denied")) {
      message =
          "cannot listen on port %d: permission denied: choose a port of 1024 or more"
              .formatted(port);
    } else if (text.contains("cannot assign")) {
      message = "cannot listen on %s: it is not an address of this machine".formatted(host);
    } else if (cause instanceof BindException || text.contains("in use")) {
      message =
          "port %d is in use: stop the program that listens on %s:%d, or choose another port"
              .formatted(port, host, port);
    } else {
      message = "cannot listen on %s:%d: %s".formatted(host, port, cause.getMessage());
    }
    return new ListenException(message, cause);
  }
}
