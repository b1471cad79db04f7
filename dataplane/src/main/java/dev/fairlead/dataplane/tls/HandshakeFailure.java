package dev.fairlead.dataplane.tls;

import io.netty.handler.ssl.NotSslRecordException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXReason;
import javax.net.ssl.SSLException;

/// Says why a server was not trusted, for whoever runs Fairlead: the exceptions of TLS libraries
/// have it somewhere in their causes.
public final class HandshakeFailure {
  private static final int DEEPEST = 16;

  private static final String PLAIN =
      "it does not speak TLS: does its URL begin with http:// rather than https://?";

  /// How the JDK's own engine says that, for which it has no type.
  private static final String JDK_PLAIN = "Unsupported or unrecognized SSL message";

  private HandshakeFailure() {}

  /// One sentence about the server, without its name.
  public static String explained(Throwable failure) {
    String deepest = failure.toString();
    String certificate = "";
    Throwable cause = failure;
    for (int i = 0; cause != null && i < DEEPEST; i++, cause = cause.getCause()) {
      deepest = text(cause);
      switch (cause) {
        case CertificateExpiredException expired -> {
          return "its certificate has expired (%s)".formatted(text(expired));
        }
        case CertificateNotYetValidException early -> {
          return "its certificate is not valid yet (%s)".formatted(text(early));
        }
        case CertPathBuilderException _ -> certificate = unknown();
        case CertPathValidatorException path when path.getReason() == PKIXReason.NO_TRUST_ANCHOR ->
            certificate = unknown();
        case CertificateException other -> certificate = refused(other);
        case NotSslRecordException _ -> {
          return PLAIN;
        }
        case SSLException other when text(other).startsWith(JDK_PLAIN) -> {
          return PLAIN;
        }
        default -> {}
      }
    }
    return certificate.isEmpty() ? "the TLS handshake failed: " + deepest : certificate;
  }

  private static String unknown() {
    return "its certificate is signed by an authority that is not trusted; the file that"
        + " `servers.authoritiesFile` of the configuration names may hold a private one";
  }

  private static String refused(CertificateException failure) {
    String text = text(failure);
    return text.startsWith("No subject alternative") || text.startsWith("No name matching")
        ? "its certificate is for another name (%s)".formatted(text)
        : "its certificate is refused: " + text;
  }

  private static String text(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
