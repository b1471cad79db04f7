package dev.fairlead.app.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The certificate of the public door. Absent files mean plain HTTP.
public record Tls(Optional<Files> files) {
  private static final Option<Path> CERTIFICATE =
      Option.of(
              "certificateFile",
              OptionTypes.file(),
              "PEM: the server's certificate, then those of its issuers.")
          .otherwise("plain HTTP");
  private static final Option<Path> KEY =
      Option.of(
              "keyFile",
              OptionTypes.file(),
              "PEM: the private key of the certificate, not encrypted (PKCS#8, PKCS#1 or SEC 1).")
          .otherwise("plain HTTP");

  /// The section `tls`.
  public static final Section<Tls> SECTION =
      Section.of(
          "tls",
          "HTTPS instead of HTTP. What the files hold is taken up when it changes; which files they"
              + " are only at a start.",
          List.of(CERTIFICATE, KEY),
          values -> of(values.find(CERTIFICATE), values.find(KEY)));

  /// Both files of a pair.
  public record Files(Path certificate, Path key) {}

  private static Tls of(Optional<Path> certificate, Optional<Path> key) {
    if (certificate.isPresent() != key.isPresent()) {
      throw new IllegalArgumentException(
          "`certificateFile` and `keyFile` belong together; `%s` is missing"
              .formatted(key.isPresent() ? "certificateFile" : "keyFile"));
    }
    return new Tls(certificate.flatMap(file -> key.map(other -> new Files(file, other))));
  }
}
