package dev.fairlead.engines.host;

import static java.util.Objects.requireNonNull;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/// What this process may use of the machine, for the choice of how many replicas fit.
///
/// @param cores whole cores, at least 1
/// @param memoryTotal bytes
/// @param memoryAvailable bytes that can be had without swapping, now
public record HostResources(int cores, long memoryTotal, long memoryAvailable) {
  public HostResources {
    if (cores <= 0) {
      throw new IllegalArgumentException("cores is not positive: " + cores);
    }
    if (memoryTotal < 0) {
      throw new IllegalArgumentException("memoryTotal is negative: " + memoryTotal);
    }
    if (memoryAvailable < 0) {
      throw new IllegalArgumentException("memoryAvailable is negative: " + memoryAvailable);
    }
  }

  /// This machine, now. Reads some small files: cheap enough for once a second.
  public static HostResources now() {
    return read(Path.of("/"), ofVirtualMachine());
  }

  /// The smallest of what the JVM sees, of `/proc/meminfo` and of the limits of the control groups
  /// (v1 and v2) that this process is in, read below `root`. A file that is absent limits nothing.
  static HostResources read(Path root, HostResources virtualMachine) {
    requireNonNull(virtualMachine, "virtualMachine is null");
    var files = new SystemFiles(root);
    long total = virtualMachine.memoryTotal();
    long available = virtualMachine.memoryAvailable();
    var meminfo = files.table("proc/meminfo");
    if (meminfo.containsKey("MemAvailable:")) {
      total = Math.multiplyExact(meminfo.getOrDefault("MemTotal:", total / 1024), 1024L);
      available = Math.multiplyExact(meminfo.get("MemAvailable:"), 1024L);
    }
    double cores = virtualMachine.cores();
    for (var limit : new ControlGroups(files).limits()) {
      cores = Math.min(cores, limit.cores());
      total = Math.min(total, limit.memory());
      available = Math.min(available, Math.max(0, limit.memory() - limit.memoryUsed()));
    }
    return new HostResources(Math.max(1, (int) cores), total, Math.min(available, total));
  }

  private static HostResources ofVirtualMachine() {
    int cores = Runtime.getRuntime().availableProcessors();
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? new HostResources(cores, system.getTotalMemorySize(), system.getFreeMemorySize())
        : new HostResources(cores, Runtime.getRuntime().maxMemory(), 0);
  }
}
