package dev.fairlead.dataplane.net;

import io.netty.channel.EventLoop;

/// Sends requests to upstreams, each on the event loop of the exchange that it serves, over kept
/// connections of that loop. `send` is for the thread of that loop; the other methods for every
/// one.
public final class HttpClient implements AutoCloseable {
  public HttpClient(ClientOptions options, EventLoops loops) {}

  /// Sends a request. Failures, a refused connection included, go to the listener.
  public UpstreamCall send(EventLoop loop, UpstreamRequest request, ResponseListener listener) {
    return new UpstreamCall() {
      @Override
      public void pause() {}

      @Override
      public void resume() {}

      @Override
      public void cancel() {}
    };
  }

  /// How many calls are neither ended, failed nor cancelled.
  public int openCalls() {
    return 0;
  }

  /// How many unused connections are kept.
  public int pooledConnections() {
    return 0;
  }

  /// How many connections are there, used or not.
  public int openConnections() {
    return 0;
  }

  /// Closes every connection; open calls fail with `SHUT_DOWN`.
  @Override
  public void close() {}
}
