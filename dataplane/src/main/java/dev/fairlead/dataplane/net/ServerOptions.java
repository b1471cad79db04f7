package dev.fairlead.dataplane.net;

import static java.util.Objects.requireNonNull;

import dev.fairlead.dataplane.tls.ServerTls;
import java.util.Optional;

/// Where and how a server listens.
///
/// @param host the address to bind, such as `127.0.0.1` or `0.0.0.0`
/// @param port the port to bind, 0 for any free one
/// @param errors the form of the errors that the server itself answers
/// @param connections how many there may be
/// @param tls absent for plain HTTP
/// @param crossOrigin which web pages may use it
/// @param refusals learns of requests that are refused
public record ServerOptions(
    String host,
    int port,
    RequestLimits limits,
    ServerTimeouts timeouts,
    ErrorRenderer errors,
    ConnectionLimits connections,
    Optional<ServerTls> tls,
    CrossOriginRule crossOrigin,
    RefusalListener refusals) {
  public ServerOptions {
    requireNonNull(host, "host is null");
    Checks.port(port, 0, "port");
    requireNonNull(limits, "limits is null");
    requireNonNull(timeouts, "timeouts is null");
    requireNonNull(errors, "errors is null");
    requireNonNull(connections, "connections is null");
    requireNonNull(tls, "tls is null");
    requireNonNull(crossOrigin, "crossOrigin is null");
    requireNonNull(refusals, "refusals is null");
  }

  /// The defaults of every part, OpenAI's errors.
  public static ServerOptions of(String host, int port) {
    return new ServerOptions(
        host,
        port,
        RequestLimits.defaults(),
        ServerTimeouts.defaults(),
        ErrorRenderer.openAi(),
        ConnectionLimits.defaults(),
        Optional.empty(),
        CrossOriginRule.NONE,
        RefusalListener.NONE);
  }

  /// The same with other limits.
  public ServerOptions withLimits(RequestLimits other) {
    return new ServerOptions(
        host, port, other, timeouts, errors, connections, tls, crossOrigin, refusals);
  }

  /// The same with other time-outs.
  public ServerOptions withTimeouts(ServerTimeouts other) {
    return new ServerOptions(
        host, port, limits, other, errors, connections, tls, crossOrigin, refusals);
  }

  /// The same with another form of errors.
  public ServerOptions withErrors(ErrorRenderer other) {
    return new ServerOptions(
        host, port, limits, timeouts, other, connections, tls, crossOrigin, refusals);
  }

  /// The same with another bound of the connections.
  public ServerOptions withConnections(ConnectionLimits other) {
    return new ServerOptions(
        host, port, limits, timeouts, errors, other, tls, crossOrigin, refusals);
  }

  /// The same, but over TLS.
  public ServerOptions withTls(ServerTls other) {
    return new ServerOptions(
        host,
        port,
        limits,
        timeouts,
        errors,
        connections,
        Optional.of(other),
        crossOrigin,
        refusals);
  }

  /// The same with another rule for web pages.
  public ServerOptions withCrossOrigin(CrossOriginRule other) {
    return new ServerOptions(
        host, port, limits, timeouts, errors, connections, tls, other, refusals);
  }

  /// The same with somebody else who learns of refusals.
  public ServerOptions withRefusals(RefusalListener other) {
    return new ServerOptions(
        host, port, limits, timeouts, errors, connections, tls, crossOrigin, other);
  }
}
