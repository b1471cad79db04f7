package dev.fairlead.app.local;

import dev.fairlead.core.route.RouteSource;
import dev.fairlead.core.route.RouteTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Hands the control loop's route table to the gateway of the same process. Any thread may
/// subscribe; tables come from the loop's thread.
final class LocalRoutes implements RouteSource {
  private final List<Consumer<RouteTable>> listeners = new ArrayList<>();
  private RouteTable table = RouteTable.empty();

  @Override
  public synchronized void subscribe(Consumer<RouteTable> listener) {
    listeners.add(listener);
    listener.accept(table);
  }

  synchronized void publish(RouteTable now) {
    if (!now.equals(table)) {
      table = now;
      listeners.forEach(listener -> listener.accept(now));
    }
  }
}
