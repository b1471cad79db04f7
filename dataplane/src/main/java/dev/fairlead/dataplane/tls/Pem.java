package dev.fairlead.dataplane.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One block of a PEM file (RFC 7468). Immutable.
final class Pem {
  private static final long MAX_BYTES = 1 << 20;
  private static final Pattern BLOCK =
      Pattern.compile("(?s)-----BEGIN ([A-Z0-9 ]{1,40})-----(.*?)-----END \\1-----");

  private final String label;
  private final byte[] der;
  private final boolean headers;

  private Pem(String label, byte[] der, boolean headers) {
    this.label = label;
    this.der = der;
    this.headers = headers;
  }

  String label() {
    return label;
  }

  /// What it holds, which is not to be changed.
  byte[] der() {
    return der;
  }

  /// Whether it has headers, as an encrypted key of the old form does; then `der` is empty.
  boolean headers() {
    return headers;
  }

  /// The blocks of a file, whatever stands between them.
  ///
  /// @throws TlsException when the file cannot be read or a block is malformed
  static List<Pem> read(Path file) {
    Matcher matcher = BLOCK.matcher(text(file));
    List<Pem> blocks = new ArrayList<>();
    while (matcher.find()) {
      String body = matcher.group(2);
      boolean headers = body.contains(":");
      try {
        byte[] der = headers ? new byte[0] : Base64.getMimeDecoder().decode(body);
        blocks.add(new Pem(matcher.group(1), der, headers));
      } catch (IllegalArgumentException e) {
        throw new TlsException("%s: its %s is cut short".formatted(file, matcher.group(1)), e);
      }
    }
    return blocks;
  }

  /// The certificates of a file, of which there is at least one.
  ///
  /// @throws TlsException when there is none, or one is damaged
  static List<X509Certificate> certificates(Path file) {
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      var factory = CertificateFactory.getInstance("X.509");
      for (Pem block : read(file)) {
        if (block.label().equals("CERTIFICATE")) {
          var der = new ByteArrayInputStream(block.der());
          certificates.add((X509Certificate) factory.generateCertificate(der));
        }
      }
    } catch (CertificateException e) {
      throw new TlsException("%s: a certificate in it is damaged".formatted(file), e);
    }
    if (certificates.isEmpty()) {
      throw new TlsException("%s: there is no PEM certificate in it".formatted(file));
    }
    return certificates;
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new TlsException("%s: too long for a PEM file".formatted(file));
      }
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw new TlsException("%s: there is no such file".formatted(file), e);
    } catch (IOException e) {
      throw new TlsException("%s: cannot be read: %s".formatted(file, e), e);
    }
  }
}
