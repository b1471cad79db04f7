package dev.fairlead.dataplane.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;

/// The ways to end a connection, which TLS makes differ: its `close_notify` says that all was sent,
/// so that it must come after a whole answer and never after a broken one (RFC 8446, section 6.1).
/// Confined to the connection's event loop.
final class ConnectionEnd {
  private final SocketChannel channel;

  ConnectionEnd(SocketChannel channel) {
    this.channel = channel;
  }

  /// Closes for a reader that was told everything, after what was written.
  void close() {
    var _ = channel.close();
  }

  /// Says that nothing more comes, and goes on listening.
  void shutOutput() {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      endOutput();
    } else {
      tls.closeOutbound().addListener(_ -> endOutput());
    }
  }

  private void endOutput() {
    var _ = channel.shutdownOutput();
  }

  /// Ends the connection so that the peer sees a failure, whatever waits to be sent.
  void reset() {
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    cut();
  }

  /// Closes now, without a word of TLS and without waiting for what is to be sent.
  void cut() {
    ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
    if (tls == null) {
      var _ = channel.close();
    } else {
      var _ = tls.close();
    }
  }
}
