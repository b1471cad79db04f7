package dev.fairlead.dataplane.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// Who may sign the certificates of servers that Fairlead connects to: those of the JVM's trust
/// store, and more. Immutable.
public final class Authorities {
  private final List<X509Certificate> more;

  private Authorities(List<X509Certificate> more) {
    this.more = List.copyOf(more);
  }

  /// Those of the JVM's trust store.
  public static Authorities ofJvm() {
    return new Authorities(List.of());
  }

  /// Those of the JVM's trust store and of a PEM file. A server's own certificate may be there too.
  ///
  /// @throws TlsException when it cannot be used; its message says why
  public static Authorities ofJvmAnd(Path file) {
    return new Authorities(Pem.certificates(file));
  }

  /// What checks a server by them.
  ///
  /// @throws TlsException when the JVM's trust store cannot be read
  TrustManagerFactory managers() {
    try {
      TrustManagerFactory usual = factory();
      usual.init((KeyStore) null);
      if (more.isEmpty()) {
        return usual;
      }
      KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
      all.load(null, null);
      List<X509Certificate> certificates = new ArrayList<>(more);
      for (TrustManager manager : usual.getTrustManagers()) {
        if (manager instanceof X509TrustManager known) {
          certificates.addAll(List.of(known.getAcceptedIssuers()));
        }
      }
      for (int i = 0; i < certificates.size(); i++) {
        all.setCertificateEntry("authority-" + i, certificates.get(i));
      }
      TrustManagerFactory both = factory();
      both.init(all);
      return both;
    } catch (GeneralSecurityException | IOException e) {
      throw new TlsException("the JVM's trust store cannot be used: " + e.getMessage(), e);
    }
  }

  private static TrustManagerFactory factory() throws GeneralSecurityException {
    return TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
  }
}
