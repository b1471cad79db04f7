package dev.fairlead.dataplane.gateway;

import dev.fairlead.dataplane.net.GatheredBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/// The body of one request, as long as it is of use: until it was sent, and from then on only for
/// another attempt, within the gateway's budget. Confined to the event loop of the request.
final class RequestBody {
  private static final int AFFINITY_BYTES = 512;

  private final Retries retries;
  private final GatheredBytes bytes = new GatheredBytes();
  private State state = State.WHOLE;

  private enum State {
    /// It is there, and not counted.
    WHOLE,
    /// It was sent, and is kept within the gateway's budget.
    KEPT,
    GONE
  }

  RequestBody(Retries retries) {
    this.retries = retries;
  }

  /// Takes the next part, borrowed.
  void add(ByteBuf part) {
    bytes.add(part);
  }

  /// All of it; must not be gone.
  ByteBuf bytes() {
    return bytes.bytes();
  }

  /// Whether no other attempt is possible.
  boolean gone() {
    return state == State.GONE;
  }

  /// A hash of its beginning: what begins alike should stay together at one replica.
  long affinity() {
    ByteBuf all = bytes.bytes();
    int length = Math.min(AFFINITY_BYTES, all.readableBytes());
    return ByteBufUtil.hashCode(all.slice(all.readerIndex(), length));
  }

  /// It is about to be sent. From the first time on it is there for further attempts only.
  void sending() {
    if (state != State.WHOLE) {
      return;
    }
    retries.requested();
    if (retries.keep(bytes.length())) {
      state = State.KEPT;
    } else {
      drop();
    }
  }

  /// No other attempt will need it.
  void drop() {
    if (state == State.KEPT) {
      retries.forget(bytes.length());
    }
    if (state != State.GONE) {
      state = State.GONE;
      bytes.release();
    }
  }
}
