package dev.fairlead.lab.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Where the program of a rival comes from. Immutable.
sealed interface Source permits SystemPackage, Wheel {
  /// Brings it where it is missing, if that is the benchmark's business. What fails is told on
  /// stderr; the program stays missing then.
  void install();

  /// The program.
  Optional<Path> installed();

  /// Its name and version, such as `nginx 1.22.1`; or that it is missing, and how to install it.
  String version() throws IOException;

  /// What stands in the place of a version.
  static String missing(String name, String remedy) {
    return "**%s is missing** (%s)".formatted(name, remedy);
  }
}
