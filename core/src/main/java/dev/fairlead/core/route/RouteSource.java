package dev.fairlead.core.route;

import java.util.function.Consumer;

/// Where a gateway learns its topology from: files and children locally, informers on Kubernetes. A
/// gateway goes on with the last table when the source falls silent.
public interface RouteSource {
  /// Calls `listener` with the present table and then with each later one, from any thread, one at
  /// a time.
  void subscribe(Consumer<RouteTable> listener);
}
