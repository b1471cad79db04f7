package dev.fairlead.dataplane.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/// What a listener needs to speak TLS 1.2 and 1.3: BoringSSL where its library is there, else the
/// JDK's own. The pair can be replaced: connections that are there go on with the one that they
/// began with. Safe for every thread.
public final class ServerTls implements AutoCloseable {
  private final SslProvider provider;
  private SslContext context;

  /// @throws TlsException when the library refuses the pair
  ServerTls(CertificatePair pair, SslProvider provider) {
    this.provider = provider;
    context = context(pair);
  }

  /// What a listener with this pair needs.
  ///
  /// @throws TlsException when the library refuses the pair
  public static ServerTls of(CertificatePair pair) {
    // Counted references, so that a replaced pair's memory goes with its last connection.
    return new ServerTls(
        pair, OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK);
  }

  /// Which library speaks it, for a log.
  public static String provider() {
    return OpenSsl.isAvailable() ? OpenSsl.versionString() : "JDK";
  }

  private SslContext context(CertificatePair pair) {
    var alpn =
        new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_1_1);
    try {
      return SslContextBuilder.forServer(pair.key(), pair.chain().toArray(new X509Certificate[0]))
          .sslProvider(provider)
          .protocols("TLSv1.3", "TLSv1.2")
          .applicationProtocolConfig(alpn)
          .build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new TlsException("the certificate cannot be used: " + e.getMessage(), e);
    }
  }

  /// Gives new connections another pair.
  ///
  /// @throws TlsException when the library refuses it; then the old one stays
  public void replace(CertificatePair pair) {
    SslContext next = context(pair);
    SslContext old;
    synchronized (this) {
      old = context;
      context = next;
    }
    ReferenceCountUtil.release(old);
  }

  /// The handler of one connection, which keeps what it needs of the pair.
  ///
  /// @param within how long a client may take for the handshake
  public synchronized SslHandler handler(ByteBufAllocator allocator, Duration within) {
    SslHandler handler = context.newHandler(allocator);
    handler.setHandshakeTimeout(within.toMillis(), TimeUnit.MILLISECONDS);
    return handler;
  }

  /// Gives the library's memory back, once the last connection is closed. No handler may be asked
  /// for after it.
  @Override
  public synchronized void close() {
    ReferenceCountUtil.release(context);
  }
}
