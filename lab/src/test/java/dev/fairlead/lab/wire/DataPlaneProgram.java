package dev.fairlead.lab.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fairlead.dataplane.net.ConnectionLimits;
import dev.fairlead.dataplane.net.ServerOptions;
import dev.fairlead.dataplane.net.ServerTimeouts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A gateway and an agent in a process of their own, so that their memory can be measured. Prints
/// its port; answers each line with what it holds after a collection, as {@link Held} reads it;
/// ends with its input.
public final class DataPlaneProgram {
  private static final int MAX_CONNECTIONS = 20_000;

  /// For a measurement on a machine that has other things to do.
  private static final Duration LONG_ENOUGH = Duration.ofMinutes(5);

  private DataPlaneProgram() {}

  /// Serves until its input ends.
  ///
  /// @param arguments the engine's port and its slots
  public static void main(String[] arguments) throws IOException {
    var backend =
        new Fleet.Backend(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]), () -> {});
    ServerTimeouts usual = ServerTimeouts.defaults();
    ServerOptions door =
        ServerOptions.of("127.0.0.1", 0)
            .withConnections(new ConnectionLimits(MAX_CONNECTIONS, MAX_CONNECTIONS))
            .withTimeouts(
                new ServerTimeouts(usual.header(), usual.body(), LONG_ENOUGH, LONG_ENOUGH));
    try (var fleet = new Fleet(Fleet.Patience.usual(), door, List.of(backend), false).ready();
        var in = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      System.out.println(fleet.port());
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        fleet.settled.clear();
        System.gc();
        System.out.printf(
            "%d %d %d %d%n",
            heap(), resident(), fleet.openConnections(), fleet.demand().inFlight());
      }
    }
  }

  private static long heap() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static long resident() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
            .sum()
        << 10;
  }
}
