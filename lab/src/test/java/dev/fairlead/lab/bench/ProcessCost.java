package dev.fairlead.lab.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What processes have cost so far, from Linux' `/proc`. Stateless.
final class ProcessCost {
  /// `USER_HZ`, which Linux shows to programs whatever the kernel's own tick is.
  private static final double TICKS_PER_SECOND = 100;

  private static final int USER_TIME = 11;
  private static final int SYSTEM_TIME = 12;

  private ProcessCost() {}

  /// Seconds of processor time in user and system mode together.
  static double cpuSeconds(List<Long> pids) {
    return pids.stream().mapToDouble(ProcessCost::cpuSeconds).sum();
  }

  /// Resident memory in MB.
  static double residentMegabytes(List<Long> pids) {
    return pids.stream().mapToDouble(ProcessCost::residentMegabytes).sum();
  }

  private static double cpuSeconds(long pid) {
    String stat = read(pid, "stat");
    // "pid (name) state …": the name may hold spaces and parentheses.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]))
        / TICKS_PER_SECOND;
  }

  private static double residentMegabytes(long pid) {
    return read(pid, "status")
            .lines()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
            .sum()
        * 1_024
        / 1e6;
  }

  private static String read(long pid, String file) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
