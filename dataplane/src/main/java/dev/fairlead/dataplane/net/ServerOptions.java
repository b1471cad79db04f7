package dev.fairlead.dataplane.net;

import static java.util.Objects.requireNonNull;

/// Where and how a server listens.
///
/// @param host the address to bind, such as `127.0.0.1` or `0.0.0.0`
/// @param port the port to bind, 0 for any free one
/// @param errors the form of the errors that the server itself answers
/// @param maxConnections how many connections may be open; one more is answered 503 and closed
public record ServerOptions(
    String host,
    int port,
    RequestLimits limits,
    ServerTimeouts timeouts,
    ErrorRenderer errors,
    int maxConnections) {
  public ServerOptions {
    requireNonNull(host, "host is null");
    Checks.port(port, 0, "port");
    requireNonNull(limits, "limits is null");
    requireNonNull(timeouts, "timeouts is null");
    requireNonNull(errors, "errors is null");
    Checks.positive(maxConnections, "maxConnections");
  }

  /// The defaults of every part, OpenAI's errors, 10,000 connections.
  public static ServerOptions of(String host, int port) {
    return new ServerOptions(
        host,
        port,
        RequestLimits.defaults(),
        ServerTimeouts.defaults(),
        ErrorRenderer.openAi(),
        10_000);
  }

  /// The same with other limits.
  public ServerOptions withLimits(RequestLimits other) {
    return new ServerOptions(host, port, other, timeouts, errors, maxConnections);
  }

  /// The same with other time-outs.
  public ServerOptions withTimeouts(ServerTimeouts other) {
    return new ServerOptions(host, port, limits, other, errors, maxConnections);
  }

  /// The same with another form of errors.
  public ServerOptions withErrors(ErrorRenderer other) {
    return new ServerOptions(host, port, limits, timeouts, other, maxConnections);
  }

  /// The same with another bound of the connections.
  public ServerOptions withMaxConnections(int other) {
    return new ServerOptions(host, port, limits, timeouts, errors, other);
  }
}
