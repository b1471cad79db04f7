package dev.fairlead.dataplane.net;

import dev.fairlead.dataplane.net.UpstreamFailure.Cause;
import dev.fairlead.dataplane.tls.Authorities;
import dev.fairlead.dataplane.tls.ClientTls;
import dev.fairlead.dataplane.tls.HandshakeFailure;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Sends requests to upstreams, each on the event loop of the exchange that it serves, over kept
/// connections of that loop. `send` is for the thread of that loop; the other methods for every
/// one.
public final class HttpClient implements AutoCloseable {
  /// What was read for a client that has stopped reading is kept until it reads again.
  private static final int MAX_READ = 32 << 10;

  /// So much of an answer the kernel keeps for us; by itself it would go up to several MiB for each
  /// client that does not read.
  private static final int KERNEL_BUFFER = 256 << 10;

  private final ClientOptions options;
  private final EventLoops loops;
  private final ClientTls tls;
  private final Map<EventLoop, ConnectionPool> pools = new ConcurrentHashMap<>();
  private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();
  private final AtomicInteger openCalls = new AtomicInteger();
  private final AtomicInteger pooled = new AtomicInteger();
  private volatile boolean closed;

  /// A client whose connections live on `loops`, and which trusts whom the JVM trusts.
  public HttpClient(ClientOptions options, EventLoops loops) {
    this(options, loops, ClientTls.trusting(Authorities.ofJvm()));
  }

  /// A client whose connections live on `loops`; `tls` says which servers it trusts.
  public HttpClient(ClientOptions options, EventLoops loops, ClientTls tls) {
    this.options = options;
    this.loops = loops;
    this.tls = tls;
  }

  /// Sends a request. Every failure, a refused connection included, goes to the listener.
  public UpstreamCall send(EventLoop loop, UpstreamRequest request, ResponseListener listener) {
    if (!loop.inEventLoop()) {
      throw new IllegalStateException("send outside of the event loop of the call");
    }
    ConnectionPool pool =
        pools.computeIfAbsent(
            loop, own -> new ConnectionPool(own, options.maxIdlePerAddress(), pooled));
    openCalls.incrementAndGet();
    var call = new ClientCall(this, pool, request, listener);
    call.start();
    return call;
  }

  /// How many calls are neither ended, failed nor cancelled.
  public int openCalls() {
    return openCalls.get();
  }

  /// How many unused connections are kept.
  public int pooledConnections() {
    return pooled.get();
  }

  /// How many connections are there, used or not.
  public int openConnections() {
    return connections.size();
  }

  /// Closes every connection; open calls fail with `SHUT_DOWN`.
  @Override
  public void close() {
    closed = true;
    for (ClientConnection connection : connections) {
      connection.loop().execute(connection::shutDown);
    }
  }

  ClientOptions options() {
    return options;
  }

  void callClosed() {
    openCalls.decrementAndGet();
  }

  /// Makes a connection for a call. A name is resolved on a virtual thread, for the JDK's resolver
  /// blocks.
  void connect(ClientCall call) {
    String host = call.address().host();
    if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
      connectTo(call, new InetSocketAddress(host, call.address().port()));
      return;
    }
    Thread.ofVirtual().name("resolve-" + host).start(() -> resolve(call, host));
  }

  private void resolve(ClientCall call, String host) {
    try {
      var address = new InetSocketAddress(InetAddress.getByName(host), call.address().port());
      call.loop().execute(() -> connectTo(call, address));
    } catch (UnknownHostException e) {
      call.loop().execute(() -> call.unconnected(Cause.UNKNOWN_HOST, "no such host"));
    }
  }

  private void connectTo(ClientCall call, InetSocketAddress address) {
    if (call.over()) {
      return;
    }
    var handler = new Connect(call);
    long millis = Math.max(1, call.timeouts().connect().toMillis());
    var _ =
        new Bootstrap()
            .group(call.loop())
            .channel(loops.clientChannel())
            .disableResolver()
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_RCVBUF, KERNEL_BUFFER)
            .option(
                ChannelOption.RECVBUF_ALLOCATOR,
                new AdaptiveRecvByteBufAllocator(512, 2_048, MAX_READ))
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(Integer.MAX_VALUE, millis))
            .handler(handler)
            .connect(address)
            .addListener((ChannelFutureListener) handler::done);
  }

  /// Sets up one connection and tells the call. On the call's event loop.
  private final class Connect extends ChannelInitializer<SocketChannel> {
    private final ClientCall call;

    Connect(ClientCall call) {
      this.call = call;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
      var connection = new ClientConnection(channel, call.address(), call.pool(), options);
      DeadPeer.notice(channel, options.deadPeer());
      connections.add(connection);
      channel.closeFuture().addListener(_ -> connections.remove(connection));
      if (call.address().tls()) {
        channel
            .pipeline()
            .addLast(
                tls.handler(
                    channel.alloc(),
                    call.address().host(),
                    call.address().port(),
                    call.timeouts().connect()));
      }
      connection.install();
    }

    void done(ChannelFuture future) {
      SslHandler handshake =
          future.isSuccess() ? future.channel().pipeline().get(SslHandler.class) : null;
      if (handshake != null) {
        var _ = handshake.handshakeFuture().addListener(shaken -> encrypted(future, shaken));
      } else if (future.isSuccess()) {
        open(future);
      } else {
        boolean late = future.cause() instanceof ConnectTimeoutException;
        failed(
            late ? Cause.CONNECT_TIMEOUT : Cause.CONNECT_REFUSED,
            String.valueOf(future.cause().getMessage()));
      }
    }

    /// No byte of the request is sent before the server is known.
    private void encrypted(ChannelFuture connected, Future<?> handshake) {
      if (handshake.isSuccess()) {
        open(connected);
      } else if (handshake.cause() instanceof SslHandshakeTimeoutException) {
        failed(Cause.CONNECT_TIMEOUT, "no TLS handshake in time");
      } else {
        failed(Cause.UNTRUSTED, HandshakeFailure.explained(handshake.cause()));
      }
    }

    private void open(ChannelFuture connected) {
      if (closed) {
        var _ = connected.channel().close();
        failed(Cause.SHUT_DOWN, "the client was closed");
      } else {
        call.connected(connected.channel().pipeline().get(ClientConnection.class));
      }
    }

    private void failed(Cause cause, String detail) {
      if (closed) {
        call.unconnected(Cause.SHUT_DOWN, "the client was closed");
      } else {
        call.unconnected(cause, detail);
      }
    }
  }
}
