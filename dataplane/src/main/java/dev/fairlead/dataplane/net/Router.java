package dev.fairlead.dataplane.net;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Finds the handler of a request by method and path: exact paths first, then the longest prefix. A
/// path that nobody serves is 404; one that is served with other methods is 405 with `Allow`. A
/// route for GET answers HEAD as well. Immutable once built; safe for every thread.
public final class Router implements Handler {
  private final Map<String, Map<String, Handler>> exact;
  private final List<Prefix> prefixes;

  private Router(Builder builder) {
    exact = new HashMap<>();
    builder.exact.forEach((path, methods) -> exact.put(path, Map.copyOf(methods)));
    prefixes =
        builder.prefixes.entrySet().stream()
            .map(entry -> new Prefix(entry.getKey(), Map.copyOf(entry.getValue())))
            .sorted((a, b) -> Integer.compare(b.path().length(), a.path().length()))
            .toList();
  }

  /// Begins an empty table.
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public BodyReceiver accept(ServerExchange exchange) {
    var allowed = new TreeSet<String>();
    for (Map<String, Handler> methods : matches(exchange.path())) {
      Handler handler = methods.get(exchange.method());
      if (handler == null && exchange.method().equals("HEAD")) {
        handler = methods.get("GET");
      }
      if (handler != null) {
        return handler.accept(exchange);
      }
      allowed.addAll(methods.keySet());
    }
    refuse(exchange, allowed);
    return BodyReceiver.ignore();
  }

  private List<Map<String, Handler>> matches(String path) {
    var found = new ArrayList<Map<String, Handler>>(2);
    Map<String, Handler> methods = exact.get(path);
    if (methods != null) {
      found.add(methods);
    }
    for (Prefix prefix : prefixes) {
      if (path.startsWith(prefix.path())) {
        found.add(prefix.methods());
      }
    }
    return found;
  }

  private static void refuse(ServerExchange exchange, Set<String> allowed) {
    if (allowed.isEmpty()) {
      exchange.refuse(
          new Refusal(404, "not_found", "Nothing is served at " + exchange.path() + "."));
      return;
    }
    if (allowed.contains("GET")) {
      allowed.add("HEAD");
    }
    String allow = String.join(", ", allowed);
    exchange.refuse(
        new Refusal(
            405,
            "method_not_allowed",
            "%s does not take %s, only %s.".formatted(exchange.path(), exchange.method(), allow)),
        List.of(new ServerExchange.Header("allow", allow)));
  }

  private record Prefix(String path, Map<String, Handler> methods) {}

  /// Collects routes. Confined to one thread.
  public static final class Builder {
    private final Map<String, Map<String, Handler>> exact = new HashMap<>();
    private final Map<String, Map<String, Handler>> prefixes = new HashMap<>();

    private Builder() {}

    /// Serves one path with one method.
    public Builder route(String method, String path, Handler handler) {
      add(exact, method, path, handler);
      return this;
    }

    /// Serves every path that begins with `prefix`.
    public Builder prefix(String method, String prefix, Handler handler) {
      add(prefixes, method, prefix, handler);
      return this;
    }

    /// The table.
    public Router build() {
      return new Router(this);
    }

    private static void add(
        Map<String, Map<String, Handler>> table, String method, String path, Handler handler) {
      if (!path.startsWith("/")) {
        throw new IllegalArgumentException("path does not start with /: " + path);
      }
      Handler other = table.computeIfAbsent(path, _ -> new HashMap<>()).put(method, handler);
      if (other != null) {
        throw new IllegalArgumentException("two routes for " + method + " " + path);
      }
    }
  }
}
