package dev.fairlead.dataplane.net;

import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.time.Duration;

/// Has the kernel notice that the machine at the other end is gone without a word: one that
/// acknowledges nothing (TCP_USER_TIMEOUT, RFC 5482), neither data nor the probes of a silent
/// connection, nor reads anything, is taken for gone. Without it that takes a quarter of an hour.
/// Where there is no epoll, only the kernel's own keep-alive is on.
final class DeadPeer {
  private static final int PROBES = 3;

  private DeadPeer() {}

  /// Sets the channel up, before or after it is connected.
  static void notice(SocketChannel channel, Duration within) {
    if (channel instanceof EpollSocketChannel epoll) {
      int silent = Math.clamp(within.toSeconds() / 2, 1, Short.MAX_VALUE);
      epoll
          .config()
          .setKeepAlive(true)
          .setTcpKeepIdle(silent)
          .setTcpKeepIntvl(Math.max(1, silent / PROBES))
          .setTcpKeepCnt(PROBES)
          .setTcpUserTimeout(Math.clamp(within.toMillis(), 1, Integer.MAX_VALUE));
    } else {
      channel.config().setKeepAlive(true);
    }
  }
}
