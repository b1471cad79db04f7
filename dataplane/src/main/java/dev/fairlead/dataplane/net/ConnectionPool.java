package dev.fairlead.dataplane.net;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The unused upstream connections of one event loop, the freshest of an address first: what is not
/// needed grows old and is closed. Confined to its loop.
final class ConnectionPool {
  private final EventLoop loop;
  private final int maxIdlePerAddress;
  private final AtomicInteger pooled;
  private final Map<Address, Deque<ClientConnection>> idle = new HashMap<>();

  ConnectionPool(EventLoop loop, int maxIdlePerAddress, AtomicInteger pooled) {
    this.loop = loop;
    this.maxIdlePerAddress = maxIdlePerAddress;
    this.pooled = pooled;
  }

  EventLoop loop() {
    return loop;
  }

  /// Takes a connection out that looks usable; null when there is none.
  @Nullable ClientConnection take(Address address) {
    Deque<ClientConnection> connections = idle.get(address);
    while (connections != null && !connections.isEmpty()) {
      ClientConnection freshest = connections.pop();
      pooled.decrementAndGet();
      if (connections.isEmpty()) {
        idle.remove(address);
      }
      if (freshest.claim()) {
        return freshest;
      }
    }
    return null;
  }

  /// Keeps a connection; false when there are enough of its address.
  boolean keep(ClientConnection connection) {
    Deque<ClientConnection> connections =
        idle.computeIfAbsent(connection.address(), _ -> new ArrayDeque<>());
    if (connections.size() >= maxIdlePerAddress) {
      if (connections.isEmpty()) {
        idle.remove(connection.address());
      }
      return false;
    }
    connections.push(connection);
    pooled.incrementAndGet();
    return true;
  }

  /// Forgets a connection that was closed while unused.
  void forget(ClientConnection connection) {
    Deque<ClientConnection> connections = idle.get(connection.address());
    if (connections != null && connections.remove(connection)) {
      pooled.decrementAndGet();
      if (connections.isEmpty()) {
        idle.remove(connection.address());
      }
    }
  }

  /// Where a connection leads, before its name is resolved.
  record Address(String host, int port, boolean tls) {
    @Override
    public String toString() {
      String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
      // Some servers do not know themselves by a name with the usual port.
      return tls && port == 443 ? name : name + ":" + port;
    }
  }
}
