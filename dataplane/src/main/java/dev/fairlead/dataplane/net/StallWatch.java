package dev.fairlead.dataplane.net;

import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.SocketChannel;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Cuts off a client that reads nothing of its answer for too long; what it takes gives it the
/// whole time anew, in steps of a third of the kernel's buffer. Confined to the connection's event
/// loop.
final class StallWatch {
  private static final Logger LOG = LoggerFactory.getLogger(StallWatch.class);

  private final SocketChannel channel;
  private final Supplier<Duration> patience;
  private final Deadline deadline;
  private long pendingBytes;

  StallWatch(SocketChannel channel, Supplier<Duration> patience) {
    this.channel = channel;
    this.patience = patience;
    this.deadline = new Deadline(channel.eventLoop(), this::stalled);
  }

  /// Something waits to be read by the client.
  void begin() {
    pendingBytes = pending();
    deadline.set(patience.get());
  }

  /// Nothing does.
  void clear() {
    deadline.clear();
  }

  /// The connection is no more.
  void stop() {
    deadline.stop();
  }

  private void stalled() {
    long before = pendingBytes;
    // More than before is a sign of life too: what was written since must have found room.
    if (pending() != before) {
      begin();
      return;
    }
    LOG.info(
        "connection cut remote={} reason=stalled pendingBytes={}", channel.remoteAddress(), before);
    new ConnectionEnd(channel).reset();
  }

  private long pending() {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    // Of what leaves now, Netty takes off nothing before all of it has left.
    return buffer == null ? 0 : buffer.totalPendingWriteBytes() - buffer.currentProgress();
  }
}
