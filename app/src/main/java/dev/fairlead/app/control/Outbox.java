package dev.fairlead.app.control;

import dev.fairlead.dataplane.net.ServerExchange;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Carries to one streaming exchange, in order, what other threads have to say, and never makes
/// them wait. A client that reads too slowly is cut off. `send` and `finish` may be called by every
/// thread; the constructor belongs to the exchange's loop, after its answer was started.
final class Outbox {
  private final ServerExchange exchange;
  private final EventLoop loop;
  private final int maxBytes;
  private final Runnable ended;
  private final ArrayDeque<byte[]> queue = new ArrayDeque<>();
  private int queuedBytes;
  private boolean drainScheduled;
  private boolean finishing;
  private boolean closed;

  /// @param maxBytes how much may wait for the client
  /// @param ended runs once on the loop, however the stream ends
  Outbox(ServerExchange exchange, int maxBytes, Runnable ended) {
    this.exchange = exchange;
    this.loop = exchange.loop();
    this.maxBytes = maxBytes;
    this.ended = ended;
    exchange.onWritable(this::drain);
    exchange.onClientGone(this::gone);
  }

  /// Queues a message, which nobody may change any more.
  synchronized void send(byte[] message) {
    if (closed || finishing) {
      return;
    }
    queue.add(message);
    queuedBytes += message.length;
    if (queuedBytes > maxBytes) {
      close();
      loop.execute(this::cut);
    } else {
      scheduleDrain();
    }
  }

  /// Ends the answer after what is queued.
  synchronized void finish() {
    if (!closed) {
      finishing = true;
      scheduleDrain();
    }
  }

  private void scheduleDrain() {
    if (!drainScheduled) {
      drainScheduled = true;
      loop.execute(this::drain);
    }
  }

  private void drain() {
    synchronized (this) {
      drainScheduled = false;
    }
    while (exchange.writable()) {
      byte[] message = next();
      if (message == null) {
        return;
      }
      exchange.write(Unpooled.wrappedBuffer(message));
    }
  }

  private byte @Nullable [] next() {
    synchronized (this) {
      byte[] message = queue.poll();
      if (message != null) {
        queuedBytes -= message.length;
        return message;
      }
      if (!finishing || closed) {
        return null;
      }
      close();
    }
    exchange.finish();
    ended.run();
    return null;
  }

  private void cut() {
    exchange.abort();
    ended.run();
  }

  private void gone() {
    synchronized (this) {
      if (closed) {
        return;
      }
      close();
    }
    ended.run();
  }

  private synchronized void close() {
    closed = true;
    queue.clear();
    queuedBytes = 0;
  }
}
