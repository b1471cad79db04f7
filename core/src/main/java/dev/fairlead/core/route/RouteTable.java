package dev.fairlead.core.route;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An immutable snapshot of everything that can be asked for, by served name and alias. The first
/// holder of a name keeps it.
public final class RouteTable {
  private static final RouteTable EMPTY = new RouteTable(List.of());

  private final List<Route> routes;
  private final Map<String, Route> byName;

  public RouteTable(List<Route> routes) {
    this.routes = List.copyOf(routes);
    Map<String, Route> names = new LinkedHashMap<>();
    this.routes.forEach(route -> names.putIfAbsent(route.servedName(), route));
    this.routes.forEach(route -> route.aliases().forEach(alias -> names.putIfAbsent(alias, route)));
    this.byName = Map.copyOf(names);
  }

  public static RouteTable empty() {
    return EMPTY;
  }

  public List<Route> routes() {
    return routes;
  }

  public Optional<Route> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RouteTable table && table.routes.equals(routes);
  }

  @Override
  public int hashCode() {
    return routes.hashCode();
  }

  @Override
  public String toString() {
    return routes.toString();
  }
}
