package dev.fairlead.dataplane.net;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;

/// Counts the connections of each address, as long as there are some. Safe for every thread.
final class AddressCounts {
  private final ConcurrentHashMap<InetAddress, Integer> counts = new ConcurrentHashMap<>();

  /// Counts one more, and returns how many there are with it.
  int enter(InetAddress address) {
    return counts.merge(address, 1, Integer::sum);
  }

  /// Counts one less.
  void leave(InetAddress address) {
    counts.computeIfPresent(address, (_, count) -> count > 1 ? count - 1 : null);
  }

  /// How many addresses have connections.
  int addresses() {
    return counts.size();
  }
}
