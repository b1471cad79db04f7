package dev.fairlead.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// On which ports a process listens, read from Linux' `/proc` (its page is proc_pid_fd(5) and
/// proc_pid_net(5)). Any thread.
public final class ListeningPorts {
  private static final String LISTENING = "0A";

  private ListeningPorts() {}

  /// The TCP ports of that process, in ascending order; empty when it is gone.
  public static List<Integer> of(long pid) {
    Path process = Path.of("/proc", Long.toString(pid));
    Set<String> sockets = sockets(process.resolve("fd"));
    List<Integer> ports = new ArrayList<>();
    for (String table : List.of("tcp", "tcp6")) {
      for (String line : lines(process.resolve("net").resolve(table))) {
        // sl local_address rem_address st … inode: the tenth column.
        String[] columns = line.strip().split("\\s+", -1);
        if (columns.length > 9 && columns[3].equals(LISTENING) && sockets.contains(columns[9])) {
          ports.add(Integer.parseInt(columns[1].substring(columns[1].lastIndexOf(':') + 1), 16));
        }
      }
    }
    return ports.stream().distinct().sorted().toList();
  }

  private static Set<String> sockets(Path descriptors) {
    Set<String> inodes = new HashSet<>();
    try (Stream<Path> files = Files.list(descriptors)) {
      for (Path file : files.toList()) {
        String target = target(file);
        if (target.startsWith("socket:[")) {
          inodes.add(target.substring("socket:[".length(), target.length() - 1));
        }
      }
    } catch (IOException e) {
      return Set.of();
    }
    return inodes;
  }

  /// A descriptor may be closed while one looks.
  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "";
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of();
    }
  }
}
