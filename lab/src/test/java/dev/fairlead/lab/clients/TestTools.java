package dev.fairlead.lab.clients;

import dev.fairlead.artifacts.process.Programs;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/// Programs of the system that suites need. What is missing fails the suite in CI and skips it
/// elsewhere, in one line that says what to install.
public final class TestTools {
  private static final Programs PROGRAMS = new Programs(System.getenv());

  private TestTools() {}

  /// The first of these programs that is there; `debianPackage` brings it.
  public static Path require(String debianPackage, String... names) {
    Optional<Path> found =
        Stream.of(names).flatMap(name -> PROGRAMS.find(name).stream()).findFirst();
    if (found.isPresent()) {
      return found.get();
    }
    String message =
        "%s is missing: `make test-tools` installs %s".formatted(names[0], debianPackage);
    if (Boolean.parseBoolean(System.getenv("CI"))) {
      return Assertions.fail(message);
    }
    return Assumptions.abort(message);
  }
}
