package dev.fairlead.engines.host;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Reads the limits of the control groups that this process is in: its own and those above it,
/// since the tightest one counts. See the kernel's `cgroup-v2.rst` and `cgroup-v1/memory.rst`.
record ControlGroups(SystemFiles files) {
  private static final String MOUNT = "sys/fs/cgroup";

  /// One group's limits; no limit is infinity and the largest long.
  record Limit(double cores, long memory, long memoryUsed) {}

  List<Limit> limits() {
    var limits = new ArrayList<Limit>();
    if (files.exists(MOUNT + "/cgroup.controllers")) {
      withAncestors(pathOf("")).forEach(path -> limits.add(unified(MOUNT + path)));
    } else {
      withAncestors(pathOf("cpu")).forEach(path -> limits.add(cpu(MOUNT + "/cpu" + path)));
      withAncestors(pathOf("memory")).forEach(path -> limits.add(memory(MOUNT + "/memory" + path)));
    }
    return limits;
  }

  /// The path of this process in one hierarchy (`7:cpu,cpuacct:/a/b`; `0::/a/b` in version 2),
  /// empty at its top.
  private String pathOf(String controller) {
    return files.lines("proc/self/cgroup").stream()
        .map(line -> line.split(":", 3))
        .filter(parts -> parts.length == 3)
        .filter(parts -> List.of(parts[1].split(",", -1)).contains(controller))
        .map(parts -> parts[2].equals("/") ? "" : parts[2])
        .findFirst()
        .orElse("");
  }

  private static Set<String> withAncestors(String path) {
    var paths = new LinkedHashSet<String>();
    for (var rest = path; !rest.isEmpty(); rest = rest.substring(0, rest.lastIndexOf('/'))) {
      paths.add(rest);
    }
    paths.add("");
    return paths;
  }

  private Limit unified(String group) {
    var words = files.words(group + "/cpu.max");
    double cores =
        words.size() == 2 ? cores(words.getFirst(), words.getLast()) : Double.POSITIVE_INFINITY;
    return new Limit(
        cores,
        files.number(group + "/memory.max").orElse(Long.MAX_VALUE),
        used(group + "/memory.current", group + "/memory.stat", "inactive_file"));
  }

  private Limit cpu(String group) {
    var quota = files.words(group + "/cpu.cfs_quota_us");
    var period = files.words(group + "/cpu.cfs_period_us");
    double cores =
        quota.isEmpty() || period.isEmpty()
            ? Double.POSITIVE_INFINITY
            : cores(quota.getFirst(), period.getFirst());
    return new Limit(cores, Long.MAX_VALUE, 0);
  }

  private Limit memory(String group) {
    return new Limit(
        Double.POSITIVE_INFINITY,
        files.number(group + "/memory.limit_in_bytes").orElse(Long.MAX_VALUE),
        used(group + "/memory.usage_in_bytes", group + "/memory.stat", "total_inactive_file"));
  }

  private static double cores(String quota, String period) {
    long time = SystemFiles.parse(quota).orElse(-1);
    long length = SystemFiles.parse(period).orElse(-1);
    return time > 0 && length > 0 ? (double) time / length : Double.POSITIVE_INFINITY;
  }

  /// Without the page cache that the kernel gives back first: a model file that was read once would
  /// count as used memory for ever.
  private long used(String usage, String statistics, String reclaimable) {
    long bytes = files.number(usage).orElse(0);
    return Math.max(0, bytes - files.table(statistics).getOrDefault(reclaimable, 0L));
  }
}
