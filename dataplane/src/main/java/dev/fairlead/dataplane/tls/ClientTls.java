package dev.fairlead.dataplane.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// What connections to servers need to speak TLS 1.2 and 1.3: whom they trust. A server's
/// certificate must be signed by one of the authorities, be valid now and name the host that was
/// asked for. Nothing is read or built before the first connection. Safe for every thread.
public final class ClientTls {
  private final Authorities authorities;
  private final SslProvider provider;
  private @Nullable SslContext context;

  ClientTls(Authorities authorities, SslProvider provider) {
    this.authorities = authorities;
    this.provider = provider;
  }

  /// By BoringSSL where its library is there, else by the JDK's own.
  public static ClientTls trusting(Authorities authorities) {
    return new ClientTls(
        authorities, OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK);
  }

  /// The handler of one connection.
  ///
  /// @param host the name that the certificate must have
  /// @param within how long the server may take for the handshake
  /// @throws TlsException when the JVM's trust store cannot be used
  public SslHandler handler(ByteBufAllocator allocator, String host, int port, Duration within) {
    SslHandler handler = context().newHandler(allocator, host, port);
    handler.setHandshakeTimeout(Math.max(1, within.toMillis()), TimeUnit.MILLISECONDS);
    return handler;
  }

  private synchronized SslContext context() {
    if (context == null) {
      try {
        context =
            SslContextBuilder.forClient()
                .sslProvider(provider)
                .protocols("TLSv1.3", "TLSv1.2")
                .trustManager(authorities.managers())
                .endpointIdentificationAlgorithm("HTTPS")
                .build();
      } catch (SSLException e) {
        throw new TlsException("this JVM has no TLS: " + e.getMessage(), e);
      }
    }
    return context;
  }

  /// The same trust for the JDK's clients.
  ///
  /// @throws TlsException when the JVM's trust store cannot be used
  public SSLContext forJdk() {
    try {
      SSLContext made = SSLContext.getInstance("TLS");
      made.init(null, authorities.managers().getTrustManagers(), null);
      return made;
    } catch (GeneralSecurityException e) {
      throw new TlsException("this JVM has no TLS: " + e.getMessage(), e);
    }
  }
}
