package dev.fairlead.lab.canary;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The ports on which a process listens, from Linux' `/proc`. Stateless.
final class ListeningPorts {
  private static final String LISTEN = "0A";

  private ListeningPorts() {}

  static List<Integer> of(long pid) {
    try {
      Set<String> sockets = sockets(pid);
      List<Integer> ports = new ArrayList<>();
      for (String table : new String[] {"tcp", "tcp6"}) {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "net", table))) {
          // sl local_address rem_address st tx:rx tr:tm retrnsmt uid timeout inode …
          String[] fields = line.strip().split("\\s+", -1);
          if (fields[3].equals(LISTEN) && sockets.contains("socket:[" + fields[9] + "]")) {
            ports.add(Integer.parseInt(fields[1].substring(fields[1].indexOf(':') + 1), 16));
          }
        }
      }
      return ports;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> sockets(long pid) throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return open.map(ListeningPorts::target).collect(Collectors.toSet());
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException _) {
      // It was closed in the meantime.
      return "";
    }
  }
}
