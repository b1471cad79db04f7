package dev.fairlead.dataplane.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.testkit.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The files that tools write, and the mistakes that people make with them.
final class CertificatePairIT {
  @TempDir private Path folder;

  private Certificates certificates = new Certificates(Path.of("."));

  @BeforeEach
  void prepare() {
    certificates = new Certificates(folder);
  }

  @ParameterizedTest
  @CsvSource({
    "RSA, rsa_keygen_bits:2048",
    "EC, ec_paramgen_curve:P-256",
    "EC, ec_paramgen_curve:P-384"
  })
  void aKeyOfTheOldFormIsTheSameKey(String algorithm, String option) {
    Certificates.Pair pair = certificates.pair("a", algorithm, "-pkeyopt", option);
    Path old = folder.resolve("old.key");
    certificates.openssl(
        "pkey", "-traditional", "-in", pair.key().toString(), "-out", old.toString());

    assertThat(old).content().contains(algorithm + " PRIVATE KEY-----");
    ServerTls.of(CertificatePair.read(pair.certificate(), old)).close();
    ServerTls.of(CertificatePair.read(pair.certificate(), pair.key())).close();
  }

  @Test
  void anEdwardsKeyIsRead() {
    Certificates.Pair pair = certificates.pair("a", "ED25519");

    assertThat(CertificatePair.read(pair.certificate(), pair.key()).key().getAlgorithm())
        .isEqualTo("EdDSA");
  }

  @Test
  void aKeyOfAnotherCertificateIsRefused() {
    Certificates.Pair one = certificates.pair("one");
    Certificates.Pair other = certificates.pair("other");
    Certificates.Pair rsa = certificates.pair("rsa", "RSA");

    for (Path key : new Path[] {other.key(), rsa.key()}) {
      assertThatThrownBy(() -> CertificatePair.read(one.certificate(), key))
          .isInstanceOf(TlsException.class)
          .hasMessage(key + " is not the key of the certificate in " + one.certificate());
    }
  }

  @Test
  void aChainIsReadAndOneInTheWrongOrderIsNamed() throws IOException {
    Certificates.Pair own = certificates.pair("own");
    Certificates.Pair issuer = certificates.pair("issuer");
    Path right = folder.resolve("right.crt");
    Path wrong = folder.resolve("wrong.crt");
    String text = Files.readString(own.certificate());
    Files.writeString(right, "Bag Attributes: -\n" + text + Files.readString(issuer.certificate()));
    Files.writeString(wrong, Files.readString(issuer.certificate()) + text);

    assertThat(CertificatePair.read(right, own.key()).chain()).hasSize(2);
    assertThatThrownBy(() -> CertificatePair.read(wrong, own.key()))
        .hasMessageContaining("wrong.crt: the certificate of the key is not the first one");
  }

  @Test
  void aMistakeIsNamedWithItsFile() throws IOException {
    Certificates.Pair pair = certificates.pair("a");
    Path encrypted = folder.resolve("encrypted.key");
    certificates.openssl(
        "pkey",
        "-aes256",
        "-passout",
        "pass:x",
        "-in",
        pair.key().toString(),
        "-out",
        encrypted.toString());
    Path oldEncrypted = folder.resolve("old-encrypted.key");
    certificates.openssl(
        "pkey",
        "-traditional",
        "-aes256",
        "-passout",
        "pass:x",
        "-in",
        pair.key().toString(),
        "-out",
        oldEncrypted.toString());
    Path none = folder.resolve("none.key");
    Path cut = folder.resolve("cut.key");
    Files.writeString(cut, Files.readString(pair.key()).replaceFirst("\\n.{40}", "\n"));

    refused(pair.certificate(), encrypted, "encrypted.key: the key is encrypted; decrypt it:");
    refused(pair.certificate(), oldEncrypted, "old-encrypted.key: the key is encrypted");
    refused(pair.certificate(), none, "none.key: there is no such file");
    refused(none, pair.key(), "none.key: there is no such file");
    refused(pair.certificate(), pair.certificate(), "a.crt: there is no PEM private key in it");
    refused(pair.key(), pair.key(), "a.key: there is no PEM certificate in it");
    refused(pair.certificate(), cut, "cut.key: ");
    refused(folder, pair.key(), "cannot be read");
  }

  private static void refused(Path certificate, Path key, String message) {
    assertThatThrownBy(() -> CertificatePair.read(certificate, key))
        .isInstanceOf(TlsException.class)
        .hasMessageContaining(message);
  }

  @Test
  void whatClientsWillNotAcceptIsSaid() {
    Certificates.Pair files = certificates.pair("a");
    CertificatePair pair = CertificatePair.read(files.certificate(), files.key());
    Instant from = pair.certificate().getNotBefore().toInstant();

    assertThat(pair.complaint(from.plusSeconds(1))).isEmpty();
    assertThat(pair.complaint(from.minusSeconds(1)).orElseThrow())
        .startsWith("the certificate of CN=a is not valid before ");
    assertThat(pair.complaint(from.plus(Duration.ofDays(31))).orElseThrow())
        .startsWith("the certificate of CN=a expired at ");
  }
}
