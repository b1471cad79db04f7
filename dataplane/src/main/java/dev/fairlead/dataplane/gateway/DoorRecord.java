package dev.fairlead.dataplane.gateway;

import static java.util.Objects.requireNonNull;

import dev.fairlead.dataplane.net.ServerExchange;
import dev.fairlead.dataplane.openai.EndpointKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// A request that was refused before it was one for an answer: without a valid key, malformed, at a
/// path or by a method that is not served. Nothing that its client could write freely is in it: a
/// key lands in a query, or in a path, sooner or later.
///
/// @param arrived when it was refused
/// @param took from its head until then
/// @param status of HTTP
/// @param error the code that the client got, such as `invalid_api_key`
public record DoorRecord(
    String id,
    Instant arrived,
    Duration took,
    Sender sender,
    Asked asked,
    int status,
    String error,
    Optional<TraceParent> trace)
    implements GatewayRecord {
  public DoorRecord {
    requireNonNull(id, "id is null");
    requireNonNull(arrived, "arrived is null");
    requireNonNull(took, "took is null");
    requireNonNull(sender, "sender is null");
    requireNonNull(asked, "asked is null");
    requireNonNull(error, "error is null");
    requireNonNull(trace, "trace is null");
  }

  /// Who sent it.
  ///
  /// @param tenant empty where nobody knows
  /// @param key the name of the key, empty likewise, and where the door asks for none
  /// @param address of the connection's other end, without the port
  public record Sender(String tenant, String key, String address) {}

  /// What it asked for.
  ///
  /// @param method one that HTTP defines, or `other`
  /// @param path one that the gateway serves, or `other`
  public record Asked(String method, String path) {
    private static final String OTHER = "other";
    private static final Set<String> METHODS =
        Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    static Asked of(ServerExchange exchange) {
      return new Asked(
          METHODS.contains(exchange.method()) ? exchange.method() : OTHER, path(exchange.path()));
    }

    private static String path(String sent) {
      if (sent.equals(Gateway.MODELS) || sent.startsWith(Gateway.MODELS + "/")) {
        return Gateway.MODELS;
      }
      return EndpointKind.of(sent).map(EndpointKind::path).orElse(OTHER);
    }
  }

  /// As the metric of requests for answers has it.
  public String outcome() {
    return Outcome.ofStatus(status).label();
  }
}
