package dev.fairlead.engines.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostResourcesTest {
  private static final long GIB = 1L << 30;
  private static final HostResources MACHINE = new HostResources(8, 64 * GIB, 60 * GIB);

  @TempDir Path root = Path.of("");

  @Test
  void withoutTheKernelsFilesTheVirtualMachineIsBelieved() {
    assertThat(read()).isEqualTo(MACHINE);
  }

  @Test
  void availableMemoryCountsWhatTheKernelWouldGiveBack() throws IOException {
    meminfo();

    assertThat(read()).isEqualTo(new HostResources(8, 32 * GIB, 16 * GIB));
  }

  @Test
  void aContainerOfVersion2IsHeldToItsLimits() throws IOException {
    meminfo();
    file("sys/fs/cgroup/cgroup.controllers", "cpu memory");
    file("proc/self/cgroup", "0::/");
    file("sys/fs/cgroup/cpu.max", "250000 100000");
    file("sys/fs/cgroup/memory.max", Long.toString(4 * GIB));
    file("sys/fs/cgroup/memory.current", Long.toString(3 * GIB));
    file("sys/fs/cgroup/memory.stat", "anon 1\ninactive_file " + GIB);

    assertThat(read()).isEqualTo(new HostResources(2, 4 * GIB, 2 * GIB));
  }

  @Test
  void theLimitOfAGroupFurtherUpCountsToo() throws IOException {
    meminfo();
    file("sys/fs/cgroup/cgroup.controllers", "cpu memory");
    file("proc/self/cgroup", "0::/user.slice/fairlead.scope");
    file("sys/fs/cgroup/user.slice/cpu.max", "400000 100000");
    file("sys/fs/cgroup/user.slice/memory.max", Long.toString(8 * GIB));
    file("sys/fs/cgroup/user.slice/fairlead.scope/cpu.max", "max 100000");
    file("sys/fs/cgroup/user.slice/fairlead.scope/memory.max", "max");

    assertThat(read()).isEqualTo(new HostResources(4, 8 * GIB, 8 * GIB));
  }

  @Test
  void aContainerOfVersion1IsHeldToItsLimits() throws IOException {
    meminfo();
    file("proc/self/cgroup", "7:cpu,cpuacct:/docker/x\n5:memory:/docker/x");
    file("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000");
    file("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000");
    file("sys/fs/cgroup/memory/memory.limit_in_bytes", Long.toString(2 * GIB));
    file("sys/fs/cgroup/memory/memory.usage_in_bytes", Long.toString(GIB));

    assertThat(read()).isEqualTo(new HostResources(1, 2 * GIB, GIB));
  }

  @Test
  void noLimitInVersion1IsNoLimit() throws IOException {
    meminfo();
    file("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1");
    file("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000");
    file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712");

    assertThat(read()).isEqualTo(new HostResources(8, 32 * GIB, 16 * GIB));
  }

  @Test
  void thisMachineHasSomething() {
    var here = HostResources.now();

    assertThat(here.memoryAvailable()).isPositive().isLessThanOrEqualTo(here.memoryTotal());
  }

  @Test
  void aGpuThatIsThereIsSaidWithTheWayToUseIt() throws IOException {
    assertThat(probe("Linux", "amd64").find()).isEmpty();
    assertThat(probe("Mac OS X", "x86_64").find()).isEmpty();
    assertThat(probe("Mac OS X", "aarch64").find()).contains(GpuProbe.Gpu.APPLE);

    file("dev/kfd", "");
    assertThat(probe("Linux", "amd64").find()).contains(GpuProbe.Gpu.AMD);

    file("dev/nvidia0", "");
    assertThat(probe("Linux", "amd64").find().orElseThrow().unused())
        .isEqualTo(
            "An NVIDIA GPU is there but not used: set LLAMA_SERVER to a llama-server that was built"
                + " with CUDA");
  }

  private HostResources read() {
    return HostResources.read(root, MACHINE);
  }

  private GpuProbe probe(String osName, String architecture) {
    return new GpuProbe(root, osName, architecture);
  }

  private void meminfo() throws IOException {
    file(
        "proc/meminfo",
        "MemTotal:       33554432 kB\nMemFree:         1048576 kB\nMemAvailable:   16777216 kB\n");
  }

  private void file(String path, String content) throws IOException {
    var file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content + "\n");
  }
}
