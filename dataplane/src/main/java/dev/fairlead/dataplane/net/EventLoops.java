package dev.fairlead.dataplane.net;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/// The threads on which all HTTP happens: epoll where its native library is there, else NIO. One
/// for a process, shared by its servers and clients. Safe for every thread.
public final class EventLoops implements AutoCloseable {
  private final EventLoopGroup group;
  private final boolean epoll;
  private final int threads;

  private EventLoops(EventLoopGroup group, boolean epoll, int threads) {
    this.group = group;
    this.epoll = epoll;
    this.threads = threads;
  }

  /// Starts `threads` loops whose threads are named `name-…`.
  public static EventLoops start(int threads, String name) {
    Checks.positive(threads, "threads");
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    var group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), io);
    return new EventLoops(group, epoll, threads);
  }

  /// A loop for work that has none yet, such as a health probe.
  public EventLoop next() {
    return group.next();
  }

  /// For a library that brings channels of its own, such as the client of Redis.
  public EventLoopGroup group() {
    return group;
  }

  public int threads() {
    return threads;
  }

  Class<? extends ServerSocketChannel> serverChannel() {
    return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  Class<? extends SocketChannel> clientChannel() {
    return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  /// Stops the threads, after the servers and clients on them; waits up to 5 s for them.
  @Override
  public void close() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}
