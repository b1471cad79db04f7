package dev.fairlead.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A certificate authority of a test's own, as companies have for their servers: an authority, one
/// below it that signs, and the servers' certificates. Made with `openssl`; used by one thread.
public final class Authority {
  private static final String P256 = "ec_paramgen_curve:P-256";

  private final Path folder;
  private final Certificates openssl;
  private final Certificates.Pair root;
  private final Certificates.Pair signing;

  /// One that keeps its files in `folder`.
  public Authority(Path folder) {
    this.folder = folder;
    openssl = new Certificates(folder);
    root = rootPair();
    signing = signed("signing", "basicConstraints=critical,CA:TRUE", root, 30);
  }

  private Certificates.Pair rootPair() {
    Path key = folder.resolve("root.key");
    Path certificate = folder.resolve("root.crt");
    openssl.openssl(
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        P256,
        "-nodes",
        "-keyout",
        key.toString(),
        "-out",
        certificate.toString(),
        "-days",
        "30",
        "-subj",
        "/CN=Private Root");
    return new Certificates.Pair(certificate, key);
  }

  /// Its own certificate, which those who trust it need.
  public Path certificate() {
    return root.certificate();
  }

  /// A server's certificate, with that of the signing authority behind it, and its key.
  ///
  /// @param names such as `DNS:localhost,IP:127.0.0.1`
  public Certificates.Pair server(String file, String names) {
    return chained(signed(file, "subjectAltName=" + names, signing, 30));
  }

  /// One that expired a day ago.
  public Certificates.Pair expired(String file, String names) {
    return chained(signed(file, "subjectAltName=" + names, signing, -1));
  }

  private Certificates.Pair chained(Certificates.Pair pair) {
    Path chain = folder.resolve(pair.certificate().getFileName() + ".chain");
    try {
      Files.writeString(
          chain, Files.readString(pair.certificate()) + Files.readString(signing.certificate()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Certificates.Pair(chain, pair.key());
  }

  private Certificates.Pair signed(
      String file, String extension, Certificates.Pair issuer, int days) {
    Path key = folder.resolve(file + ".key");
    Path request = folder.resolve(file + ".csr");
    Path certificate = folder.resolve(file + ".crt");
    openssl.openssl(
        "req",
        "-new",
        "-newkey",
        "ec",
        "-pkeyopt",
        P256,
        "-nodes",
        "-keyout",
        key.toString(),
        "-subj",
        "/CN=" + file,
        "-addext",
        extension,
        "-out",
        request.toString());
    openssl.openssl(
        "x509",
        "-req",
        "-in",
        request.toString(),
        "-CA",
        issuer.certificate().toString(),
        "-CAkey",
        issuer.key().toString(),
        "-CAcreateserial",
        "-copy_extensions",
        "copy",
        "-days",
        Integer.toString(days),
        "-out",
        certificate.toString());
    return new Certificates.Pair(certificate, key);
  }
}
