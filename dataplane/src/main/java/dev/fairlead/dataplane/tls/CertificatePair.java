package dev.fairlead.dataplane.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A server's certificate, those of its issuers, and its key, which belong together. Immutable.
///
/// @param chain the server's own certificate first
public record CertificatePair(List<X509Certificate> chain, PrivateKey key) {
  private static final byte[] PROBE = {1, 2, 3};

  public CertificatePair {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("chain is empty");
    }
  }

  /// Reads two PEM files, or one that holds both.
  ///
  /// @throws TlsException when they cannot be used; its message says why
  public static CertificatePair read(Path certificates, Path key) {
    List<X509Certificate> chain = Pem.certificates(certificates);
    PrivateKey privateKey = PrivateKeys.read(key);
    if (!belong(chain.getFirst().getPublicKey(), privateKey)) {
      boolean later = chain.stream().anyMatch(other -> belong(other.getPublicKey(), privateKey));
      throw new TlsException(
          later
              ? "%s: the certificate of the key is not the first one; put the server's own before"
                      .formatted(certificates)
                  + " those of its issuers"
              : "%s is not the key of the certificate in %s".formatted(key, certificates));
    }
    return new CertificatePair(chain, privateKey);
  }

  /// Whether the one key checks what the other has signed.
  private static boolean belong(PublicKey open, PrivateKey key) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(PROBE);
      byte[] signed = signature.sign();
      signature.initVerify(open);
      signature.update(PROBE);
      return signature.verify(signed);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  /// The server's own certificate.
  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /// What clients will not accept of it at `now`; empty for nothing.
  public Optional<String> complaint(Instant now) {
    Instant from = certificate().getNotBefore().toInstant();
    Instant until = certificate().getNotAfter().toInstant();
    if (now.isAfter(until)) {
      return Optional.of("the certificate of %s expired at %s".formatted(subject(), until));
    }
    return now.isBefore(from)
        ? Optional.of("the certificate of %s is not valid before %s".formatted(subject(), from))
        : Optional.empty();
  }

  /// Whose it is and until when, for a log.
  public String described() {
    return "%s, until %s".formatted(subject(), certificate().getNotAfter().toInstant());
  }

  private String subject() {
    String name = certificate().getSubjectX500Principal().getName();
    return name.isEmpty() ? "a server without a name" : name;
  }
}
