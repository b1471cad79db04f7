package dev.fairlead.dataplane.net;

import static java.util.Objects.requireNonNull;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Listens for HTTP/1.1 and 1.0 and hands each request to a handler on its connection's event loop.
/// Its methods may be called from every thread.
public final class HttpServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

  /// So much of an answer the kernel keeps for a client; by itself it would go up to several MiB.
  private static final int KERNEL_BUFFER = 256 << 10;

  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(16 << 10, 32 << 10);

  private volatile ServerOptions options;
  private final Handler handler;
  private final Channel listener;
  private final Set<ServerConnection> connections = ConcurrentHashMap.newKeySet();
  private final AtomicInteger openExchanges = new AtomicInteger();
  private final AtomicInteger openConnections = new AtomicInteger();
  private final AddressCounts addresses = new AddressCounts();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private volatile boolean draining;

  private HttpServer(ServerOptions options, EventLoops loops, Handler handler) {
    this.options = options;
    this.handler = handler;
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops.group())
            .channel(loops.serverChannel())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_SNDBUF, KERNEL_BUFFER)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .childHandler(new Accept())
            .bind(new InetSocketAddress(options.host(), options.port()))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw ListenException.of(options.host(), options.port(), bound.cause());
    }
    listener = bound.channel();
  }

  /// Binds and serves. Waits for the bind, so it is not for an event loop.
  ///
  /// @throws ListenException when the address cannot be bound; its message says why
  public static HttpServer start(ServerOptions options, EventLoops loops, Handler handler) {
    requireNonNull(handler, "handler is null");
    return new HttpServer(options, loops, handler);
  }

  /// Where it listens, with the port that was chosen.
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /// Begins to drain: the listener closes, idle connections close, the answers of all others say
  /// `Connection: close`. What runs goes on.
  public void stopAccepting() {
    draining = true;
    var _ = listener.close();
    for (ServerConnection connection : connections) {
      connection.channel().eventLoop().execute(connection::drain);
    }
    LOG.info("draining address={} openExchanges={}", address(), openExchanges.get());
    completeWhenDrained();
  }

  /// Changes limits, time-outs, the bound of the connections or the rule for web pages, for
  /// requests that begin after it. The limits of a request's line and headers hold for connections
  /// made after it. Where it listens does not change.
  public void reconfigure(UnaryOperator<ServerOptions> change) {
    ServerOptions next = change.apply(options);
    if (next.port() != options.port()
        || !next.host().equals(options.host())
        || !next.tls().equals(options.tls())) {
      throw new IllegalArgumentException("a server cannot move: " + next);
    }
    options = next;
  }

  /// How many exchanges run: from the end of the request's head until the last byte of its answer
  /// has left.
  public int openExchanges() {
    return openExchanges.get();
  }

  /// How many connections are open.
  public int openConnections() {
    return openConnections.get();
  }

  /// Completes when no exchange runs after `stopAccepting`.
  public CompletionStage<Void> drained() {
    return drained.minimalCompletionStage();
  }

  /// Closes the listener and cuts every connection now. Waits for it, so it is not for an event
  /// loop.
  @Override
  public void close() {
    draining = true;
    listener.close().awaitUninterruptibly();
    for (ServerConnection connection : connections) {
      connection.channel().eventLoop().execute(connection::cut);
    }
    for (ServerConnection connection : connections) {
      connection.channel().closeFuture().awaitUninterruptibly();
    }
    completeWhenDrained();
  }

  ServerOptions options() {
    return options;
  }

  BodyReceiver accept(ServerExchange exchange) {
    return options.crossOrigin().answersPreflight(exchange)
        ? BodyReceiver.ignore()
        : handler.accept(exchange);
  }

  boolean draining() {
    return draining;
  }

  void exchangeOpened() {
    openExchanges.incrementAndGet();
  }

  void exchangeClosed() {
    openExchanges.decrementAndGet();
    completeWhenDrained();
  }

  private void completeWhenDrained() {
    if (draining && openExchanges.get() == 0) {
      drained.complete(null);
    }
  }

  /// Sets up accepted connections, on their event loops.
  private final class Accept extends ChannelInitializer<SocketChannel> {
    @Override
    protected void initChannel(SocketChannel channel) {
      int open = openConnections.incrementAndGet();
      channel.closeFuture().addListener(_ -> openConnections.decrementAndGet());
      if (draining || channel.remoteAddress() == null) {
        // Without an address the peer has left already.
        var _ = channel.close();
        return;
      }
      if (open > options.connections().total()) {
        refuse(channel, options.connections().total(), "All %d connections of this server are");
        return;
      }
      if (sameAddress(channel) > options.connections().perAddress()) {
        refuse(
            channel,
            options.connections().perAddress(),
            "All %d connections that one address may have are");
        return;
      }
      options
          .tls()
          .ifPresent(tls -> {
            var handler = tls.handler(channel.alloc(), options.timeouts().header());
            channel.pipeline().addLast(new TlsOnly(), handler);
          });
      var connection = new ServerConnection(HttpServer.this, channel);
      DeadPeer.notice(channel, options.timeouts().stall());
      connections.add(connection);
      channel.closeFuture().addListener(_ -> connections.remove(connection));
      connection.install();
    }

    /// How many connections the peer's address has with this one.
    private int sameAddress(SocketChannel channel) {
      InetAddress address = channel.remoteAddress().getAddress();
      channel.closeFuture().addListener(_ -> addresses.leave(address));
      return addresses.enter(address);
    }

    private void refuse(SocketChannel channel, int limit, String message) {
      LOG.warn("connection refused limit={} remote={}", limit, channel.remoteAddress());
      if (options.tls().isPresent()) {
        var _ = channel.close();
      } else {
        channel.pipeline().addLast(new Overflow(options.errors(), message.formatted(limit)));
      }
    }
  }
}
