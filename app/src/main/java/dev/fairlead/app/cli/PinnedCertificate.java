package dev.fairlead.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// Trusts the certificate of one file and nothing else, whatever name it bears: the Fairlead on
/// this machine is asked at 127.0.0.1, while its certificate is for the name that others use.
/// Immutable; safe for every thread.
final class PinnedCertificate extends X509ExtendedTrustManager {
  private final Collection<? extends Certificate> pinned;

  private PinnedCertificate(Collection<? extends Certificate> pinned) {
    this.pinned = pinned;
  }

  /// @throws CliException when the file cannot be read
  static SSLContext trusting(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      var pinned = CertificateFactory.getInstance("X.509").generateCertificates(in);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new PinnedCertificate(pinned)}, null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw CliException.failed(
          "cannot read the certificate %s of the Fairlead on this machine: %s"
              .formatted(file, e.getMessage()));
    }
  }

  private void check(X509Certificate[] chain) throws CertificateException {
    if (chain.length == 0 || !pinned.contains(chain[0])) {
      throw new CertificateException("not the certificate of the Fairlead on this machine");
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("this is a client");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw new CertificateException("this is a client");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("this is a client");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
