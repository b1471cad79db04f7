package dev.fairlead.dataplane.net;

import dev.fairlead.dataplane.tls.CertificatePair;
import dev.fairlead.dataplane.tls.ServerTls;
import dev.fairlead.testkit.Certificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A server's TLS with a certificate made for the test, and sockets that trust it. Used by one
/// thread.
final class TestTls implements AutoCloseable {
  private final Path folder;
  private final CertificatePair pair;
  private final ServerTls server;

  TestTls() {
    try {
      folder = Files.createTempDirectory("test-tls");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Certificates.Pair files = new Certificates(folder).pair("localhost");
    pair = CertificatePair.read(files.certificate(), files.key());
    server = ServerTls.of(pair);
  }

  ServerTls server() {
    return server;
  }

  SSLContext trusting() {
    return trusting(pair.certificate());
  }

  static SSLContext trusting(X509Certificate certificate) {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry("server", certificate);
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// A connection that begins its handshake with the first byte.
  Socket dial(int port) {
    try {
      return trusting().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.close();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
