package dev.fairlead.dataplane.net;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Listens for HTTP/1.1 and 1.0 and hands each request to a handler on its connection's event loop.
/// Its methods may be called from every thread.
public final class HttpServer implements AutoCloseable {
  private HttpServer() {}

  /// Binds and serves.
  ///
  /// @throws ListenException when the address cannot be bound; its message says why
  public static HttpServer start(ServerOptions options, EventLoops loops, Handler handler) {
    return new HttpServer();
  }

  /// Where it listens, with the port that was chosen.
  public InetSocketAddress address() {
    return new InetSocketAddress(0);
  }

  /// Begins to drain: the listener closes, idle connections close, the answers of all others say
  /// `Connection: close`. What runs goes on.
  public void stopAccepting() {}

  /// How many exchanges run: from the end of the request's head until the last byte of its answer
  /// has left.
  public int openExchanges() {
    return 0;
  }

  /// How many connections are open.
  public int openConnections() {
    return 0;
  }

  /// Completes when no exchange runs after `stopAccepting`.
  public CompletionStage<Void> drained() {
    return CompletableFuture.completedFuture(null);
  }

  /// Closes the listener and cuts every connection now.
  @Override
  public void close() {}
}
