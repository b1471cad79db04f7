package dev.fairlead.dataplane.limits;

import io.lettuce.core.resource.EventLoopGroupProvider;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.concurrent.TimeUnit;

/// Lets the Redis client work on the loops of HTTP, so that it brings no threads for its sockets.
/// Immutable; the loops are closed by their owner.
final class SharedLoops implements EventLoopGroupProvider {
  private final EventLoopGroup group;
  private final int threads;

  SharedLoops(EventLoopGroup group, int threads) {
    this.group = group;
    this.threads = threads;
  }

  /// The client asks for the class of its transport, and uses what it gets as an event loop group:
  /// the same transport is chosen by the same rule on both sides, epoll where it is there.
  @Override
  @SuppressWarnings("unchecked")
  public <T extends EventLoopGroup> T allocate(Class<T> type) {
    return (T) group;
  }

  @Override
  public int threadPoolSize() {
    return threads;
  }

  @Override
  public Future<Boolean> release(
      EventExecutorGroup released, long quietPeriod, long timeout, TimeUnit unit) {
    return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
  }

  @Override
  public Future<Boolean> shutdown(long quietPeriod, long timeout, TimeUnit unit) {
    return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
  }
}
