package dev.fairlead.testkit.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/// Stands between a client of HTTP/1.1 and a server on loopback and carries out a {@link
/// FaultPlan}. Clients may keep connections, but must not pipeline. Any thread; closing it ends its
/// connections and threads.
public final class FaultProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final int upstream;
  private final FaultPlan plan;
  private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);

  private FaultProxy(ServerSocket listener, int upstream, FaultPlan plan) {
    this.listener = listener;
    this.upstream = upstream;
    this.plan = plan;
  }

  /// Listens on a free port before the server at that port.
  public static FaultProxy before(int upstream, FaultPlan plan) {
    try {
      var proxy =
          new FaultProxy(
              new ServerSocket(0, 128, InetAddress.getLoopbackAddress()), upstream, plan);
      Thread.ofVirtual().name("fault-proxy-accept").start(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return listener.getLocalPort();
  }

  /// How many clients' connections are open.
  public int openConnections() {
    return connections.size();
  }

  private void accept() {
    try {
      while (true) {
        open(listener.accept());
      }
    } catch (IOException e) {
      // The listener was closed: that is how it ends.
      closed.countDown();
    }
  }

  private void open(Socket client) {
    Socket server;
    try {
      server = new Socket(InetAddress.getLoopbackAddress(), upstream);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
    } catch (IOException e) {
      ProxiedConnection.reset(client);
      return;
    }
    var connection = new ProxiedConnection(client, server, plan, closed);
    connections.add(connection);
    if (closed.getCount() == 0) {
      connection.cut();
    }
    connection.start(() -> connections.remove(connection));
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    connections.forEach(ProxiedConnection::cut);
  }
}
