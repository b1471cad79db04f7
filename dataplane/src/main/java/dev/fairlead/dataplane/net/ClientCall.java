package dev.fairlead.dataplane.net;

import dev.fairlead.dataplane.net.ConnectionPool.Address;
import dev.fairlead.dataplane.net.UpstreamFailure.Cause;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One call from its request to its one ending, over one connection, or two when the first was
/// stale:
///
/// 1. Take an unused connection of the loop, or make one.
/// 2. Send, deliver what comes.
/// 3. A reused connection that is closed soon after and without a byte was closed before the
///    request reached it: send once more, on a fresh connection.
///
/// Confined to its event loop.
final class ClientCall implements UpstreamCall {
  private static final Logger LOG = LoggerFactory.getLogger(ClientCall.class);

  private final HttpClient client;
  private final ConnectionPool pool;
  private final UpstreamRequest request;
  private final ResponseListener listener;
  private final ByteBuf body;
  private final Address address;
  private @Nullable ClientConnection connection;
  private boolean reused;
  private boolean sentBefore;
  private long sentAt;
  private boolean paused;
  private boolean responded;
  private boolean over;
  private boolean bodyReleased;

  ClientCall(
      HttpClient client, ConnectionPool pool, UpstreamRequest request, ResponseListener listener) {
    this.client = client;
    this.pool = pool;
    this.request = request;
    this.listener = listener;
    this.body = request.body().retainedDuplicate();
    this.address = new Address(request.host(), request.port(), request.tls());
  }

  void start() {
    ClientConnection kept = pool.take(address);
    if (kept == null) {
      client.connect(this);
    } else {
      reused = true;
      run(kept);
    }
  }

  private void run(ClientConnection open) {
    connection = open;
    sentAt = now();
    open.run(this, request);
  }

  private long now() {
    return pool.loop().ticker().nanoTime();
  }

  EventLoop loop() {
    return pool.loop();
  }

  ConnectionPool pool() {
    return pool;
  }

  Address address() {
    return address;
  }

  UpstreamTimeouts timeouts() {
    return request.timeouts();
  }

  boolean paused() {
    return paused;
  }

  boolean over() {
    return over;
  }

  /// Learns that a fresh connection is there.
  void connected(ClientConnection fresh) {
    if (over) {
      fresh.close();
    } else {
      reused = false;
      run(fresh);
    }
  }

  /// Learns that no connection can be made.
  void unconnected(Cause cause, String detail) {
    fail(new UpstreamFailure(cause, false, sentBefore, address + ": " + detail));
  }

  void head(int status, HttpHeaders headers) {
    responded = true;
    releaseBody();
    if (over) {
      return;
    }
    try {
      listener.head(status, headers);
    } catch (RuntimeException e) {
      listenerFailed(e);
    }
  }

  void data(ByteBuf part) {
    if (over) {
      return;
    }
    try {
      listener.data(part);
    } catch (RuntimeException e) {
      listenerFailed(e);
    }
  }

  void end() {
    if (close()) {
      try {
        listener.end();
      } catch (RuntimeException e) {
        LOG.error("response listener failed upstream={}", address, e);
      }
    }
  }

  /// Learns that its connection broke; `silent` when no byte had come.
  void broken(UpstreamFailure failure, boolean silent) {
    connection = null;
    boolean stale =
        failure.cause() == Cause.CLOSED
            && silent
            && reused
            && now() - sentAt < client.options().stale().toNanos();
    if (stale && !over) {
      LOG.debug("stale connection replaced upstream={}", address);
      sentBefore = true;
      client.connect(this);
    } else {
      fail(failure);
    }
  }

  private void listenerFailed(RuntimeException cause) {
    LOG.error("response listener failed upstream={}", address, cause);
    closeConnection();
    fail(new UpstreamFailure(Cause.INTERNAL, responded, true, "the listener threw " + cause));
  }

  private void fail(UpstreamFailure failure) {
    if (close()) {
      try {
        listener.failed(failure);
      } catch (RuntimeException e) {
        LOG.error("response listener failed upstream={}", address, e);
      }
    }
  }

  private boolean close() {
    if (over) {
      return false;
    }
    over = true;
    connection = null;
    releaseBody();
    client.callClosed();
    return true;
  }

  /// From the response's head on, the request is not sent again.
  private void releaseBody() {
    if (!bodyReleased) {
      bodyReleased = true;
      body.release();
    }
  }

  private void closeConnection() {
    ClientConnection open = connection;
    connection = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void pause() {
    if (!over && !paused) {
      paused = true;
      if (connection != null) {
        connection.autoRead(false);
      }
    }
  }

  @Override
  public void resume() {
    if (!over && paused) {
      paused = false;
      if (connection != null) {
        connection.autoRead(true);
      }
    }
  }

  @Override
  public void cancel() {
    closeConnection();
    close();
  }
}
