package dev.fairlead.engines.host;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// Notices a GPU that the engine does not use, so that the user hears of it once, with the way to
/// use it. It looks for the drivers' files only and runs nothing.
public final class GpuProbe {

  /// A GPU that is there.
  public enum Gpu {
    NVIDIA("An NVIDIA GPU", "a llama-server that was built with CUDA"),
    AMD("An AMD GPU", "a llama-server that was built with ROCm or Vulkan"),
    APPLE("This Mac's GPU", "a llama-server that was built with Metal, such as Homebrew's");

    private final String subject;
    private final String build;

    Gpu(String subject, String build) {
      this.subject = subject;
      this.build = build;
    }

    /// One line for a user whose engine runs on the CPU.
    public String unused() {
      return subject + " is there but not used: set LLAMA_SERVER to " + build;
    }
  }

  private final SystemFiles files;
  private final String osName;
  private final String architecture;

  /// A probe of this machine.
  public static GpuProbe ofThisMachine() {
    return new GpuProbe(
        Path.of("/"), System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
  }

  /// `osName` and `architecture` as in the system properties `os.name` and `os.arch`.
  GpuProbe(Path root, String osName, String architecture) {
    files = new SystemFiles(requireNonNull(root, "root is null"));
    this.osName = osName.toLowerCase(Locale.ROOT);
    this.architecture = architecture.toLowerCase(Locale.ROOT);
  }

  /// The GPU that an engine could use best.
  public Optional<Gpu> find() {
    if (files.exists("dev/nvidia0") || files.exists("proc/driver/nvidia/gpus")) {
      return Optional.of(Gpu.NVIDIA);
    }
    if (files.exists("dev/kfd")) {
      return Optional.of(Gpu.AMD);
    }
    return osName.startsWith("mac") && architecture.equals("aarch64")
        ? Optional.of(Gpu.APPLE)
        : Optional.empty();
  }
}
