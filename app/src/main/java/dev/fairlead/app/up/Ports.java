package dev.fairlead.app.up;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Optional;

/// Looks whether ports are free, before anything is fetched for them.
final class Ports {
  private Ports() {}

  private static final int HIGHEST = 65_535;

  /// @throws StartException when nobody could listen there
  static void check(String host, int port) {
    if (port < 1 || port > HIGHEST) {
      throw new StartException(
          2, "--port %d is not a port: choose one from 1 to %d".formatted(port, HIGHEST));
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getByName(host), port));
    } catch (IOException e) {
      boolean foreign = String.valueOf(e.getMessage()).contains("assign");
      throw new StartException(
          1,
          foreign
              ? "%s is not an address of this machine: correct --listen".formatted(host)
              : "port %d of %s cannot be used (%s): choose another one with --port"
                  .formatted(port, host, e.getMessage()));
    }
  }

  /// `wanted` of loopback if it is free, else any port that is: nobody types the control port, it
  /// is found through the state folder.
  static int free(int wanted) {
    return tried(wanted)
        .or(() -> tried(0))
        .orElseThrow(() -> new StartException(1, "no port of 127.0.0.1 is free"));
  }

  private static Optional<Integer> tried(int port) {
    if (port > HIGHEST) {
      return Optional.empty();
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return Optional.of(probe.getLocalPort());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
